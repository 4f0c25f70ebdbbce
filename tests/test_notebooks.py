"""The notebooks are correct: they run from top to bottom, and reproduce their stored outputs."""

import os
import re
from pathlib import Path

import pytest

NEEDS = "the notebooks need nbclient, nbformat, ipykernel and pillow: pip install --group test"
nbformat = pytest.importorskip("nbformat", reason=NEEDS)
for package in ("nbclient", "ipykernel", "PIL"):
    pytest.importorskip(package, reason=NEEDS)

from notebooks.execute import FOLDER, executed, notebooks  # noqa: E402  (it imports them)

NOTEBOOKS = notebooks()
NAMES = [path.stem for path in NOTEBOOKS]
BYTES = 300_000  # at most, of a file
TESTS = Path(__file__).parent / "course"
COURSE = [path for path in NOTEBOOKS if path.parent.name == "course"]
EXAMPLES = {"F": 8, "P": 6, "A": 4, "M": 7, "B": 9, "T": 6}  # of each section
ROWS = [f"{section}{k}" for section, count in EXAMPLES.items() for k in range(1, count + 1)]


def index():
    return (FOLDER / "README.md").read_text(encoding="utf-8")


def markdown(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]


def outputs(notebook):
    """What each code cell shows: text as it is, and for a picture only that there is one.

    Pictures depend on the versions of the packages that draw them. The output of a cell tagged "varies" may differ, but
    there must be some.
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs_and_reproduces_its_stored_outputs(path, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))  # not the profile of whoever runs the tests, who may have no home
    kept, fresh = outputs(nbformat.read(path, as_version=4)), outputs(executed(path))
    assert fresh == kept
    streams = {name for cell in fresh.values() if cell is not True for output in cell for name in output}
    assert "stderr" not in streams  # no warning either


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_stored_notebook_is_small_and_contains_nothing_specific_to_a_machine(path):
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
    titles = [markdown(path)[0].splitlines()[0].removeprefix("# ") for path in NOTEBOOKS]
    listed = re.findall(r"^\| \[(.+?)\]\((\S+?\.ipynb)\) \|", index(), re.MULTILINE)
    names = [path.relative_to(FOLDER).as_posix() for path in NOTEBOOKS]
    assert listed == list(zip(titles, names, strict=True))


def test_each_notebook_leads_to_the_next():
    for path, following in zip(NOTEBOOKS, [*NOTEBOOKS[1:], None], strict=True):
        links = [target for target in re.findall(r"\]\((\S+?)\)", markdown(path)[-1]) if target.endswith(".ipynb")]
        assert links == ([Path(os.path.relpath(following, path.parent)).as_posix()] if following else [])


def test_the_index_links_every_worked_example_to_its_heading_and_its_tests():
    """A heading's anchor, in Jupyter and on nbviewer, is its text with hyphens for spaces."""
    expected = []
    for path in COURSE:
        tests = TESTS / f"test_course_{path.stem[2:]}.py"
        source = tests.read_text(encoding="utf-8")
        for row, title in re.findall(r"^## ([A-Z]\d) · (.+)$", "\n".join(markdown(path)), re.MULTILINE):
            heading = f"{row} · {title}"
            names = re.findall(rf"^(?:def|class) ((?i:test_?{row})(?!\d)\w*)", source, re.MULTILINE)
            assert names, f"no test of {row}"
            anchor = heading.replace(" ", "-")
            expected.append((heading, f"course/{path.name}#{anchor}", names, f"../tests/course/{tests.name}"))
    rows = r"^\| \[([A-Z]\d · .+?)\]\((\S+?)\) \| (.+?): \[.+?\]\((\S+?)\) \|$"
    listed = [
        (heading, notebook, re.findall(r"`(\w+)`", names), tests)
        for heading, notebook, names, tests in re.findall(rows, index(), re.MULTILINE)
    ]
    assert listed == expected
    assert [heading.split()[0] for heading, *_ in listed] == ROWS
