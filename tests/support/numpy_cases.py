"""Calls of NumPy's functions, one for each form of arguments that users write, on floats or on arrays of Values.

Each case is a name and a function of some of the arrays in `POINTS`, chosen by the names of its parameters. It must
work on arrays of floats, where NumPy itself computes it, and on arrays of Values.
"""

from io import StringIO

import numpy as np

__all__ = ["CASES", "DISCRETE", "POINTS", "REFUSED"]

_generator = np.random.default_rng(0)

POINTS = {
    "A": _generator.normal(size=(2, 3)),
    "B": _generator.normal(size=(2, 3)),
    "S": _generator.normal(size=(3, 3)),
    "R": _generator.normal(size=(3, 3)),
    "T": _generator.normal(size=(2, 3, 4)),
    "v": _generator.normal(size=3),
    "w": _generator.normal(size=3),
    "u": _generator.normal(size=2),
    "x": np.array([0.3, 0.7, 0.45, 0.9, 0.1]),
    "p": _generator.uniform(0.5, 2.0, size=(2, 3)),
    "q": _generator.uniform(0.5, 2.0, size=(2, 3)),
    "c": 0.7,  # a single number
    "d": 1.9,
    "N": np.array(
        [[1.5, np.nan, -0.5], [2.0, 0.25, np.nan], [0.75, -1.0, 0.125]]
    ),  # only the numbers among them are varied
    "M": _generator.normal(size=(5, 5)),
    "K": _generator.normal(size=(2, 3, 3)),
}
_AXES = (None, 0, 1, -1, (0, 1), (1, 0), (-1,), ())
_ONE_AXIS = (None, 0, 1, -1)


def _forms():
    """Yields a name and a function for each form."""
    yield from _elementwise()
    yield from _reductions()
    yield from _linear_algebra()
    yield from _shapes()
    yield from _indexing()
    yield from _others()
    yield from _with_nan()


def _elementwise():
    unary = (
        "negative positive absolute abs fabs sign exp exp2 expm1 sin cos tan arcsin arccos arctan sinh cosh tanh "
        "arcsinh arctanh cbrt square reciprocal degrees radians deg2rad rad2deg floor ceil trunc rint conjugate conj "
        "real sinc nan_to_num real_if_close fix round around"
    ).split()
    for name in unary:
        if not hasattr(np, name):
            continue
        f = getattr(np, name)
        yield name, lambda x, f=f: f(x)
        yield f"{name} of a matrix", lambda A, f=f: f(np.tanh(A))
        yield f"{name} of a number", lambda c, f=f: f(c)
    for name in "log log2 log10 log1p sqrt".split():
        f = getattr(np, name)
        yield name, lambda p, f=f: f(p)
        yield f"{name} of a number", lambda c, f=f: f(c)
    yield "arccosh", lambda p: np.arccosh(p + 1.0)
    yield "imag", lambda A: np.imag(A)
    yield "round to digits", lambda A: np.round(A, 1)
    yield "around to digits", lambda A: np.around(A, decimals=1)
    binary = (
        "add subtract multiply divide true_divide power float_power maximum minimum fmax fmin remainder mod fmod "
        "floor_divide arctan2 hypot logaddexp logaddexp2 copysign"
    ).split()
    for name in binary:
        f = getattr(np, name)
        yield f"{name} of two matrices", lambda p, q, f=f: f(p, q)
        yield f"{name} of a matrix and a row", lambda p, x, f=f: f(p, x[:3])
        yield f"{name} of a row and a matrix", lambda p, x, f=f: f(x[:3], p)
        yield f"{name} of a matrix and a column", lambda p, x, f=f: f(p, x[:2, None])
        yield f"{name} of a matrix and a float", lambda p, f=f: f(p, 1.25)
        yield f"{name} of a float and a matrix", lambda p, f=f: f(1.25, p)
        yield f"{name} of Values and floats", lambda p, f=f: f(p, np.array([0.25, 1.5, 0.75]))
        yield f"{name} of floats and Values", lambda p, f=f: f(np.array([0.25, 1.5, 0.75]), p)
        yield f"{name} of two numbers", lambda c, d, f=f: f(c, d)
        yield f"{name} of a number and a matrix", lambda c, p, f=f: f(c, p)
    for name in ("add", "multiply", "maximum", "minimum", "logaddexp", "subtract"):
        f = getattr(np, name)
        yield f"{name}.outer", lambda v, w, f=f: f.outer(v, w)
        yield f"{name}.accumulate", lambda A, f=f: f.accumulate(A, axis=1)
        yield f"{name}.reduce", lambda A, f=f: f.reduce(A, axis=1)
    yield "add.reduceat", lambda x: np.add.reduceat(x, [0, 2, 3])
    yield "divmod", lambda p, q: np.divmod(p, q)
    yield "modf", lambda A: np.modf(A)
    yield "heaviside", lambda A: np.heaviside(A, 0.5)
    yield "heaviside of integers", lambda A: np.heaviside(np.round(A), 0.5)
    yield "clip to numbers", lambda A: np.clip(A, -0.5, 0.5)
    yield "clip to arrays", lambda A, p: np.clip(A, -p, p)
    yield "clip from below", lambda A: np.clip(A, -0.5, None)
    yield "clip from above", lambda A: np.clip(A, None, 0.5)
    yield "clip by keywords", lambda A: np.clip(A, a_min=-0.5, a_max=0.5)
    yield "clip method", lambda A: A.clip(-0.5, 0.5)
    yield "clip of a number", lambda c: np.clip(c, 0.0, 0.5)
    yield "operators", lambda A, B, p: (A + B) * A / p - B**2 + p**B - A % p + abs(A) - (-A) + (+B) + A // p
    yield "operators with floats", lambda A, p: 2.0 * A + A * 3.0 - 1.0 / A + A / 2.0 + 2.0**A + p**1.5 + (1.0 - A)
    yield "in place operators", lambda A, B: _in_place(A, B)
    yield "divmod of Python", lambda p, q: divmod(p, q)
    yield "spacing of the exponent", lambda A: np.ldexp(A, 3)
    yield "where argument", lambda p: np.add(p, 1.0, out=p * 0.0, where=np.array([True, False, True]))


def _in_place(A, B):
    total = A * 1.0
    total += B
    total *= 2.0
    total -= A
    total /= 3.0
    return total


def _reductions():
    for name in "sum mean prod max min amax amin var std ptp".split():
        f = getattr(np, name)
        axes = _AXES if name != "ptp" else _ONE_AXIS
        for axis in axes:
            yield f"{name} over {axis}", lambda A, f=f, axis=axis: f(A, axis=axis)
            yield f"{name} over {axis}, keepdims", lambda A, f=f, axis=axis: f(A, axis=axis, keepdims=True)
        yield f"{name} of three axes", lambda T, f=f: f(T, axis=1)
        if name != "ptp":
            yield f"{name} over two of three axes", lambda T, f=f: f(T, axis=(0, -1))
            yield f"{name} method", lambda A, name=name: getattr(A, name.removeprefix("a"))(axis=0)
        yield f"{name} of a number", lambda c, f=f: f(c)
        yield f"{name} of a list", lambda A, f=f: f([A[0], A[1]], axis=0)
    for name in "sum mean prod max min".split():
        f = getattr(np, name)
        chosen = np.array([[True, False, True], [True, True, False]])
        options = {"initial": -9.0} if name == "max" else {"initial": 9.0} if name == "min" else {}
        yield f"{name} where", lambda A, f=f, c=chosen, o=options: f(A, axis=1, where=c, **o)
    for name in "sum mean prod max min std var cumsum cumprod ravel squeeze transpose round conj copy".split():
        yield f"method {name}", lambda A, name=name: getattr(A, name)()
    for name in "sum mean prod max min std var cumsum cumprod".split():
        yield f"method {name} over 1", lambda A, name=name: getattr(A, name)(axis=1)
    yield "method dot", lambda A, v: A.dot(v)
    yield "method compress", lambda A: A.compress([True, False, True], axis=1)
    yield "method sum of all, keepdims", lambda A: A.sum(keepdims=True)
    yield "sum from a start", lambda A: np.sum(A, axis=0, initial=2.0)
    yield "sum of Python", lambda v: sum(v)
    yield "max of Python", lambda v: max(v)
    yield "var with ddof", lambda A: np.var(A, axis=1, ddof=1)
    yield "std with ddof", lambda A: np.std(A, axis=1, ddof=1)
    yield "std with correction", lambda A: np.std(A, axis=1, correction=1)
    yield "var with a mean", lambda A: np.var(A, axis=1, mean=np.mean(A, axis=1, keepdims=True))
    for name in ("cumsum", "cumprod", "cumulative_sum", "cumulative_prod"):
        if not hasattr(np, name):
            continue
        f = getattr(np, name)
        yield f"{name} of a vector", lambda v, f=f: f(v)
        yield f"{name} over 1", lambda A, f=f: f(A, axis=1)
        yield f"{name} over -2", lambda A, f=f: f(A, axis=-2)
    for axis in _ONE_AXIS:
        yield f"median over {axis}", lambda A, axis=axis: np.median(A, axis=axis)
        yield f"percentile over {axis}", lambda A, axis=axis: np.percentile(A, 30, axis=axis)
        yield f"quantile over {axis}", lambda A, axis=axis: np.quantile(A, [0.25, 0.5, 0.9], axis=axis)
        yield f"average over {axis}", lambda A, axis=axis: np.average(A, axis=axis)
        yield f"average over {axis}, keepdims", lambda A, axis=axis: np.average(A, axis=axis, keepdims=True)
    yield "median over both axes", lambda A: np.median(A, axis=(0, 1))
    yield "median, keepdims", lambda T: np.median(T, axis=(0, 2), keepdims=True)
    yield "median of an even count", lambda u, v: np.median(np.concatenate([u, v, v[:1] + 1.0]))
    yield "percentile, keepdims", lambda T: np.percentile(T, [10, 80], axis=1, keepdims=True)
    for method in ("lower", "higher", "nearest", "midpoint", "hazen", "weibull", "median_unbiased", "linear"):
        yield f"quantile, {method}", lambda x, m=method: np.quantile(x, [0.0, 0.35, 0.5, 1.0], method=m)
    yield "average with float weights", lambda A: np.average(A, axis=1, weights=[1.0, 2.0, 3.0])
    yield "average with weights", lambda A, p: np.average(A, weights=p)
    yield "average of floats with weights", lambda p: np.average(np.arange(6.0).reshape(2, 3), axis=0, weights=p)
    yield "average and weights", lambda A, p: np.average(A, axis=0, weights=p, returned=True)
    yield "cov", lambda A: np.cov(A)
    yield "cov of columns", lambda A: np.cov(A, rowvar=False)
    yield "cov of a vector", lambda v: np.cov(v)
    yield "cov of two numbers", lambda c, d: np.cov(c, d, ddof=0)
    yield "cov of two", lambda v, w: np.cov(v, w)
    yield "cov, biased", lambda A: np.cov(A, bias=True)
    yield "cov with ddof", lambda A: np.cov(A, ddof=0)
    yield "cov with weights", lambda A: np.cov(A, aweights=[1.0, 2.0, 0.5], fweights=[1, 3, 2])
    yield "corrcoef", lambda A: np.corrcoef(A)
    yield "corrcoef of two", lambda v, w: np.corrcoef(v, w)
    yield "correlate", lambda x, v: np.correlate(x, v)
    yield "correlate, full", lambda x, v: np.correlate(x, v, "full")


def _linear_algebra():
    yield "dot of vectors", lambda v, w: np.dot(v, w)
    yield "dot of a matrix and a vector", lambda A, v: np.dot(A, v)
    yield "dot of a vector and a matrix", lambda u, A: np.dot(u, A)
    yield "dot of matrices", lambda A, S: np.dot(A, S)
    yield "dot of three axes", lambda S, T: np.dot(S, T)
    yield "dot with floats", lambda A: np.dot(A, np.arange(6.0).reshape(3, 2))
    yield "dot of floats", lambda A: np.dot(np.arange(6.0).reshape(3, 2), A)
    yield "dot of a number", lambda c, A: np.dot(c, A)
    yield "dot by a float", lambda A: np.dot(A, 2.0)
    yield "matmul of matrices", lambda A, S: A @ S
    yield "matmul of stacks", lambda K, T: np.matmul(K, T)
    yield "matmul, broadcast", lambda S, T: S @ T
    yield "matmul of a stack and a vector", lambda K, v: K @ v
    yield "matmul of a vector and a stack", lambda v, K: v @ K
    yield "matmul of floats and Values", lambda S: np.arange(9.0).reshape(3, 3) @ S
    yield "inner", lambda v, w: np.inner(v, w)
    yield "inner of matrices", lambda A, B: np.inner(A, B)
    yield "inner of a number", lambda c, v: np.inner(c, v)
    yield "inner with floats", lambda v: np.inner(v, [1.0, 2.0, 3.0])
    yield "outer", lambda u, v: np.outer(u, v)
    yield "outer of matrices", lambda A, B: np.outer(A, B)
    yield "outer of floats", lambda v: np.outer([1.0, 2.0], v)
    yield "vdot", lambda v, w: np.vdot(v, w)
    yield "vdot of matrices", lambda A, B: np.vdot(A, B)
    for name in ("vecdot", "matvec", "vecmat"):
        if hasattr(np, name):
            f = getattr(np, name)
            if name == "vecdot":
                yield name, lambda A, B, f=f: f(A, B)
                yield f"{name} over an axis", lambda A, B, f=f: f(A, B, axis=0)
            elif name == "matvec":
                yield name, lambda K, v, f=f: f(K, v)
            else:
                yield name, lambda v, K, f=f: f(v, K)
    yield "cross", lambda v, w: np.cross(v, w)
    yield "cross of stacks", lambda S, R: np.cross(S, R)
    yield "cross over an axis", lambda S, R: np.cross(S, R, axis=0)
    yield "cross with floats", lambda v: np.cross(v, [1.0, 2.0, 3.0])
    for axes in (0, 1, 2, ([0, 1], [0, 1]), ([1], [1]), (1, -1)):
        yield f"tensordot over {axes}", lambda A, B, axes=axes: np.tensordot(A, B if axes != 1 else B.T, axes)
    yield "tensordot of three axes", lambda T, S: np.tensordot(T, S, axes=([1], [0]))
    yield "tensordot of floats", lambda v: np.tensordot(np.arange(3.0), v, 1)
    yield "kron of vectors", lambda u, v: np.kron(u, v)
    yield "kron of matrices", lambda A, S: np.kron(A, S)
    yield "kron of a vector and a matrix", lambda u, A: np.kron(u, A)
    yield "kron with floats", lambda A: np.kron(A, [1.0, 2.0])
    yield "trace", lambda S: np.trace(S)
    yield "trace off the diagonal", lambda S: np.trace(S, offset=1)
    yield "trace of three axes", lambda T: np.trace(T, axis1=0, axis2=1)
    yield "trace method", lambda S: S.trace()
    yield from _einsums()
    yield "det", lambda S: np.linalg.det(S)
    yield "det of 1", lambda c: np.linalg.det(np.reshape(c, (1, 1)))
    yield "det of 2", lambda S: np.linalg.det(S[:2, :2])
    yield "det of 5", lambda M: np.linalg.det(M)
    yield "det of a stack", lambda K: np.linalg.det(K)
    yield "slogdet", lambda S: np.linalg.slogdet(S)
    yield "slogdet of 5", lambda M: np.linalg.slogdet(M).logabsdet
    yield "slogdet of a stack", lambda K: np.linalg.slogdet(K)[1]
    yield "inv", lambda S: np.linalg.inv(S)
    yield "inv of 5", lambda M: np.linalg.inv(M)
    yield "inv of a stack", lambda K: np.linalg.inv(K)
    yield "solve for a vector", lambda S, v: np.linalg.solve(S, v)
    yield "solve for a matrix", lambda S, A: np.linalg.solve(S, A.T)
    yield "solve with floats", lambda v: np.linalg.solve(np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0, 1, 4]]), v)
    yield "solve for floats", lambda S: np.linalg.solve(S, [1.0, 2.0, 3.0])
    yield "solve of a stack", lambda K, S: np.linalg.solve(K, S)
    yield "solve of a stack for a vector", lambda K, v: np.linalg.solve(K, v)
    yield "cholesky", lambda S: np.linalg.cholesky(S @ S.T + np.eye(3))
    yield "cholesky of a stack", lambda K: np.linalg.cholesky(K @ K.swapaxes(1, 2) + np.eye(3))
    yield "cholesky, upper", lambda S: np.linalg.cholesky(S @ S.T + np.eye(3), upper=True)
    for n in (-2, -1, 0, 1, 2, 3, 5):
        yield f"matrix_power of {n}", lambda S, n=n: np.linalg.matrix_power(S, n)
    yield "matrix_power of a stack", lambda K: np.linalg.matrix_power(K, 3)
    yield "multi_dot", lambda A, S, v: np.linalg.multi_dot([A, S, v])
    yield "multi_dot of two", lambda A, S: np.linalg.multi_dot([A, S])
    yield "multi_dot of four", lambda u, A, S, R: np.linalg.multi_dot([u, A, S, R])
    for name in "trace diagonal matrix_transpose".split():
        f = getattr(np.linalg, name)
        yield f"linalg.{name}", lambda S, f=f: f(S)
        yield f"linalg.{name} of a stack", lambda K, f=f: f(K)
    yield "linalg.outer", lambda u, v: np.linalg.outer(u, v)
    yield "linalg.cross", lambda v, w: np.linalg.cross(v, w)
    yield "linalg.matmul", lambda A, S: np.linalg.matmul(A, S)
    yield "linalg.vecdot", lambda A, B: np.linalg.vecdot(A, B)
    yield "linalg.tensordot", lambda A, S: np.linalg.tensordot(A, S, axes=1)
    for order in (None, 1, 2, 3, 0.5, -1, -2, np.inf, -np.inf):
        yield f"norm of a vector, {order}", lambda v, o=order: np.linalg.norm(v, o)
        yield f"norm over an axis, {order}", lambda A, o=order: np.linalg.norm(A, o, axis=1, keepdims=True)
        yield f"vector_norm, {order}", lambda v, o=order: np.linalg.vector_norm(v, ord=2 if o is None else o)
    for order in (None, "fro", 1, -1, np.inf, -np.inf):
        yield f"norm of a matrix, {order}", lambda A, o=order: np.linalg.norm(A, o)
        yield f"norm of a stack, {order}", lambda T, o=order: np.linalg.norm(T, o, axis=(0, 2))
        yield f"matrix_norm, {order}", lambda A, o=order: np.linalg.matrix_norm(A, ord=o or "fro")
    yield "norm of a number", lambda c: np.linalg.norm(c)
    yield "vector_norm of a number", lambda c: np.linalg.vector_norm(c)
    yield "vector_norm of a matrix", lambda A: np.linalg.vector_norm(A, axis=0)
    yield "vector_norm of all", lambda T: np.linalg.vector_norm(T, keepdims=True)
    yield "matrix_norm of a stack", lambda K: np.linalg.matrix_norm(K, keepdims=True)
    for order in (1, -1, np.inf, "fro"):
        yield f"cond, {order}", lambda S, o=order: np.linalg.cond(S, o)
    yield "cond of a stack", lambda K: np.linalg.cond(K, 1)
    yield "tensorsolve", lambda S, v: np.linalg.tensorsolve(S, v)
    yield "tensorsolve of axes", lambda S, v: np.linalg.tensorsolve(S[:, None], v, axes=(1,))
    yield "tensorinv", lambda S: np.linalg.tensorinv(S, ind=1)


def _einsums():
    forms = {
        "ij->ji": "A", "ij->": "A", "ij->i": "A", "ij->j": "A", "ii": "S", "ii->i": "S", "ji": "A", "ij,ij->": "AB",
        "ij,ij": "AB", "ij,jk": "AS", "ij,jk->ik": "AS", "ij,kj->ik": "AB", "ij,ij->ij": "AB", "i,j": "uv",
        "i,j->ji": "uv", "i,i": "vw", "i,i->i": "vw", "i,i->": "vw", "ij,j->i": "Av", "ij,jk,k": "ASv",
        "i,ij,jk,k->": "uASv", "...j,j->...": "Tx", "...ij,...jk->...ik": "KT", "i...->...": "T", "...": "A",
        "ijk,ilk->jl": "TT", "ijk,jl->ikl": "TS", "bij,bjk->bik": "KT", "aab->b": "Q", "i,i,i->i": "vwv",
        "...i,...i": "AB", " i j , j k -> i k ": "AS", "ij,ji": "SR", "ijj->i": "K", ",ij": "cA", "i...,i...": "AB",
    }  # fmt: skip
    for subscripts, names in forms.items():
        if "x" in names:
            yield f"einsum {subscripts}", lambda T, x, s=subscripts: np.einsum(s, T, x[:4])
        elif names == "Q":
            yield f"einsum {subscripts}", lambda S, v, s=subscripts: np.einsum(s, S[:, :, None] * v)
        else:
            parameters = "".join(dict.fromkeys(names))
            call = f"lambda {', '.join(parameters)}: np.einsum({subscripts!r}, {', '.join(names)})"
            yield f"einsum {subscripts}", eval(call, {"np": np})
    yield "einsum of lists", lambda A, S: np.einsum(A, [0, 1], S, [1, 2], [0, 2])
    yield "einsum of lists, implicit", lambda A, S: np.einsum(A, [0, 1], S, [1, 2])
    yield "einsum of lists with an ellipsis", lambda T, S: np.einsum(T, [Ellipsis, 0, 1], S, [2, 0], [Ellipsis, 2, 1])
    yield "einsum with floats", lambda A: np.einsum("ij,jk->ik", A, np.arange(12.0).reshape(3, 4))
    yield "einsum with nested lists", lambda v: np.einsum("ij,j", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], v)
    for optimize in (True, False, "greedy", "optimal"):
        yield (
            f"einsum, optimize={optimize}",
            lambda A, S, v, o=optimize: np.einsum("ij,jk,k->i", A, S, v, optimize=o),
        )
    yield (
        "einsum, optimized path",
        lambda A, S, v: np.einsum("ij,jk,k->i", A, S, v, optimize=["einsum_path", (0, 1), (0, 1)]),
    )


def _shapes():
    yield "reshape", lambda A: np.reshape(A, (3, 2))
    yield "reshape method", lambda A: A.reshape(-1)
    yield "reshape in Fortran's order", lambda A: np.reshape(A, (3, 2), order="F")
    yield "ravel", lambda A: np.ravel(A)
    yield "ravel in Fortran's order", lambda A: np.ravel(A, order="F")
    yield "flatten method", lambda A: A.flatten()
    yield "flat", lambda A: list(A.flat)
    yield "transpose", lambda T: np.transpose(T)
    yield "transpose of axes", lambda T: np.transpose(T, (1, 0, 2))
    yield "permute_dims", lambda T: np.permute_dims(T, (2, 0, 1)) if hasattr(np, "permute_dims") else T
    yield "T", lambda A: A.T
    yield "mT", lambda K: K.mT if hasattr(K, "mT") else K.swapaxes(-1, -2)
    yield "matrix_transpose", lambda K: np.matrix_transpose(K)
    yield "moveaxis", lambda T: np.moveaxis(T, 0, -1)
    yield "moveaxis of two", lambda T: np.moveaxis(T, [0, 1], [-1, -2])
    yield "rollaxis", lambda T: np.rollaxis(T, 2)
    yield "swapaxes", lambda T: np.swapaxes(T, 0, 2)
    yield "squeeze", lambda A: np.squeeze(A[None, :, :, None])
    yield "squeeze of an axis", lambda A: np.squeeze(A[None, :, :, None], axis=(0, -1))
    yield "expand_dims", lambda A: np.expand_dims(A, 1)
    yield "expand_dims of two", lambda A: np.expand_dims(A, (0, -1))
    for name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        f = getattr(np, name)
        yield name, lambda v, f=f: f(v)
        yield f"{name} of a number", lambda c, f=f: f(c)
        yield f"{name} of two", lambda c, v, f=f: f(c, v)
    yield "broadcast_to", lambda v: np.broadcast_to(v, (2, 3))
    yield "broadcast_arrays", lambda A, v: np.broadcast_arrays(A, v)
    joins = {
        "concatenate": {}, "concatenate over 1": {"axis": 1}, "concatenate over -1": {"axis": -1},
        "concatenate over None": {"axis": None},
        "stack": {}, "stack over 1": {"axis": 1}, "stack over -1": {"axis": -1},
        "vstack": {}, "hstack": {}, "dstack": {}, "column_stack": {},
    }  # fmt: skip
    if hasattr(np, "concat"):
        joins["concat"] = {}
    for name, options in joins.items():
        f = getattr(np, name.split()[0])
        yield name, lambda A, B, f=f, o=options: f([A, B], **o)
        yield f"{name} with floats", lambda A, f=f, o=options: f([A, np.arange(6.0).reshape(2, 3)], **o)
        yield f"{name} of floats and Values", lambda A, f=f, o=options: f([np.arange(6.0).reshape(2, 3), A], **o)
    yield "r_", lambda A, v: np.r_[v, [1.0, 2.0], v[:1], 1:3]
    yield "r_ of matrices", lambda A: np.r_[A, np.ones((1, 3)), A]
    yield "c_", lambda A: np.c_[A, np.ones((2, 1)), A]
    yield "c_ of vectors", lambda v, w: np.c_[v, w]
    yield "hstack of vectors", lambda v, w: np.hstack([v, w])
    yield "vstack of vectors", lambda v, w: np.vstack((v, w))
    yield "column_stack of vectors", lambda v, w: np.column_stack((v, w))
    yield "stack of numbers", lambda v: np.stack([v[0], v[1] * v[2]])
    yield "hstack of numbers", lambda v: np.hstack([v[0], v[1] * v[2], 1.0])
    yield "block", lambda A, B: np.block([[A, B], [B, A]])
    yield "append", lambda A, B: np.append(A, B)
    yield "append over an axis", lambda A, B: np.append(A, B, axis=1)
    yield "append to a list", lambda c, d: np.append([1.0, c], d)
    yield "append a number", lambda v, c: np.append(v, c)
    yield "insert", lambda v, c: np.insert(v, 1, c)
    yield "insert floats", lambda A: np.insert(A, 1, 5.0, axis=1)
    yield "delete", lambda A: np.delete(A, 1, axis=1)
    yield "resize", lambda A: np.resize(A, (3, 3))
    yield "trim_zeros", lambda v: np.trim_zeros(np.concatenate([[0.0], v, [0.0]]))
    for name in ("split", "array_split"):
        f = getattr(np, name)
        yield name, lambda A, f=f: f(A, 3, axis=1)
        yield f"{name} at indices", lambda A, f=f: f(A, [1], axis=1)
    yield "array_split, unequal", lambda x: np.array_split(x, 2)
    yield "hsplit", lambda A: np.hsplit(A, 3)
    yield "vsplit", lambda A: np.vsplit(A, 2)
    yield "dsplit", lambda T: np.dsplit(T, 2)
    if hasattr(np, "unstack"):
        yield "unstack", lambda A: np.unstack(A)
    yield "tile", lambda v: np.tile(v, 2)
    yield "tile to a matrix", lambda A: np.tile(A, (2, 1, 2))
    yield "tile of a number", lambda c: np.tile(c, 3)
    yield "repeat", lambda v: np.repeat(v, 2)
    yield "repeat over an axis", lambda A: np.repeat(A, 2, axis=1)
    yield "repeat by counts", lambda A: np.repeat(A, [1, 3], axis=0)
    yield "repeat method", lambda v: v.repeat(2)
    yield "roll", lambda A: np.roll(A, 1)
    yield "roll over an axis", lambda A: np.roll(A, -1, axis=1)
    yield "roll over two", lambda A: np.roll(A, (1, 2), axis=(0, 1))
    for k in range(-1, 3):
        yield f"rot90 by {k}", lambda A, k=k: np.rot90(A, k)
    yield "rot90 of axes", lambda T: np.rot90(T, axes=(0, 2))
    yield "flip", lambda A: np.flip(A)
    yield "flip over an axis", lambda A: np.flip(A, 1)
    yield "fliplr", lambda A: np.fliplr(A)
    yield "flipud", lambda A: np.flipud(A)
    yield "pad", lambda A: np.pad(A, 1)
    yield "pad by widths", lambda A: np.pad(A, ((1, 0), (2, 1)))
    yield "pad with a constant", lambda A: np.pad(A, 1, constant_values=2.5)
    yield "pad with a Value", lambda A, c: np.pad(A, 1, constant_values=c)
    for mode in ("edge", "reflect", "symmetric", "wrap", "maximum", "minimum", "mean", "linear_ramp", "median"):
        yield f"pad, {mode}", lambda A, mode=mode: np.pad(A, 1, mode=mode)
    for name in ("tril", "triu"):
        f = getattr(np, name)
        yield name, lambda S, f=f: f(S)
        yield f"{name} off the diagonal", lambda S, f=f: f(S, 1)
        yield f"{name} below", lambda S, f=f: f(S, -1)
        yield f"{name} of a stack", lambda K, f=f: f(K)
    yield "diag of a vector", lambda v: np.diag(v)
    yield "diag of a vector, off", lambda v: np.diag(v, 1)
    yield "diag of a matrix", lambda S: np.diag(S)
    yield "diag of a matrix, off", lambda S: np.diag(S, -1)
    yield "diagflat", lambda A: np.diagflat(A)
    yield "diagonal", lambda S: np.diagonal(S)
    yield "diagonal off", lambda T: np.diagonal(T, 1, 1, 2)
    yield "diagonal method", lambda S: S.diagonal()
    yield "meshgrid", lambda u, v: np.meshgrid(u, v)
    yield "meshgrid ij", lambda u, v: np.meshgrid(u, v, indexing="ij")
    yield "vander", lambda v: np.vander(v)
    yield "vander, increasing", lambda v: np.vander(v, 4, increasing=True)
    yield "linspace", lambda c, d: np.linspace(c, d, 4)
    yield "linspace of arrays", lambda u: np.linspace(u, u + 1.0, 3)
    yield "linspace without the end", lambda c, d: np.linspace(c, d, 4, endpoint=False)
    yield "logspace", lambda c, d: np.logspace(c, d, 4)
    yield "geomspace", lambda c, d: np.geomspace(c, d, 4)
    yield "full", lambda c: np.full((2, 2), c)
    yield "full_like", lambda c, A: np.full_like(A, c)
    yield "zeros_like", lambda A: np.zeros_like(A) + A
    yield "ones_like", lambda A: np.ones_like(A) * A
    yield "array of nested lists", lambda v: np.array([[v[0], 1.0], [v[1] * v[2], v[0]]])
    yield "array of arrays", lambda v, w: np.array([v, w]) * 1.0
    yield "array of floats and arrays", lambda v: np.array([v, [1.0, 2.0, 3.0]])
    yield "asarray", lambda A: np.asarray(A) * 1.0
    yield "copy", lambda A: np.copy(A)
    yield "copy method", lambda A: A.copy()
    yield "copyto", lambda A, v: _copied(A, v)
    yield "astype", lambda A: A.astype(A.dtype)
    yield "ascontiguousarray", lambda A: np.ascontiguousarray(A.T)


def _copied(A, v):
    result = A * 1.0
    np.copyto(result, v)
    return result


def _indexing():
    yield "index", lambda A: A[1]
    yield "index of two", lambda A: A[1, -1]
    yield "slice", lambda A: A[:, 1:]
    yield "slice by steps", lambda A: A[::-1, ::2]
    yield "a new axis", lambda A: A[:, None, :]
    yield "ellipsis", lambda T: T[..., 1]
    yield "ellipsis in the middle", lambda T: T[1, ..., 2]
    yield "lists of indices", lambda A: A[[0, 1, 1], [2, 0, 0]]
    yield "list of rows", lambda A: A[[1, 0, 1]]
    yield "index array", lambda A: A[np.array([[0, 1], [1, 1]])]
    yield "boolean", lambda A: A[np.array([[True, False, True], [False, True, True]])]
    yield "boolean of rows", lambda A: A[np.array([False, True])]
    yield "boolean of data", lambda A: A[A > 0.0]
    yield "ix_", lambda A: A[np.ix_([1, 0], [0, 2])]
    yield "mixed indices", lambda T: T[1, [0, 2], 1:3]
    yield "take", lambda A: np.take(A, [0, 5, 5])
    yield "take over an axis", lambda A: np.take(A, [2, 0], axis=1)
    yield "take method", lambda A: A.take([2, 0], axis=1)
    yield "take_along_axis", lambda A: np.take_along_axis(A, np.argsort(POINTS["A"], axis=1), axis=1)
    yield "compress", lambda A: np.compress([True, False, True], A, axis=1)
    yield "extract", lambda A: np.extract(POINTS["A"] > 0.0, A)
    yield "choose", lambda v, w: np.choose([0, 1, 0], [v, w])
    yield "assignment", lambda A, v: _assigned(A, v)
    yield "put", lambda A: _changed(A, lambda a: np.put(a, [0, 2], [5.0, 6.0]))
    yield "put_along_axis", lambda A: _changed(A, lambda a: np.put_along_axis(a, np.array([[0], [1]]), 5.0, 1))
    yield "place", lambda A: _changed(A, lambda a: np.place(a, POINTS["A"] > 0.0, [5.0]))
    yield "putmask", lambda A: _changed(A, lambda a: np.putmask(a, POINTS["A"] > 0.0, 5.0))
    yield "fill_diagonal", lambda S: _changed(S, lambda a: np.fill_diagonal(a, 5.0))
    yield "add.at", lambda A, v: _changed(A, lambda a: np.add.at(a, (0, [0, 1, 1]), v))
    yield "where with floats", lambda A: np.where(POINTS["A"] > 0.0, A, 0.0)
    yield "where of two", lambda A, B: np.where(POINTS["A"] > 0.0, A, B)
    yield "where, broadcast", lambda A, v: np.where(np.array([[True], [False]]), A, v)
    yield "where of integers", lambda A: np.where(np.array([[1, 0, 2], [0, 0, 1]]), A, 1)
    yield "where of data", lambda A: np.where(A > 0.0, A, A * A)
    yield "where of Values", lambda A, B: np.where(A, A, B)
    yield "where of numbers", lambda c: np.where(True, c, 0.0)
    yield "where of integer arrays", lambda A: np.where(POINTS["A"] > 0.0, A, np.arange(6).reshape(2, 3))
    yield "where of booleans", lambda A: np.where(POINTS["A"] > 0.0, A, np.zeros((2, 3), bool))
    yield "select", lambda A: np.select([POINTS["A"] > 0.5, POINTS["A"] > 0.0], [A, A * A], default=0.0)
    yield "select of data", lambda A: np.select([A > 0.5, A > 0.0], [A, A * A], -1.0)
    yield "piecewise", lambda A: np.piecewise(A, [A < 0.0, A >= 0.0], [lambda t: -t, lambda t: t * t])
    yield "iteration", lambda A: [sum(row) for row in A]
    yield "ndenumerate", lambda A: [value for _, value in np.ndenumerate(A)]


def _changed(A, change):
    result = A * 1.0
    change(result)
    return result


def _assigned(A, v):
    result = np.zeros(A.shape, A.dtype)
    result[0] = v
    result[1, 1:] = A[0, :2]
    return result * 1.0


def _others():
    for axis in (-1, 0):
        yield f"sort over {axis}", lambda A, axis=axis: np.sort(A, axis=axis)
        yield f"diff over {axis}", lambda A, axis=axis: np.diff(A, axis=axis)
        yield f"partition over {axis}", lambda A, axis=axis: np.sort(np.partition(A, 1, axis=axis)[:1], axis=axis)
    yield "sort of all", lambda A: np.sort(A, axis=None)
    yield "sort, stable", lambda A: np.sort(A, kind="stable")
    yield "sort method", lambda A: _changed(A, lambda a: a.sort(axis=0))
    yield "union1d", lambda v, w: np.union1d(v, w)
    yield "intersect1d", lambda v: np.intersect1d(v, v[:2])
    yield "setdiff1d", lambda v: np.setdiff1d(v, v[:1])
    yield "setxor1d", lambda v: np.setxor1d(v, v[:1])
    yield "sorted of Python", lambda v: sorted(v)
    yield "unique", lambda v: np.unique(np.concatenate([v, v]))
    if hasattr(np, "unique_values"):
        yield "unique_values", lambda v: np.sort(np.unique_values(np.concatenate([v, v])))
    yield "diff twice", lambda x: np.diff(x, n=2)
    yield "diff between ends", lambda x: np.diff(x, prepend=0.0, append=[1.0, 2.0])
    yield "diff between Values", lambda x, c: np.diff(x, prepend=c)
    yield "ediff1d", lambda A: np.ediff1d(A)
    yield "ediff1d between ends", lambda x: np.ediff1d(x, to_begin=0.0, to_end=[1.0])
    yield "gradient", lambda x: np.gradient(x)
    yield "gradient by steps", lambda x: np.gradient(x, 0.5)
    yield "gradient of a matrix", lambda S: np.gradient(S)
    yield "gradient over an axis", lambda S: np.gradient(S, axis=1)
    yield "gradient, second order", lambda x: np.gradient(x, edge_order=2)
    yield "gradient at places", lambda x: np.gradient(x, [0.0, 1.0, 1.5, 3.0, 4.0])
    yield "gradient at Values", lambda x: np.gradient(np.arange(5.0), np.cumsum(x))
    if hasattr(np, "trapezoid"):
        yield "trapezoid", lambda x: np.trapezoid(x)
        yield "trapezoid by steps", lambda x: np.trapezoid(x, dx=0.5)
        yield "trapezoid at places", lambda x: np.trapezoid(x, [0.0, 1.0, 1.5, 3.0, 4.0])
        yield "trapezoid at Values", lambda x: np.trapezoid(np.arange(5.0), np.cumsum(x))
        yield "trapezoid over an axis", lambda A: np.trapezoid(A, axis=0)
    for mode in ("full", "same", "valid"):
        yield f"convolve, {mode}", lambda x, v, m=mode: np.convolve(x, v, m)
    yield "convolve with floats", lambda x: np.convolve(x, [1.0, 2.0])
    yield "convolve of floats", lambda v: np.convolve([1.0, 2.0, 0.5, 3.0], v)
    places = [0.0, 0.25, 0.5, 1.0]
    yield "interp of Values", lambda x: np.interp(x, places, [1.0, 3.0, 2.0, 5.0])
    yield (
        "interp between Values",
        lambda v, c: np.interp([0.1, 0.6, 2.0], places, np.concatenate([v, np.reshape(c, 1)])),
    )
    yield "interp at Values", lambda x: np.interp([0.2, 0.5, 0.8], np.cumsum(x), np.arange(5.0))
    yield "interp of a number", lambda c: np.interp(c, places, [1.0, 3.0, 2.0, 5.0])
    yield "interp outside", lambda v: np.interp(v * 3.0, places, [1.0, 3.0, 2.0, 5.0])
    yield "interp, left and right", lambda v, c: np.interp(v * 3.0, places, [1.0, 3.0, 2.0, 5.0], left=-1, right=c)
    yield "interp, period", lambda v: np.interp(v * 3.0, places, [1.0, 3.0, 2.0, 5.0], period=1.0)
    yield "polyval", lambda v, c: np.polyval(v, c)
    yield "polyval of an array", lambda v, A: np.polyval(v, A)
    yield "polyadd", lambda v, u: np.polyadd(v, u)
    yield "polysub", lambda v, u: np.polysub(v, u)
    yield "polymul", lambda v, u: np.polymul(v, u)
    yield "poly", lambda v: np.poly(v)
    yield "polyder", lambda v: np.polyder(v)
    yield "polyint", lambda v: np.polyint(v)
    yield "vectorize", lambda v, w: np.vectorize(lambda a, b: a * b + a)(v, w)
    yield "vectorize, broadcast", lambda A, v: np.vectorize(lambda a, b: a * b + a)(A, v)
    yield "vectorize with a signature", lambda A, v: np.vectorize(np.dot, signature="(n),(n)->()")(A, v)
    yield "vectorize, several results", lambda v: np.vectorize(lambda a: (a * a, a + 1.0))(v)
    yield "frompyfunc", lambda v, w: np.frompyfunc(lambda a, b: a * b, 2, 1)(v, w) * 1.0
    yield "apply_along_axis", lambda A: np.apply_along_axis(lambda row: row * row.sum(), 1, A)
    yield "apply_over_axes", lambda T: np.apply_over_axes(np.sum, T, [0, 2])
    yield "angle", lambda A: np.angle(A) + A
    yield "unwrap", lambda v: np.unwrap(v * 4.0)
    yield "histogram with weights", lambda x: np.histogram(np.arange(5.0), weights=x, bins=2)
    yield "sliding windows", lambda x: np.lib.stride_tricks.sliding_window_view(x, 3)
    yield "polynomial", lambda v, c: np.polynomial.polynomial.polyval(c, v)
    yield "fmax of nan", lambda N: np.fmax(N, 0.5)
    yield "fmin of nan", lambda N: np.fmin(0.5, N)


def _with_nan():
    for name in "nansum nanmean nanprod nanmax nanmin nanvar nanstd nanmedian".split():
        f = getattr(np, name)
        for axis in _ONE_AXIS:
            yield f"{name} over {axis}", lambda N, f=f, axis=axis: f(N, axis=axis)
        yield f"{name}, keepdims", lambda N, f=f: f(N, axis=0, keepdims=True)
        yield f"{name} without nan", lambda T, f=f: f(T, axis=(0, 2))
    yield "nancumsum", lambda N: np.nancumsum(N)
    yield "nancumsum over 1", lambda N: np.nancumsum(N, axis=1)
    yield "nancumprod", lambda N: np.nancumprod(N, axis=0)
    yield "nanquantile", lambda N: np.nanquantile(N, [0.25, 0.6], axis=1)
    yield "nanpercentile", lambda N: np.nanpercentile(N, 40)
    yield "nanvar with ddof", lambda N: np.nanvar(N, ddof=1)
    yield "nan_to_num of nan", lambda N: np.nan_to_num(N)
    yield "nan_to_num by values", lambda N: np.nan_to_num(N, nan=7.0, posinf=2.0, neginf=-3.0)
    yield "nan_to_num of a number", lambda c: np.nan_to_num(c)
    yield "sum with nan", lambda N: np.sum(np.where(np.isnan(N), 0.0, N), axis=0)


CASES = dict(_forms())

# Functions whose results are not real numbers: the same as those of the data.
DISCRETE = {
    "argmax": lambda A: np.argmax(A), "argmin": lambda A: np.argmin(A, axis=1),
    "argmax, keepdims": lambda A: np.argmax(A, axis=0, keepdims=True),
    "argmax method": lambda A: A.argmax(axis=1), "argsort method": lambda A: A.argsort(axis=0),
    "argsort, computed with": lambda A: np.argsort(A)[:, 1:] + 1,
    "argsort": lambda A: np.argsort(A), "argsort over 0": lambda A: np.argsort(A, axis=0),
    "argsort, stable": lambda A: np.argsort(A, kind="stable"),
    "argpartition": lambda x: np.argpartition(x, 2)[2], "lexsort": lambda v, w: np.lexsort((v, w)),
    "nanargmax": lambda N: np.nanargmax(N, axis=1), "nanargmin": lambda N: np.nanargmin(N),
    "searchsorted": lambda x, c: np.searchsorted(np.sort(x), c),
    "searchsorted, right": lambda x: np.searchsorted(np.sort(x), [0.1, 0.5], side="right"),
    "searchsorted of floats": lambda x: np.searchsorted([0.2, 0.5], x),
    "digitize": lambda x: np.digitize(x, [0.2, 0.5]),
    "histogram": lambda x: np.histogram(x, bins=[0.0, 0.4, 1.0])[0],
    "greater": lambda A, B: A > B, "less": lambda A, B: A < B, "greater_equal": lambda A: A >= 0.0,
    "less_equal": lambda A: A <= 0.0, "equal": lambda A: A == A, "not_equal": lambda A, B: A != B,
    "isnan": lambda N: np.isnan(N), "isinf": lambda A: np.isinf(A / 0.0), "isfinite": lambda N: np.isfinite(N),
    "isposinf": lambda A: np.isposinf(A / 0.0), "isneginf": lambda A: np.isneginf(A / 0.0),
    "isreal": lambda A: np.isreal(A), "iscomplex": lambda A: np.iscomplex(A),
    "isrealobj": lambda A: np.isrealobj(A), "iscomplexobj": lambda A: np.iscomplexobj(A),
    "signbit": lambda A: np.signbit(np.append(A, -0.0)),
    "isclose": lambda A, B: np.isclose(A, B), "isclose, equal": lambda A: np.isclose(A, A + 1e-12),
    "isclose of nan": lambda N: np.isclose(N, N, equal_nan=True),
    "allclose": lambda A: np.allclose(A, A + 1e-12), "allclose, different": lambda A, B: np.allclose(A, B),
    "array_equal": lambda A: np.array_equal(A, A * 1.0),
    "array_equal, different": lambda A, B: np.array_equal(A, B),
    "array_equal, nan": lambda N: np.array_equal(N, N * 1.0, equal_nan=True),
    "array_equal, other shape": lambda A, v: np.array_equal(A, v),
    "array_equiv": lambda A: np.array_equiv(A, A[None]),
    "any": lambda A: np.any(A > 0.0), "all": lambda A: np.all(A > 0.0), "all of Values": lambda A: np.all(A),
    "any of Values": lambda A: np.any(A, axis=0),
    "count_nonzero": lambda A: np.count_nonzero(A * np.array([0.0, 1.0, 1.0])),
    "nonzero": lambda A: np.nonzero(A * np.array([0.0, 1.0, 1.0])),
    "flatnonzero": lambda A: np.flatnonzero(A * np.array([0.0, 1.0, 1.0])),
    "argwhere": lambda A: np.argwhere(A * np.array([0.0, 1.0, 1.0])),
    "where of one argument": lambda A: np.where(A > 0.0),
    "logical_and": lambda A, B: np.logical_and(A, B), "logical_or": lambda A, B: np.logical_or(A, B),
    "logical_not": lambda A: np.logical_not(A), "logical_xor": lambda A, B: np.logical_xor(A, B),
    "isin": lambda v: np.isin(v, v[:2]), "shape": lambda A: np.shape(A), "ndim": lambda A: np.ndim(A),
    "size": lambda A: np.size(A), "isscalar": lambda A: np.isscalar(A),
    "unique counts": lambda v: np.unique(np.concatenate([v, v]), return_counts=True)[1],
    "unique inverse": lambda v: np.unique(np.concatenate([v, v]), return_inverse=True)[1],
    "einsum_path": lambda A, S, v: np.einsum_path("ij,jk,k->i", A, S, v)[0],
    "broadcast_shapes": lambda A: np.broadcast_shapes(np.shape(A), (5, 1, 1)),
    "tril_indices_from": lambda S: np.tril_indices_from(S),
    "matrix_rank of data": lambda S: np.linalg.matrix_rank(np.array(POINTS["S"])),
}  # fmt: skip

# A call whose derivative cannot be recorded, or that would change the numbers to another type.
REFUSED = {
    "nextafter": lambda A: np.nextafter(A, 0.0), "spacing": lambda A: np.spacing(A), "frexp": lambda A: np.frexp(A),
    "bitwise_and": lambda A: A & A, "invert": lambda A: ~A, "left_shift": lambda A: np.left_shift(A, 1),
    "gcd": lambda A: np.gcd(A, A), "isnat": lambda A: np.isnat(A),
    "i0": lambda x: np.i0(x), "polydiv": lambda v, u: np.polydiv(v, u),
    "polyfit": lambda v: np.polyfit([1.0, 2.0, 4.0], v, 1), "roots": lambda v: np.roots(v),
    "quantile of a level": lambda x, c: np.quantile(x, c), "percentile of a level": lambda x, c: np.percentile(x, c),
    "nan_to_num in place": lambda A: np.nan_to_num(A, copy=False),
    "bincount": lambda v: np.bincount([0, 1, 1], weights=v), "fft.fft": lambda x: np.fft.fft(x),
    "sort_complex": lambda x: np.sort_complex(x), "savetxt": lambda A: np.savetxt(StringIO(), A),
    "histogram of a number of bins": lambda x: np.histogram(x, bins=3),
    "packbits": lambda A: np.packbits(A), "einsum to floats": lambda A: np.einsum("ij->i", A, out=np.zeros(2)),
    "linalg.eig": lambda S: np.linalg.eig(S), "linalg.eigh": lambda S: np.linalg.eigh(S),
    "linalg.eigvals": lambda S: np.linalg.eigvals(S), "linalg.eigvalsh": lambda S: np.linalg.eigvalsh(S),
    "linalg.svd": lambda S: np.linalg.svd(S), "linalg.qr": lambda S: np.linalg.qr(S),
    "linalg.matrix_rank": lambda S: np.linalg.matrix_rank(S), "linalg.pinv": lambda S: np.linalg.pinv(S),
    "linalg.lstsq": lambda S, v: np.linalg.lstsq(S, v), "linalg.norm of order 2": lambda S: np.linalg.norm(S, 2),
    "linalg.norm that is nuclear": lambda S: np.linalg.norm(S, "nuc"),
    "linalg.norm of a condition number": lambda S: np.linalg.cond(S),
}  # fmt: skip
