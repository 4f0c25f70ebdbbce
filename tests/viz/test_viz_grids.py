"""Matrices as grids of numbers."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

import viz
from autograd import Value, array
from viz.pictures.palette import DARK, LIGHT

X = np.array([[1.0, 2.0], [3.0, -4.5], [0.0, 1 / 3]])
SVG = "{http://www.w3.org/2000/svg}"


def texts(picture):
    """Each text of the picture with its place, in the order of the file."""
    root = ElementTree.fromstring(picture.render())
    return [(text.text, float(text.get("x")), float(text.get("y"))) for text in root.iter(f"{SVG}text")]


def words(*parts, **options):
    return [text for text, _, _ in texts(viz.draw_matrices(*parts, **options))]


def bold(picture):
    root = ElementTree.fromstring(picture.render())
    return [text.text for text in root.iter(f"{SVG}text") if text.get("font-weight") == "bold"]


def test_each_matrix_has_its_name_its_shape_and_its_entries_row_by_row():
    assert words(("X", X)) == ["X", "3×2", "1", "2", "3", "−4.5", "0", "0.333"]
    assert words(("b", [0.5, -0.0])) == ["b", "2", "0.5", "0"]
    assert words(("W", [["W₁₁", "W₁₂"]])) == ["W", "1×2", "W₁₁", "W₁₂"]


@given(arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.floats(-1e6, 1e6)))
@settings(deadline=None, max_examples=20)
def test_entries_stand_in_the_rows_and_columns_of_their_matrix(numbers):
    _, _, *entries = texts(viz.draw_matrices(("A", numbers)))
    rows = np.array([y for _, _, y in entries]).reshape(numbers.shape)
    columns = np.array([x for _, x, _ in entries]).reshape(numbers.shape)
    assert (rows == rows[:, :1]).all()
    assert (np.diff(rows[:, 0]) > 0).all()
    assert (columns == columns[:1]).all()
    assert (np.diff(columns[0]) > 0).all()


def test_parts_stand_from_left_to_right_in_the_order_given():
    places = [(text, x) for text, x, _ in texts(viz.draw_matrices(("A", [[1.0]]), "⊙", ("B", X), "=", ("C", [2.0])))]
    order = [next(x for text, x in places if text == part) for part in ("A", "⊙", "B", "=", "C")]
    assert order == sorted(order)


@pytest.mark.parametrize("index", [1, (slice(None), 0), (2, 1), np.s_[:], X > 0.5], ids=str)
def test_the_entries_at_an_index_stand_out_and_no_others(index):
    marked = np.zeros(X.shape, bool)
    marked[index] = True
    picture = viz.draw_matrices(("X", X, index))
    assert bold(picture) == ["X", *(text for text, on in zip(words(("X", X))[2:], marked.flat, strict=True) if on)]
    cells = re.findall(rf'stroke="{LIGHT.highlight}"[^>]* d="([^"]*)"', picture.render().decode())
    assert sum(path.count("M") for path in cells) == marked.sum()


def test_values_show_their_numbers_and_are_not_changed():
    values = array([[Value(2.0, "x"), 3.0]])
    values[0, 0].backward()
    assert words(("X", values)) == ["X", "1×2", "2", "3"]
    assert values[0, 0].grad == 1.0


def test_the_precision_is_that_of_the_entries():
    assert words(("X", [1 / 3, 2000.0]), precision=1)[2:] == ["0.3", "2e3"]
    assert words(("X", [1 / 3, 2000.0]), precision=5)[2:] == ["0.33333", "2000"]


def test_no_entry_is_wider_than_its_cell():
    numbers = [[-123456.789, 1.0], [2.0, 3.0]]
    _, _, *entries = texts(viz.draw_matrices(("A", numbers), precision=9))
    assert entries[1][1] - entries[0][1] > 8.4 * len("−123456.789")


def test_names_are_text_and_not_markup():
    assert words(("<A> & B", [1.0]))[0] == "<A> & B"


def test_a_palette_is_that_of_the_file_and_auto_follows_the_notebook():
    light, dark, auto = (viz.draw_matrices(("X", X), palette=name) for name in ("light", "dark", "auto"))
    assert LIGHT.background in light.render().decode()
    assert DARK.background in dark.render().decode()
    assert auto.render() == light.render()
    assert auto._repr_mimebundle_().keys() == {"image/svg+xml", "text/plain", "text/html"}
    assert dark._repr_mimebundle_().keys() == {"image/svg+xml", "text/plain"}
    assert (auto._mime_()[0], dark._mime_()[0]) == ("text/html", "image/svg+xml")


def test_files_have_the_format_of_their_name(tmp_path):
    picture = viz.draw_matrices(("X", X, 0), "=", ("Y", X))
    assert picture.save(tmp_path / "x.svg").read_bytes() == picture.render()
    assert picture.save(tmp_path / "x.png", scale=1).read_bytes().startswith(b"\x89PNG")
    with pytest.raises(viz.RenderError, match="'svg', 'png' or 'pdf', not 'gif'"):
        picture.save(tmp_path / "x.gif")


def test_a_pdf_contains_the_picture(tmp_path):
    pytest.importorskip("typst")
    assert viz.draw_matrices(("X", X)).save(tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ((), ValueError, "at least one matrix"),
        (("=",), ValueError, "at least one matrix"),
        ((X,), TypeError, 'a tuple such as \\("X"'),
        ((("X",),), TypeError, "a part must be"),
        ((("X", [[]]),), ValueError, "X must be a vector or a matrix"),
        ((("X", 1.0),), ValueError, "X must be a vector or a matrix .* not 1.0"),
        ((("X", np.ones((2, 2, 2))),), ValueError, "not 2×2×2"),
        ((("X", np.ones((25, 1))),), ValueError, "1 to 24 rows and columns, not 25×1"),
        ((("X", X, 3),), IndexError, "out of bounds"),
    ],
)
def test_what_cannot_be_drawn_is_refused(parts, error, message):
    with pytest.raises(error, match=message):
        viz.draw_matrices(*parts)


def test_options_out_of_range_are_refused():
    with pytest.raises(ValueError, match="palette"):
        viz.draw_matrices(("X", X), palette="blue")
    with pytest.raises(ValueError, match="precision"):
        viz.draw_matrices(("X", X), precision=0)
