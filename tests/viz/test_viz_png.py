"""Laws of the two ways to paint a picture: quickly by Agg, and anything at all by resvg."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import nn
import viz
from autograd import Value, select
from viz.pictures import agg, extensions, png
from viz.pictures.agg import painted
from viz.pictures.png import MONOSPACE, svg_to_png
from viz.pictures.render import render


def graph():
    x, w, b = Value(0.5, "α→β"), Value(-1.25, "x₁²"), Value(3.0, "∇θ ⊙ εₖ ⌈∞⌉ ±½")
    y = select(x - w, (x * w + b).tanh(), x.exp()) / x
    y.backward()
    return x, y


def picture(name):
    x, y = graph()
    model = nn.MLP(2, [3, 1])
    drawings = {
        "light": lambda: viz.draw(y),
        "dark": lambda: viz.draw(y, palette="dark", direction="TB", local_derivatives=True),
        "highlighted": lambda: viz.draw(y, highlight=(x, y), local_derivatives=True, hide_constants=True),
        "modules": lambda: viz.draw(model([x, 1.0]), depth=1),
        "network": lambda: viz.draw_network(model),
        "wide network": lambda: viz.draw_network(nn.MLP(20, [20, 1]), palette="dark"),
    }
    return drawings[name]().render()


KINDS = ["light", "dark", "highlighted", "modules", "network", "wide network"]


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=float)


def is_painted_by_agg(svg):
    return painted(svg.decode(), MONOSPACE, 100, 100) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_agg_paints_each_of_our_pictures_as_resvg_does(kind):
    svg = picture(kind)
    assert is_painted_by_agg(svg)
    ours, theirs = pixels(svg_to_png(svg)), pixels(png._resvg(svg.decode(), 2.0))
    assert ours.shape == theirs.shape
    difference = np.abs(ours - theirs)
    assert difference.mean() < 0.6  # of 255, along the edges; five times that if all is moved by a pixel
    assert (difference > 64).mean() < 0.0002  # a hundred times that if all is moved by a pixel


@pytest.mark.parametrize("label", ["重み", "😀", "e\u0302", "שלום", "سلام"])
def test_text_that_takes_other_fonts_or_shaping_is_left_to_resvg(label):
    svg = viz.draw(Value(1.0, label)).render()
    assert not is_painted_by_agg(svg)
    assert pixels(svg_to_png(svg)).std() > 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'fill="none" ', b'fill="none" opacity="0.5" '),
        (b'font-weight="bold"', b'font-weight="300"'),
        (b'font-weight="bold"', b'font-weight="bold" rotate="30"'),
        (b"DejaVu Sans Mono", b"Times"),
        (b"scale(1 1)", b"scale(2 2)"),
        (b'viewBox="0', b'viewBox="1'),
        (b"<title>", b"<style>text { fill: red }</style><title>"),
        (b"<title>", b'<g transform="rotate(3)"/><title>'),
        (b'fill="#ffffff"', b'fill="none"'),
        (b'fill="#ffffff"', b'fill="url(#gradient)"'),
        (b"</svg>", b"<rect/></svg>"),
        (b"</svg>", b""),
        (b"<polygon", b"<line"),
        (b" stroke-width=", b' clip-path="none" stroke-width='),
    ],
)
def test_anything_that_our_pictures_do_not_contain_is_left_to_resvg(old, new):
    svg = picture("highlighted")
    assert is_painted_by_agg(svg)
    assert old in svg
    assert not is_painted_by_agg(svg.replace(old, new, 1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_painted_in_bands_is_the_picture_painted_whole(kind, monkeypatch):
    svg = picture(kind)
    in_bands = pixels(svg_to_png(svg))
    assert len(in_bands) > agg._BAND
    monkeypatch.setattr(agg, "_BAND", len(in_bands))
    difference = np.abs(in_bands - pixels(svg_to_png(svg)))
    assert difference.max() <= 2  # of 255, where coordinates are rounded otherwise


def test_graphs_of_other_styles_are_painted_too():
    for dot in ('digraph { bgcolor="transparent" a }', "digraph { a [style=dotted] }", 'digraph { a [URL="y"] }'):
        assert np.asarray(Image.open(io.BytesIO(svg_to_png(render(dot))))).std() > 0


@pytest.mark.parametrize("packages", ["zlib-ng", "zlib"])
@pytest.mark.parametrize("band", [1, 64, 128])
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (63, 5), (64, 1), (65, 3), (128, 9), (200, 31)])
def test_a_png_holds_the_pixels_that_were_painted(shape, band, packages, monkeypatch):
    if packages == "zlib":
        monkeypatch.setitem(sys.modules, "zlib_ng", None)
    else:
        pytest.importorskip("zlib_ng")
    painted = np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)
    painted[..., 3] = 255
    height, width = shape
    bands = (painted[top : top + band] for top in range(0, height, band))
    image = Image.open(io.BytesIO(png._png(bands, width, height)))
    assert image.mode == "RGB"
    assert (np.asarray(image) == painted[..., :3]).all()


def test_rcparams_do_not_change_a_picture():
    import matplotlib

    svg = picture("light")
    plain = svg_to_png(svg)
    with matplotlib.rc_context({"path.sketch": (9, 90, 9), "lines.linewidth": 7, "agg.path.chunksize": 101}):
        assert svg_to_png(svg) == plain


ALONE = """
import sys
import viz
from autograd import Value

picture = viz.draw(Value(1.0, "x") + 2.0)
before = picture.render("png")
assert before.startswith(b"\\x89PNG")
assert "matplotlib" not in sys.modules or not {alone}
import matplotlib.ft2font
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

canvas = FigureCanvasAgg(Figure())
canvas.figure.text(0.5, 0.5, "text")
canvas.draw()
assert matplotlib.ft2font.FT2Font("{font}").family_name == "DejaVu Sans Mono"
assert picture.render("png") == before
"""


def test_a_png_needs_a_part_of_matplotlib_which_can_be_imported_later():
    font = extensions.font_folder() / "DejaVuSansMono.ttf"
    subprocess.run(
        [sys.executable, "-c", ALONE.format(font=font.as_posix(), alone=extensions._version() >= (3, 11))], check=True
    )


def test_what_cannot_be_loaded_alone_is_imported(monkeypatch):
    name = "matplotlib.ft2font"
    monkeypatch.delitem(sys.modules, name, raising=False)
    alone = extensions.extension(name)
    monkeypatch.setattr(extensions, "EXTENSION_SUFFIXES", [])
    assert extensions.extension(name).FT2Font is alone.FT2Font
    assert name in sys.modules
