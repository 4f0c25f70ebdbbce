"""Pictures as files: SVG and PNG with Python packages alone, written completely or not at all."""

import io
import os
import re
import struct
import sys
import xml.etree.ElementTree as ET

import matplotlib.image
import numpy as np
import pytest
from support.file_names import needs_any_letters

import viz
from autograd import Value
from viz.files import RenderError
from viz.pictures.png import svg_to_png
from viz.pictures.render import render


def drawing(palette="light"):
    x, w = Value(1.5, "x", role="input"), Value(-0.5, "w", role="parameter")
    y = (w * x).tanh()
    y.backward()
    return viz.draw(y, palette=palette)


def pixels(png):
    image = matplotlib.image.imread(io.BytesIO(png), format="png")
    return (
        np.dstack([image, np.ones(image.shape[:2])]) if image.shape[2] == 3 else image
    )  # without alpha, all is opaque


def size_of(svg):
    root = ET.fromstring(svg)
    return float(root.get("width")), float(root.get("height"))


@pytest.fixture
def no_programs(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "start"),
        [
            ("g.svg", b"<?xml"),
            ("g.png", b"\x89PNG\r\n\x1a\n"),
            ("g.dot", b"digraph"),
            ("G.SVG", b"<?xml"),
            ("g.PnG", b"\x89PNG"),
            ("g.tar.svg", b"<?xml"),
            pytest.param("ein Graph ü.svg", b"<?xml", marks=needs_any_letters),
        ],
    )
    @pytest.mark.usefixtures("no_programs")
    def test_the_name_decides(self, tmp_path, name, start):
        path = tmp_path / name
        assert drawing().save(path) == path
        assert path.read_bytes().startswith(start)
        assert os.listdir(tmp_path) == [name]

    @pytest.mark.parametrize("format", ["svg", "png", "dot"])
    def test_a_file_holds_what_render_returns(self, tmp_path, format):
        drawing().save(str(tmp_path / f"g.{format}"))
        assert (tmp_path / f"g.{format}").read_bytes() == drawing().render(format) == drawing().render(format.upper())

    def test_source_is_the_dot_that_draws_the_same_boxes(self):
        assert drawing().render("dot").decode() == drawing().source
        again = render(drawing().source)
        assert again.count(b'class="node"') == drawing().render().count(b'class="node"') == 4

    def test_svg_is_well_formed_and_needs_nothing_from_elsewhere(self):
        svg = drawing().render()
        ET.fromstring(svg)
        assert not re.search(rb"url\(|@import|href=", svg)

    @pytest.mark.parametrize("dot", ["digraph { a -> }", "not a graph", 'digraph { a [label="x] }', ""])
    @pytest.mark.parametrize("format", ["svg", "png"])
    def test_invalid_dot_is_rejected(self, dot, format):
        with pytest.raises(RenderError, match="Graphviz cannot draw the graph"):
            render(dot, format)

    def test_the_next_picture_is_drawn_after_one_that_was_rejected(self):
        whole = render("digraph { a -> b }")
        for bad in ("digraph {", "digraph { a -> }", 'digraph { a [label="'):
            with pytest.raises(RenderError):
                render(bad)
            assert render("digraph { a -> b }") == whole


class TestSize:
    @pytest.mark.parametrize("dot", ["digraph { a }", "digraph { rankdir=LR a -> b -> c }", None])
    def test_the_size_of_an_svg_is_in_plain_numbers(self, dot):
        svg = render(dot) if dot else drawing().render()
        width, height = size_of(svg)
        left, top, right, bottom = map(float, ET.fromstring(svg).get("viewBox").split())
        assert (left, top) == (0, 0)
        assert (width, height) == pytest.approx((right, bottom), abs=1)
        assert width > 30

    @pytest.mark.parametrize("scale", [None, 0.5, 1, 2.0, 3.7])
    def test_a_png_has_scale_times_the_size_of_the_svg(self, scale):
        png = drawing().render("png", scale=scale)
        rows, columns, _ = pixels(png).shape
        width, height = size_of(drawing().render())
        assert (columns, rows) == pytest.approx((width * (scale or 2), height * (scale or 2)), abs=1)

    def test_save_takes_the_scale(self, tmp_path):
        drawing().save(tmp_path / "g.png", scale=1)
        assert (tmp_path / "g.png").read_bytes() == drawing().render("png", scale=1)

    def test_a_huge_picture_is_painted_smaller_unless_asked(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="4000"></svg>'
        columns, rows = struct.unpack(">II", svg_to_png(svg)[16:24])
        assert rows * columns <= 20.1e6
        assert columns / rows == pytest.approx(5, rel=0.01)

    @pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf"), 1e5])
    def test_an_invalid_scale_is_named(self, scale):
        with pytest.raises(ValueError, match=re.escape(repr(scale))):
            drawing().render("png", scale=scale)

    @pytest.mark.parametrize("palette", ["light", "dark"])
    @pytest.mark.parametrize("scale", [1, 2, 3.3])
    def test_the_background_reaches_every_edge_of_a_png(self, palette, scale):
        image = pixels(drawing(palette).render("png", scale=scale))
        rim = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
        assert np.ptp(rim, axis=0).max() == 0
        assert rim[0, 3] == 1


class TestText:
    def test_png_shows_text_without_installed_fonts(self):
        svg = drawing().render()
        blank = re.sub(rb"<text .*?</text>", b"", svg)
        written, empty = pixels(svg_to_png(svg)), pixels(svg_to_png(blank))
        assert written.shape == empty.shape
        ink = np.abs(written - empty).max(axis=2) > 0.3
        for group in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
            assert group.text
        assert ink.sum() > 100 * svg.count(b"<text ")

    @pytest.mark.parametrize("symbol", ["x", "×", "÷", "−", "√x", "σ", "x²", "x⁻¹", "xⁿ", "eˣ−1", "·", "…", "⋮", "ᵀ"])
    def test_every_sign_in_our_pictures_has_a_glyph(self, symbol):
        def image(text):
            return pixels(viz.draw(Value(1.0, text)).render("png"))

        other = "\u0870" * len(symbol)  # no font of matplotlib has it
        assert (image(symbol) != image(" " * len(symbol))).any()
        assert (image(symbol) != image(other)).any()

    def test_a_graph_that_names_no_font_has_text_too(self):
        svg = render('digraph { a [label="a name"] }')
        named, unnamed = pixels(svg_to_png(svg)), pixels(svg_to_png(svg.replace(b"a name", b" ")))
        assert (np.abs(named - unnamed).max(axis=2) > 0.3).sum() > 100

    def test_different_labels_are_different_pictures(self):
        images = {viz.draw(Value(1.0, label)).render("png") for label in ("a", "b", "ä", "α", "−")}
        assert len(images) == 5


class TestFailing:
    @pytest.mark.usefixtures("no_programs")
    @pytest.mark.parametrize("name", ["g.eps", "g.bmp", "g.xyz", "g.svgz"])
    def test_any_other_format_says_what_to_install(self, tmp_path, name):
        message = rf"'{name[2:]}' needs Graphviz, which is not installed \(https://.*\.svg, \.png"
        with pytest.raises(RenderError, match=message):
            drawing().save(tmp_path / name)
        assert os.listdir(tmp_path) == []

    @pytest.mark.usefixtures("no_programs")
    def test_a_pdf_says_that_either_of_two_programs_makes_it(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "typst", None)
        message = r"'pdf' needs the package typst \(the extra `pdf`\) or Graphviz, which is not installed \(https://"
        with pytest.raises(RenderError, match=message):
            drawing().save(tmp_path / "g.pdf")

    @pytest.mark.parametrize("name", ["graph", "graph.", ".svg", ""])
    def test_a_name_without_a_format_is_named(self, tmp_path, name):
        path = os.path.join(tmp_path, "plain", name)
        with pytest.raises(RenderError, match=r"must end with a format such as \.svg.*, not .*"):
            drawing().save(path)

    def test_a_file_stays_as_it_was_when_the_picture_cannot_be_made(self, tmp_path):
        path = tmp_path / "g.png"
        path.write_text("before")
        with pytest.raises(ValueError, match="scale"):
            drawing().save(path, scale=-1)
        assert path.read_text() == "before"

    def test_a_file_is_replaced_when_nothing_fails(self, tmp_path):
        path = tmp_path / "g.svg"
        path.write_text("before")
        drawing().save(path)
        assert path.read_bytes() == drawing().render()


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
class TestInstalledGraphviz:
    @pytest.fixture
    def install(self, tmp_path, monkeypatch):
        def install(body):
            program = tmp_path / "bin" / "dot"
            program.parent.mkdir()
            program.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
            program.chmod(0o755)
            monkeypatch.setenv("PATH", str(program.parent))

        return install

    def test_it_writes_the_other_formats_from_the_same_source(self, install, tmp_path, monkeypatch):
        install("sys.stdout.buffer.write(sys.argv[1].encode() + b'|' + sys.stdin.buffer.read())")
        monkeypatch.setitem(sys.modules, "typst", None)
        drawing().save(tmp_path / "g.PDF")
        assert (tmp_path / "g.PDF").read_bytes() == b"-Tpdf|" + drawing().source.encode()

    def test_svg_png_and_dot_do_not_need_it(self, install):
        install("sys.exit('called')")
        assert drawing().render("png").startswith(b"\x89PNG")

    def test_its_error_message_is_passed_on_and_nothing_is_written(self, install, tmp_path):
        install("sys.exit('Format: \"xyz\" not recognized')")
        with pytest.raises(RenderError, match="Graphviz cannot write 'xyz': Format: \"xyz\" not recognized"):
            drawing().save(tmp_path / "g.xyz")
        assert os.listdir(tmp_path) == ["bin"]


@pytest.mark.parametrize(("scale", "message"), [("a", "positive number, not 'a'"), (1e-9, "less than a pixel")])
def test_the_message_for_an_invalid_scale_says_what_is_wrong(scale, message):
    with pytest.raises(ValueError, match=message):
        drawing().render("png", scale=scale)
