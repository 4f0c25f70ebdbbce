"""What the site shows besides text is there: examples make their pictures and pages, notebooks are listed."""

import re
from pathlib import Path

import nbformat
import pytest

import viz
from autograd import Value
from docs.examples import GALLERY, default_palette, example, functions, run, run_docstring
from docs.links import missing_files

DOCS = Path(__file__).parents[1] / "docs"
NOTEBOOKS = DOCS.parent / "notebooks"
NAMES = sorted(path.stem for path in GALLERY.glob("*.py"))


def shown(kind):
    """The examples that the directive of this kind shows, on any page."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    if kind == "gallery":
        [content] = re.findall(r"^````\{gallery\}\n(.*?)^````$", text, re.DOTALL | re.MULTILINE)
        return re.findall(r"^(\w+)(?: wide)?$", content.partition(":::")[0], re.MULTILINE)
    return re.findall(rf"^```\{{{kind}\}} (\w+)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_of_the_gallery_makes_what_its_card_shows(name, tmp_path):
    run(name, tmp_path)
    made = {path.name for path in tmp_path.iterdir()}
    assert made in ({f"{name}.html", f"{name}.svg"}, {f"{name}.html", f"{name}.txt"}, {f"{name}.svg"}, {f"{name}.gif"})
    assert example(name).title
    assert example(name).text
    for path in tmp_path.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert "default-src 'none'" in page  # it loads no other file
        assert f'.save("{name}.html")' in example(name).code


def test_every_example_is_shown_and_every_one_shown_exists():
    assert {*shown("gallery"), *shown("live"), *shown("picture")} == {*NAMES}
    assert shown("gallery")[0] == "neuron"


def test_every_frame_shows_an_example_that_makes_a_page():
    assert shown("live")
    for name in shown("live"):
        assert f'.save("{name}.html")' in example(name).code


@pytest.mark.parametrize("function", functions(), ids=lambda function: function.__name__)
def test_the_example_of_each_function_that_draws_makes_the_picture_of_its_reference(function, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    made = tmp_path / "made"
    made.mkdir()
    run_docstring(function, made)
    suffix = "html" if function.__name__.startswith("explore") else "svg"
    assert [path.name for path in made.iterdir()] == [f"viz.{function.__name__}.{suffix}"]
    assert not [*elsewhere.iterdir()]  # what an example skips is not written


def test_examples_are_also_drawn_in_the_dark_palette_and_the_defaults_stay():
    light = viz.draw_network([2, 1]).source
    with default_palette("dark"):
        assert viz.draw_network([2, 1]).source == viz.draw_network([2, 1], palette="dark").source != light
    assert viz.draw_network([2, 1]).source == light


def test_the_page_of_notebooks_lists_them_as_their_own_index_does():
    row = re.compile(r"^\| (\[.+?\])\((?:notebooks/)?(\S+?\.ipynb)\) \| (.+) \|$", re.MULTILINE)
    page = (DOCS / "lessons.md").read_text(encoding="utf-8")
    listed = row.findall(page)
    assert listed == row.findall((NOTEBOOKS / "README.md").read_text(encoding="utf-8"))
    in_tree = page.partition("{toctree}")[2]
    assert re.findall(r"^notebooks/(\S+)$", in_tree, re.MULTILINE) == [name[: -len(".ipynb")] for _, name, _ in listed]


NOTEBOOK = """
import viz
from autograd import Value
x = Value(2.0, "x")
viz.draw(x * x)
---
x = x + 1.0
viz.explore(x * x, title="A <square>")
---
raise RuntimeError("a cell after the last page does not run")
"""


@pytest.fixture
def notebook(monkeypatch):
    """A notebook with a drawing and a page, stored as those of the folder are, and the module that prepares it."""
    monkeypatch.syspath_prepend(DOCS)
    drawing = viz.draw(Value(2.0, "x") * 3.0)._repr_mimebundle_()["image/svg+xml"]
    shown = [
        {"image/svg+xml": drawing, "text/plain": "<drawing of 2 boxes; .save('graph.svg') writes it>"},
        {"image/png": "", "text/plain": "<explorer of 4 nodes; .save('page.html') writes it>"},
        {},
    ]
    cells = [
        nbformat.v4.new_code_cell(source, outputs=[nbformat.v4.new_output("execute_result", data)])
        for source, data in zip(NOTEBOOK.split("---"), shown, strict=True)
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_notebooks_of_the_site_have_pages_that_run_and_drawings_in_two_palettes(notebook, tmp_path, monkeypatch):
    from notebook_pages import for_site

    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for_site(notebook, "N", tmp_path, "../examples")
    assert [*home.iterdir()] == []  # the shell that runs the cells keeps nothing
    drawing, page, _ = [cell.outputs[0].data for cell in notebook.cells]
    assert "prefers-color-scheme:dark" in drawing["image/svg+xml"]
    assert [*page] == ["text/html"]
    assert 'src="../examples/N-1.html" title="A &lt;square&gt;"' in page["text/html"]
    assert "x + 1.0" in (tmp_path / "N-1.html").read_text(encoding="utf-8")  # in its listing


def test_a_stored_page_that_is_outdated_is_an_error(notebook, tmp_path):
    from notebook_pages import for_site

    notebook.cells[1].outputs[0].data["text/plain"] = "<explorer of 9 nodes; .save('page.html') writes it>"
    with pytest.raises(ValueError, match=r"cell 1 must show <explorer of 9 nodes; .*run python -m notebooks.execute"):
        for_site(notebook, "N", tmp_path, "../examples")


def test_a_reference_to_a_missing_file_of_the_site_is_found(tmp_path):
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "a b.html").write_text('<a href="../index.html#top">', encoding="utf-8")
    links = '<a href="#top"><a href="https://example.org/"><img src="data:,"><iframe src="examples/a%20b.html">'
    index = tmp_path / "index.html"
    index.write_text(links, encoding="utf-8")
    assert [*missing_files(tmp_path)] == []
    index.write_text(links + '<iframe src="examples/c.html#x">', encoding="utf-8")
    assert [*missing_files(tmp_path)] == [(index, "examples/c.html#x")]
