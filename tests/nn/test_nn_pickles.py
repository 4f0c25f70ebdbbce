"""Pickles of version 0.1 load: models, optimizers, histories and callbacks."""

import operator
import pickle
import zlib
from base64 import b85decode

import pytest

import nn

# A 2-2-1 network with dropout after three epochs on XOR, with Adam, early stopping and a recording; and a perceptron.
WRITTEN_BY_0_1 = (
    "c-n<lZ)_A*5bs^@Zz-ifY%GFSh*$y~^co`)?6%f+!GohI#z10o?A^WgZQR>i_x4&2`BMc-8y=wc^@D#%5C{Taq=9HigIBdCCW>%~"
    "F?=!F5)5sjScv)!=k4w7^~x#x;qJ}Mdo#b8H#2WKZG9_d6zJbhT1o7YXc$S9IAqxqkrYY_H>_`>y>!Xjl!+apti-h#^;wBS5)w#_"
    "(H3C4V7E?EVqdTSXHH-zY;{KCTISd+A*6}zf+j}gfGk81B{ofvF(pnJ#nq^sR_F$WX&RvT(~GGpaVefnin6LGnIputXqzg8J*{y$"
    "#CS1^XZKQK>CiQnn(|OoNr-YACB-U=X;BpgBqX$g`bs`|Wp3j+m(=Jd){ZJlN_3y93?#sCD}oA`HE>X)%@kKu^4zFKtQElv?1-1*"
    "g?JH@AYuvX;$*6CsNXtt+>e)JWW;Vb?lkq<1B#$wI89udDu^<J*G-&(kRVAYOuOSjT$bxRF2_&c`QVstWU@N2FS)BWFKhs{C<}Je"
    "F|lD)rvdgk11w<Ep`IoiZ*3oBPz?!QmH`R7J-}VjjaLF11cLPaS22D~hL4M<pq%Bi;8NHo%1BTtp3_37IZ=npNeNtZ_8Q^J>UwF`"
    "uT;r_dxHz49KXEgb!7cY_Ksa18L;j#{92de7k3p6?|4wRnfbMDx?ei}bs7AE>6h+rv*|B!h1IAMWjWkJNfCfHXt>3fjg?s>7KQTM"
    "m2^!JTMWSs`YgnblxPT3UjcE%goq*`wzP#+p@aItY{q~ND3AqYEQmX*XktX%&T4EX*f+@-R8U=5h-B^CgGdu%fMNUx_Fdw+iNAlm"
    "UbcT}7nCznKvL6?I5fPHtR}@BNNmGeAdEsng7O8%M~ciu*Xt2KgDde;{5)Qb*I*y^<0eF`k_sj+e89dB!6!}7kiMDc`cG?n9~%nu"
    "TvfHJ`sekjF4%bT;%o1Z{x!~XPoI7K?pM|p#{1&v(NoJ$p5eKdxZV4G7oTFhu8Drfs{@Fy8Tqa8#V;KP7>}HI;iqeVT;prTH*8xx"
    "^7(ScI~XgwKUT4muetM9yNmm^A9%@czWZ$W$@8~)ZtL!66ZiyTJnfx@N58H4hv$}_srcp8C-WHZYU|d;Rm~GT_oj7u^QE5ZE=ZNv"
    "p*PuM8VirF5aR8`B5Mu_N@hT`&8j5MwFX}gx1Yt^CPib0=M(<P`D-V4^4yJ7;a25*56`8BqGxY+jw3RwU690Zy73tYh!a#P3gicI"
    "wSxW_W=pq<LQyrGZc$)+3h8b(*Jd}gU_0p1GYV3nOpZsCgeL&okS7wCG*M7hxLQ&iV0z@3rp7}oSBYKU$+}QDy`>itav!aS#<d?x"
    "q|#^c*?iV6iVqWeSW75~9kRBrqCMSdc_Fc^p?<&rl?U+YKfVHu27Bsj3;y@J%jNz*%!lR*7oZ7h8-jwvhwyt08SXW40r62!eZ`~n"
    "GCg>={+O_cv-r3oF_aF!9s<bm^n)`yx7B-Czj=t~rKEHkFF1XhH_uUTo}=FEQEwir-aJ;lQ>-H5(EEvw-dEr&M8p;d#}Pf8Cf_A9"
    "0*|g?dq9nLq@@o9*_{sZ+S<L1qa!Dea81`E^#?!w(+uvNBLn4u8)M0BHCynOzAS%Z`;yRo=kLk0jUSiSe*Jwi=Q94&N~7dD*Esh|"
    "@<On}O0-e#_>i@Ks4tbQ-Id%IsGdxAu4)jEZ5rhUx8K@GPN$O6g28(SN>a%^)`5}BW4+1Ebq{t7qpN!Apm;Fe1sUYhtIMn-_Lv5R"
    "&>N5iGaCd|N^HuA&Ccn9XIMmX2(d}U9T8<{jFKiyX^iH~5QKktqiy=XS>~jO(E+2?Tj3IPT5pcJg*<s?P96CY&YUmuWS%)(<V!(w"
    "D9D$K<{*$KDa|<`Uv`>La=tV*pW!_DYQDm8=&eNxQbS15^zn{8W>e{+rYw;&MLLXuFn5Z82Ns$(g?VTmabqO3i!m|GdX+gvWbQ6K"
    "Mc|v+v0<vjYf6l<!4v|SIkOB_9()t>D;W3u3%uM{D*"
)


def test_a_pickle_of_0_1_holds_what_was_pickled():
    loaded = pickle.loads(zlib.decompress(b85decode(WRITTEN_BY_0_1)))
    X, y = nn.datasets.xor()
    outputs = [0.36414500413418327, 0.14399263338778606, 0.4332806500407298, 0.2199587521860079]
    assert loaded["model"].predict(X).tolist() == pytest.approx(outputs, rel=1e-14)
    assert len(loaded["history"].loss) == 3
    assert loaded["history"].recording.epochs == [0, 3]
    assert loaded["stopping"].patience == 2
    assert all(map(operator.is_, loaded["optimizer"].parameters, loaded["model"].parameters()))
    assert loaded["optimizer"].steps == 3
    assert loaded["perceptron"].fit(*nn.datasets.gate("and"))
    loaded["model"].fit(X, y, optimizer=loaded["optimizer"], epochs=2, progress=False)


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_a_model_is_pickled_with_any_activation(activation):
    model = nn.MLP(2, [2, 1], activation=activation, seed=1)
    assert pickle.loads(pickle.dumps(model)).predict([[0.5, -1.0]]).tolist() == model.predict([[0.5, -1.0]]).tolist()
