"""The notebooks are correct: they run, reproduce their stored outputs, and their exercises tell right from wrong."""

import os
import re
from pathlib import Path

import pytest

NEEDS = "the notebooks need the extra teaching: pip install --group test"
nbformat = pytest.importorskip("nbformat", reason=NEEDS)
for package in ("nbclient", "ipykernel", "PIL", "markdown_it"):
    pytest.importorskip(package, reason=NEEDS)

from notebooks.execute import FOLDER, executed_with, notebooks  # noqa: E402  (it imports them)
from notebooks.kit.answers import answers_of  # noqa: E402  (as above)
from notebooks.kit.cells import answers_in, exercises_of, prompts_of  # noqa: E402  (as above)

NOTEBOOKS = notebooks()
NAMES = [path.stem for path in NOTEBOOKS]
BYTES = 300_000  # at most, of a file
WORDS, LINES = 45, 14  # at most, of a cell on a slide
TESTS = Path(__file__).parent / "course"
SECTIONS = {  # the tests of the rows of each letter
    "F": ("functions", 8),
    "P": ("perceptrons", 6),
    "A": ("activations", 4),
    "M": ("networks", 7),
    "B": ("backpropagation", 9),
    "T": ("learning", 6),
}
PICTURES = {"image/png", "image/svg+xml", "image/gif"}


def read(path):
    return nbformat.read(path, as_version=4)


def index():
    return (FOLDER / "README.md").read_text(encoding="utf-8")


def markdown(path):
    return [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]


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
def test_a_notebook_reproduces_its_outputs_and_its_checks_accept_the_answers_and_refuse_mistakes(
    path, tmp_path, monkeypatch
):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))  # not the profile of whoever runs the tests, who may have no home
    stored, answers = read(path), answers_of(path)
    empty = answers_in(stored)
    attempts = {
        answer.name: [empty[answer.name], *answer.wrong, *answer.code] for answer in answers if answer.is_exercise
    }
    notebook = read(path)
    for number, code in enumerate(code for answer in answers if not answer.is_exercise for code in answer.code):
        notebook.cells.append(nbformat.v4.new_code_cell(code, id=f"try-{number}"))
    notebook, grades = executed_with(notebook, attempts)

    kept = outputs(stored)
    fresh = {name: cell for name, cell in outputs(notebook).items() if name in kept}
    assert fresh == kept
    streams = {name for cell in fresh.values() if cell is not True for output in cell for name in output}
    assert "stderr" not in streams  # no warning either
    for name, found in grades.items():
        *refused, accepted = found
        assert accepted.ok, f"the answer to exercise {name} is refused: {accepted.message}"
        for number, grade in enumerate(refused):
            what = "the empty cell" if number == 0 else f"mistake {number}"
            assert not grade.ok, f"the check of exercise {name} accepts {what}"
            assert "Error" not in grade.message.split(":")[0], f"{what} of exercise {name}: {grade.message}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_stored_notebook_is_small_and_contains_nothing_specific_to_a_machine(path):
    assert path.stat().st_size < BYTES
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.language_info == {"name": "python"}
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags", "alt", "slideshow"}
        assert not any("iframe" in output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_every_picture_is_described_for_who_cannot_see_it(path):
    for cell in read(path).cells:
        pictures = any(PICTURES & output.get("data", {}).keys() for output in cell.get("outputs", []))
        described = len(cell.metadata.get("alt", "").split()) > 5
        assert described == pictures, cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_slides_have_few_words_and_short_code(path):
    cells = read(path).cells
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type", "-") for cell in cells]
    assert kinds.count("slide") > 5
    for cell, kind in zip(cells, kinds, strict=True):
        if kind not in ("skip", "notes"):
            if cell.cell_type == "code":
                assert len(cell.source.splitlines()) <= LINES, cell.source
            else:
                words = re.sub(r"\$\$.*?\$\$|<details>.*?</details>", "", cell.source, flags=re.DOTALL).split()
                assert len(words) <= WORDS, cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_every_exercise_and_prompt_has_its_answer_apart(path):
    notebook, answers = read(path), answers_of(path)
    exercises = exercises_of(notebook)
    assert 3 <= len(exercises) <= 6
    assert [exercise.name for exercise in exercises] == [f"{int(path.name[:2])}.{k + 1}" for k in range(len(exercises))]
    given = [(answer.name, answer.title) for answer in answers if answer.is_exercise]
    assert given == [(exercise.name, exercise.title) for exercise in exercises]
    assert all(len(answer.wrong) >= 2 for answer in answers if answer.is_exercise)
    assert [answer.name for answer in answers if not answer.is_exercise] == prompts_of(notebook)
    assert "Solution" not in "\n".join(markdown(path))


def test_every_notebook_first_installs_the_package_where_colab_runs_it():
    cells = [read(path).cells for path in NOTEBOOKS]
    [first] = {next(cell.source for cell in of_notebook if cell.cell_type == "code") for of_notebook in cells}
    assert 'if "google.colab" in sys.modules:' in first


def test_the_index_lists_every_notebook_in_order():
    titles = [markdown(path)[0].splitlines()[0].removeprefix("# ") for path in NOTEBOOKS]
    assert [title.split(" · ")[0] for title in titles] == [str(number) for number in range(len(NOTEBOOKS))]
    listed = re.findall(r"^\| \[(.+?)\]\((\S+?\.ipynb)\) \|", index(), re.MULTILINE)
    names = [path.relative_to(FOLDER).as_posix() for path in NOTEBOOKS]
    assert listed == list(zip(titles, names, strict=True))


def test_each_notebook_leads_to_the_next():
    for path, following in zip(NOTEBOOKS, [*NOTEBOOKS[1:], None], strict=True):
        links = [target for target in re.findall(r"\]\((\S+?)\)", markdown(path)[-1]) if target.endswith(".ipynb")]
        assert links == ([Path(os.path.relpath(following, path.parent)).as_posix()] if following else [])


def test_links_between_notebooks_and_pages_lead_somewhere():
    """To files that are there, and to headings of notebooks that are there."""
    pages = {path: "\n".join(markdown(path)) for path in NOTEBOOKS}
    headings = {
        path.name: {title.replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        for path, text in pages.items()
    }
    for path, text in {**pages, FOLDER / "README.md": index()}.items():
        for target, _, anchor in re.findall(r"\]\(([^)#\s]+)(#((?:[^()\s]|\([^()\s]*\))+))?\)", text):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name} links to {target}"
                if anchor and target.endswith(".ipynb"):
                    assert anchor in headings[target], f"{path.name} links to {target}#{anchor}"


def test_the_index_links_every_worked_example_to_its_heading_and_its_tests():
    """A heading's anchor, in Jupyter and on nbviewer, is its text with hyphens for spaces."""
    expected = []
    for path in NOTEBOOKS:
        for row, title in re.findall(r"^## ([A-Z]\d) · (.+)$", "\n".join(markdown(path)), re.MULTILINE):
            tests = TESTS / f"test_course_{SECTIONS[row[0]][0]}.py"
            heading = f"{row} · {title}"
            names = re.findall(
                rf"^(?:def|class) ((?i:test_?{row})(?!\d)\w*)", tests.read_text(encoding="utf-8"), re.MULTILINE
            )
            assert names, f"no test of {row}"
            anchor = heading.replace(" ", "-")
            expected.append((heading, f"{path.name}#{anchor}", names, f"../tests/course/{tests.name}"))
    rows = r"^\| \[([A-Z]\d · .+?)\]\((\S+?)\) \| (.+?): \[.+?\]\((\S+?)\) \|$"
    listed = [
        (heading, notebook, re.findall(r"`(\w+)`", names), tests)
        for heading, notebook, names, tests in re.findall(rows, index(), re.MULTILINE)
    ]
    assert listed == expected
    every = [f"{section}{k}" for section, (_, count) in SECTIONS.items() for k in range(1, count + 1)]
    assert sorted(heading.split()[0] for heading, *_ in listed) == sorted(every)
