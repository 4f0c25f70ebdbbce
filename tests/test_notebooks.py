"""The notebooks keep their word: they run from top to bottom, and show what is kept of them."""

import re

import pytest

NEEDS = "the notebooks need nbclient, nbformat and ipykernel: pip install 'scalar-autograd[test]'"
nbformat = pytest.importorskip("nbformat", reason=NEEDS)
pytest.importorskip("nbclient", reason=NEEDS)
pytest.importorskip("ipykernel", reason=NEEDS)

from execute import FOLDER, executed, notebooks  # noqa: E402  (it imports them)

NOTEBOOKS = notebooks()
BYTES = 300_000  # at most, of a file


def outputs(notebook):
    """What each cell of code shows: text as it is, of a picture only that it is there.

    Pictures differ by the versions of what draws them. What a cell tagged "varies" shows is none of our business, but
    that it shows something is.
    """
    return {
        cell.id: bool(cell.outputs) if "varies" in cell.metadata.get("tags", []) else [*map(shown, cell.outputs)]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def shown(output):
    if output.output_type == "stream":
        return {output.name: output.text}
    return {kind: content if kind.startswith("text/") else bool(content) for kind, content in output.data.items()}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_runs_and_shows_what_is_kept(path):
    kept, fresh = outputs(nbformat.read(path, as_version=4)), outputs(executed(path))
    assert fresh == kept
    streams = {name for cell in fresh.values() if cell is not True for output in cell for name in output}
    assert "stderr" not in streams  # no warning either


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_kept_notebook_is_small_and_holds_nothing_of_a_machine(path):
    assert path.stat().st_size < BYTES
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.language_info == {"name": "python"}
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}
        assert not any("iframe" in output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))


def test_every_notebook_first_installs_the_package_where_colab_runs_it():
    cells = [nbformat.read(path, as_version=4).cells for path in NOTEBOOKS]
    [first] = {next(cell.source for cell in of_notebook if cell.cell_type == "code") for of_notebook in cells}
    assert 'if "google.colab" in sys.modules:' in first


def test_the_index_lists_every_notebook_in_order():
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    titles = [nbformat.read(path, as_version=4).cells[0].source.splitlines()[0] for path in NOTEBOOKS]
    listed = re.findall(r"^\| \[(.+?)\]\((\S+?\.ipynb)\) \|", index, re.MULTILINE)
    assert listed == [(title.removeprefix("# "), path.name) for title, path in zip(titles, NOTEBOOKS, strict=True)]


def test_each_notebook_leads_to_the_next():
    for path, following in zip(NOTEBOOKS, [*NOTEBOOKS[1:], None], strict=True):
        last = nbformat.read(path, as_version=4).cells[-1].source
        links = [target for target in re.findall(r"\]\((\S+?)\)", last) if target.endswith(".ipynb")]
        assert links == ([following.name] if following else [])
