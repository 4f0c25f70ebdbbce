"""The kit for teachers: editions of notebooks, slides, paper, and grades, all without a network."""

import base64
import copy
import csv
import re
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

NEEDS = "the kit needs the extra teaching: pip install --group test"
nbformat = pytest.importorskip("nbformat", reason=NEEDS)
markdown_it = pytest.importorskip("markdown_it", reason=NEEDS)
for package in ("nbclient", "nbconvert", "ipykernel", "pypandoc", "sphinx_revealjs", "typst"):
    pytest.importorskip(package, reason=NEEDS)

from notebooks.execute import executed, executed_with, notebooks  # noqa: E402  (it imports them)
from notebooks.kit import __main__ as command, answers, cells, editions, grading, paper, reading, slides  # noqa: E402  (as above)
from notebooks.kit.formulas import mathml, with_mathml  # noqa: E402  (as above)

v4 = nbformat.v4
NAMES = {path.name: path for path in notebooks()}
ANSWERS = """# Answers to 42 · A test

## Exercise 42.1: double

Add the number to itself.

```python
double = lambda x: x + x
```

Wrong: the square.

```python wrong
double = lambda x: x * x
```

```python wrong
double = 2
```

## Try it 42a

It is 12.

```python
print(double(6))
```
"""


@pytest.fixture(scope="module")
def ran():
    """A notebook with a picture, a formula, a page and an exercise, which was run."""
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# 42 · A test", metadata={"slideshow": {"slide_type": "slide"}}),
            v4.new_code_cell("import viz\nfrom autograd import Value\nx = Value(2.0, 'x')"),
            v4.new_markdown_cell("## A *square*, $x_1^2$", metadata={"slideshow": {"slide_type": "slide"}}),
            v4.new_code_cell("viz.draw(x * x)", metadata={"alt": "A graph <of> x times x."}),
            v4.new_code_cell("viz.latex(x * x)"),
            v4.new_markdown_cell("For the speaker", metadata={"slideshow": {"slide_type": "notes"}}),
            v4.new_code_cell("viz.explore(x * x)", metadata={"alt": "The steps of the square."}),
            v4.new_markdown_cell(
                "### Exercise 42.1: double\n\nWrite a function.\n\n"
                "<details><summary>Hint</summary>\n\nAdd.\n\n</details>"
            ),
            v4.new_code_cell("double = ...", metadata={"tags": ["exercise"]}),
            v4.new_code_cell(
                "viz.check_function(double if callable(double) else lambda x: ..., lambda x: 2 * x, [1.0, 3.0])",
                metadata={"tags": ["check"]},
            ),
            v4.new_markdown_cell("**Try it 42a.** Double 6."),
            v4.new_markdown_cell("The end."),
        ]
    )
    return executed(notebook)


@pytest.fixture
def chapter(ran, tmp_path):
    """The file of the notebook, next to its answers."""
    path = tmp_path / "42_test.ipynb"
    nbformat.write(ran, path)
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "42_test.md").write_text(ANSWERS, encoding="utf-8")
    return path


def read(path):
    return nbformat.read(path, as_version=4)


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells)


def test_answers_are_read_with_their_mistakes(chapter):
    exercise, prompt = answers.answers_of(chapter)
    assert exercise[:2] == ("42.1", "double")
    assert exercise.code == ("double = lambda x: x + x\n",)
    assert exercise.wrong == ("double = lambda x: x * x\n", "double = 2\n")
    assert exercise.text == "Add the number to itself.\n\n```python\ndouble = lambda x: x + x\n```"
    assert prompt.name == "42a"
    assert not prompt.is_exercise
    assert prompt.code == ("print(double(6))\n",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("## Try it 42a", "## Try it", r"a heading of 42_test\.md must be .*not 'Try it'"),
        ("```python wrong", "```python", r"exercise 42\.1 of 42_test\.md must have one answer, not 3"),
    ],
)
def test_a_file_of_answers_in_another_form_is_an_error(chapter, old, new, words):
    file = chapter.parent / "answers" / "42_test.md"
    file.write_text(ANSWERS.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        answers.answers_of(chapter)


def test_an_answer_may_have_a_heading_of_the_level_of_its_exercise_and_a_file_may_have_none(chapter):
    file, before = chapter.parent / "answers" / "42_test.md", answers.answers_of(chapter)
    file.write_text(ANSWERS.replace("## ", "### "), encoding="utf-8")
    assert answers.answers_of(chapter) == before
    file.write_text("# Answers\n\nNone yet.\n", encoding="utf-8")
    assert answers.answers_of(chapter) == []


def test_an_exercise_without_a_check_is_an_error(chapter):
    notebook = read(chapter)
    notebook.cells[9].metadata.tags = []
    with pytest.raises(ValueError, match=r"exercise 42\.1 must have one cell tagged 'check', not 0"):
        cells.exercises_of(notebook)


def test_students_get_no_outputs_and_no_answers(chapter):
    edition = editions.students(read(chapter))
    assert text_of(edition) == text_of(read(chapter))
    assert not any(cell.get("outputs") for cell in edition.cells)
    assert "x + x" not in nbformat.writes(edition)


def test_teachers_get_every_answer_in_its_cell_and_it_is_right(chapter):
    edition = executed(editions.teachers(read(chapter), answers.answers_of(chapter)))
    nbformat.validate(edition)
    assert edition.cells[8].source == "double = lambda x: x + x"
    assert edition.cells[9].outputs[0].data["text/plain"] == "right"
    assert "**Answer to 42.1.** Add the number to itself." in text_of(edition)
    assert "**Try it 42a.** It is 12." in text_of(edition)
    assert edition.cells[-1].source == "The end."
    assert "x * x" not in edition.cells[10].source  # no mistakes


def test_slides_need_no_network_and_no_script_for_math(chapter, tmp_path):
    out = tmp_path / "slides"
    out.mkdir()
    slides.save_reveal(out)
    slides.save_slides(read(chapter), out / "42_test.html")
    text = (out / "42_test.html").read_text(encoding="utf-8")
    loaded = re.findall(r'(?:src|href)="(?!data:|#)([^"]+)"', text)
    assert loaded
    for target in loaded:
        assert (out / target).is_file(), target
    assert not re.search(r"url\(['\"]?https?:|@import|import .* from|fetch\(", text)
    assert "<math" in text
    assert "MathJax" not in text
    for style in (out / "reveal.js").rglob("*.css"):
        if style.name in ("white.css", "reveal.css"):
            assert not re.search(r"url\(['\"]?https?:", style.read_text(encoding="utf-8"))


def test_slides_show_each_step_of_a_page_as_a_build_with_alternative_text(chapter, tmp_path):
    slides.save_slides(read(chapter), tmp_path / "42_test.html")
    text = (tmp_path / "42_test.html").read_text(encoding="utf-8")
    steps = re.findall(r'<img alt="The steps of the square. Step (\d+)."[^>]* src="(steps/42_test-6-\d+\.svg)"', text)
    assert [int(number) for number, _ in steps] == list(range(5))
    assert all((tmp_path / file).is_file() for _, file in steps)
    assert 'alt="A graph &lt;of&gt; x times x."' in text
    assert re.search(r'<aside class="notes">.*For the speaker', text, re.DOTALL)


def test_a_drawing_that_is_higher_than_a_slide_gets_more_of_its_height(chapter, tmp_path):
    notebook = read(chapter)
    output = notebook.cells[3].outputs[0]
    for height, tall in ((300, False), (900, True)):
        output.data = {"image/svg+xml": f'<svg width="500" height="{height}"></svg>'}
        slides.save_slides(notebook, tmp_path / "42_test.html")
        text = (tmp_path / "42_test.html").read_text(encoding="utf-8")
        picture = re.search(r'<img alt="A graph[^>]*? src="data:', text)[0]
        assert ('class="tall"' in picture) == tall
    assert "img.tall" in text


def test_a_drawing_is_as_large_on_a_slide_whoever_ran_the_notebook(chapter, tmp_path):
    notebook = read(chapter)
    texts = []
    for more in ({}, {"text/html": "<svg>the same for a notebook</svg>"}):
        notebook.cells[3].outputs[0].data |= more
        slides.save_slides(notebook, tmp_path / "42_test.html")
        texts.append((tmp_path / "42_test.html").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]


def test_formulas_become_mathml_and_code_stays():
    text = with_mathml("a $x_1 * y$ and `$HOME` and\n\n$$\\frac{1}{2}$$\n\n```\n$z$\n```")
    assert text.count("<math") == 2
    assert "`$HOME`" in text
    assert "```\n$z$\n```" in text
    assert "<mfrac>" in mathml(r"\frac{1}{2}")
    assert mathml(r"\lVert W \rVert^2").count('stretchy="false">‖') == 2
    assert mathml(r"\frac12") == mathml(r"\frac{1}{2}")  # as TeX reads it


def test_short_fractions_and_arrays_become_mathml():
    assert mathml(r"\frac12") == mathml(r"\frac{1}{2}")
    table = mathml(r"\begin{array}{l|l} a & b \\ \hline c & d \end{array}")
    assert table.count("<mtr>") == 2
    assert table.count("text-align: left") == 4
    with pytest.raises(ValueError, match=r"the formula '.*nosuch.*' must have only commands"):
        mathml(r"\nosuch{x}")


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_of_the_course_can_be_drawn_without_a_script(name):
    notebook = read(NAMES[name])
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert "$$" not in re.sub(r"```.*?```", "", with_mathml(cell.source), flags=re.DOTALL)
        for output in cell.get("outputs", []):
            if tex := output.get("data", {}).get("text/latex"):
                assert "<math" in mathml(tex.strip("$\n "), block=True)


@pytest.mark.parametrize("fraction", [r"\frac12", r"\tfrac 12", r"\frac1 2"])
def test_a_fraction_of_two_digits_needs_no_braces(fraction):
    command = fraction.split("1")[0].strip()
    assert mathml(f"{fraction} (a - y)^2") == mathml(f"{command}{{1}}{{2}} (a - y)^2")
    assert mathml(r"\frac1m x") == mathml(r"\frac{1}{m} x")


def test_a_worksheet_has_the_exercises_and_its_key_the_answers(chapter):
    notebook = read(chapter)
    sheet, key = paper.worksheet(notebook), paper.worksheet(notebook, answers.answers_of(chapter))
    assert "Write a function." in text_of(sheet)
    assert "x + x" not in nbformat.writes(sheet)
    assert "check_function" not in text_of(sheet)
    assert "x + x" in text_of(key)
    assert "x * x" not in text_of(key)


@pytest.mark.parametrize("before", ["", "Add.\n\n"])
def test_an_answer_that_begins_with_code_keeps_its_block(before):
    tokens = markdown_it.MarkdownIt().parse(cells.headed("Answer.", f"{before}```python\ndouble = 2\n```"))
    assert [token.content for token in tokens if token.type == "fence"] == ["double = 2\n"]
    assert tokens[1].content.startswith("**Answer.**")


def test_a_long_line_of_output_goes_on_in_the_next_line_on_paper(tmp_path):
    letters = "".join(chr(ord("a") + number % 26) for number in range(250))
    notebook = executed(
        v4.new_notebook(cells=[v4.new_code_cell(f"print({letters!r})\nprint()\nprint('end')\n{letters!r}")])
    )
    [cell] = [*paper.handout(notebook).cells]
    [part] = paper._for_paper(cell)
    for text, whole in ((part.outputs[0].text, f"{letters}end"), (part.outputs[1].data["text/plain"], repr(letters))):
        assert max(map(len, text.splitlines())) <= 100
        assert text.replace("\n", "") == whole


@pytest.mark.parametrize(
    ("pixels", "screen", "inches"), [(1800, 900, 6.3), (400, 200, 1.8), (400, None, 3.6), (3000, None, 6.3)]
)
def test_no_picture_is_wider_than_the_text_on_paper(tmp_path, monkeypatch, pixels, screen, inches):
    content, sources = BytesIO(), []
    Image.new("RGB", (pixels, 100), "white").save(content, "PNG")
    output = v4.new_output("display_data", {"image/png": base64.b64encode(content.getvalue()).decode()})
    output.metadata = {"image/png": {"width": screen, "height": 50}} if screen else {}
    notebook = v4.new_notebook(cells=[v4.new_code_cell("figure", outputs=[output])])

    def compiled(source, root):
        [picture] = Path(root).rglob("*.png")
        with Image.open(picture) as image:
            sources.append((source.read_text(encoding="utf-8"), image.width / image.info["dpi"][0]))
        return b""

    monkeypatch.setattr(paper.typst, "compile", compiled)
    paper.save_pdf(notebook, tmp_path / "paper.pdf")
    [(source, width)] = sources
    assert "width:" not in source[source.index("image(") :]
    assert width == pytest.approx(inches, abs=0.05)


def test_paper_is_pdf(chapter, tmp_path):
    for name, notebook in (("handout", paper.handout(read(chapter))), ("sheet", paper.worksheet(read(chapter)))):
        paper.save_pdf(notebook, tmp_path / f"{name}.pdf")
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF-")


def submitted(name, folder, chosen):
    """A notebook of the course with answers in its exercises, in a folder of a student."""
    notebook = read(NAMES[name])
    given = {answer.name: chosen(answer) for answer in answers.answers_of(NAMES[name]) if answer.is_exercise}
    for exercise in cells.exercises_of(notebook):
        notebook.cells[exercise.answer].source = given[exercise.name]
        notebook.cells[exercise.check].source = "True"  # a student's check does not count
    folder.mkdir()
    nbformat.write(notebook, folder / name)
    return folder / name


def test_what_students_hand_in_is_graded_by_the_checks_of_the_course(tmp_path):
    name = min(NAMES)
    right = submitted(name, tmp_path / "ada", lambda answer: answer.code[0])
    wrong = submitted(name, tmp_path / "bob", lambda answer: answer.wrong[0])
    assert command.main(["grade", str(right), str(wrong), "--output", str(tmp_path / "points.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "points.csv").read_text(encoding="utf-8").splitlines()))
    exercises = len(cells.exercises_of(read(NAMES[name])))
    assert [row["points"] for row in rows] == ["1"] * exercises + ["0"] * exercises
    assert {row["notebook"] for row in rows} == {str(right), str(wrong)}
    assert all(row["message"] for row in rows)


def test_a_notebook_of_another_name_is_not_graded(tmp_path, capsys):
    assert command.main(["grade", str(tmp_path / "mine.ipynb")]) == 1
    assert "must have the name of a notebook of the course" in capsys.readouterr().err


def test_the_command_makes_the_chosen_parts(tmp_path, capsys):
    assert command.main(["make", str(tmp_path / "kit"), "--chapters", "0", "--parts", "students", "worksheets"]) == 0
    [name] = [name for name in NAMES if name.startswith("00")]
    made = sorted(path.relative_to(tmp_path / "kit").as_posix() for path in (tmp_path / "kit").rglob("*.*"))
    stem = Path(name).stem
    assert made == [f"students/{name}", f"worksheets/{stem}.pdf", f"worksheets/{stem}_key.pdf"]
    assert command.main(["make", str(tmp_path / "kit"), "--chapters", "77"]) == 1
    assert "chapters must be from 0 to" in capsys.readouterr().err


def test_a_notebook_of_ones_own_is_made_and_graded_in_the_same_way(chapter, tmp_path):
    assert command.main(["make", str(tmp_path / "kit"), "--notebooks", str(chapter), "--parts", "students"]) == 0
    handed_in = read(tmp_path / "kit" / "students" / "42_test.ipynb")
    handed_in.cells[8].source = "def double(x):\n    return x + x"
    nbformat.write(handed_in, tmp_path / "ada.ipynb")
    table = tmp_path / "points.csv"
    assert command.main(["grade", str(tmp_path / "ada.ipynb"), "--notebook", str(chapter), "--output", str(table)]) == 0
    [row] = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    assert [*row.values()] == [str(tmp_path / "ada.ipynb"), "42.1", "1", "right"]


def test_a_teachers_notebook_needs_an_answer_to_each_exercise(chapter):
    with pytest.raises(ValueError, match=r"exercise 42\.1 must have an answer in the folder answers"):
        editions.teachers(read(chapter), [])


ATTEMPTS = {
    "double = lambda x: x + x": (True, "right"),
    "while True: print('x' * 10_000)": (False, "it takes more than 3 seconds"),
    "import os\nos._exit(1)": (False, "it ends Python"),
    "viz.check_function = lambda *arguments: True\ndouble = 2": (False, "not yet: at 1.0: it returns ..."),
    "viz = None": (False, "AttributeError"),
    "x = 5\nprint('x' * 10**7)\ndouble = lambda x: x + x": (True, "right"),
    "raise ValueError('x' * 10**6)": (False, "ValueError: xxx"),
    "import autograd\nautograd.Value.__mul__ = None\ndouble = lambda x: x + x": (True, "right"),
}


def test_an_attempt_changes_neither_its_check_nor_the_rest_and_cannot_end_the_grading(chapter):
    notebook = read(chapter)
    del notebook.cells[2:7]
    notebook.cells.append(v4.new_code_cell("(x * x).data"))
    notebook, grades = executed_with(notebook, {"42.1": [*ATTEMPTS]}, seconds=3)
    for grade, (attempt, (ok, message)) in zip(grades["42.1"], ATTEMPTS.items(), strict=True):
        assert grade.ok == ok, attempt
        assert grade.message.startswith(message), attempt
        assert len(grade.message) <= 500
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "4.0"


def test_a_submitted_cell_is_found_by_its_identifier_or_below_its_heading_or_is_missing(chapter):
    handed_out, submitted = read(chapter), read(chapter)
    submitted.cells[8].source = "double = 7"
    submitted.cells[8].metadata.tags = []
    assert cells.submitted_answers(submitted, handed_out) == {"42.1": "double = 7"}
    submitted.cells[8].metadata.tags = ["exercise"]
    submitted.cells[8].id = "another"
    del submitted.cells[9]  # the check
    assert cells.submitted_answers(submitted, handed_out) == {"42.1": "double = 7"}
    del submitted.cells[8]
    assert cells.submitted_answers(submitted, handed_out) == {"42.1": None}


def test_a_file_that_is_no_notebook_and_a_missing_cell_get_no_points_and_the_others_theirs(chapter, tmp_path, capsys):
    empty, broken, right = read(chapter), tmp_path / "broken.ipynb", read(chapter)
    del empty.cells[7:]
    nbformat.write(empty, tmp_path / "empty.ipynb")
    broken.write_text("not JSON", encoding="utf-8")
    right.cells[8].source = "double = lambda x: x + x"
    nbformat.write(right, tmp_path / "right.ipynb")
    files = [str(tmp_path / f"{name}.ipynb") for name in ("empty", "broken", "right")]
    assert command.main(["grade", *files, "--notebook", str(chapter)]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))[1:]
    assert [row[2] for row in rows] == ["0", "0", "1"]
    assert rows[0][3] == "its cell is missing"
    assert rows[1][3].startswith("the file cannot be read as a notebook")
    assert command.main(["grade", str(tmp_path / "nowhere.ipynb"), "--notebook", str(chapter)]) == 1


def test_the_lines_of_a_message_stand_apart_in_one_line(chapter, capsys):
    handed_out = read(chapter)
    handed_out.cells[9].source = "type('Lines', (), {'__str__': lambda self: 'one of 2 right\\n  missing:  b\\n'})()"
    nbformat.write(handed_out, chapter)
    assert command.main(["grade", str(chapter), "--notebook", str(chapter)]) == 0
    [row] = csv.DictReader(capsys.readouterr().out.splitlines())
    assert row["message"] == "one of 2 right; missing: b"


def test_two_exercises_with_one_number_or_a_check_above_the_answer_are_errors(chapter):
    notebook = read(chapter)
    notebook.cells += [notebook.cells[7], notebook.cells[8], notebook.cells[9]]
    with pytest.raises(ValueError, match=r"there must be one exercise 42\.1, not 2"):
        cells.exercises_of(notebook)
    notebook = read(chapter)
    notebook.cells[8], notebook.cells[9] = notebook.cells[9], notebook.cells[8]
    with pytest.raises(ValueError, match=r"the check of exercise 42\.1 must stand below"):
        cells.exercises_of(notebook)


def test_notebooks_of_one_name_do_not_overwrite_each_other(chapter, tmp_path, capsys):
    arguments = ["make", str(tmp_path / "kit"), "--notebooks", str(chapter), str(chapter), "--parts", "students"]
    assert command.main(arguments) == 1
    assert "notebooks must have different names, not twice 42_test" in capsys.readouterr().err


def test_an_error_says_which_notebook_and_part_it_is_about(chapter, tmp_path, capsys):
    (chapter.parent / "answers" / "42_test.md").unlink()
    arguments = ["make", str(tmp_path / "kit"), "--notebooks", str(chapter), "--parts", "teachers"]
    assert command.main(arguments) == 1
    assert "error: 42_test.ipynb: exercise 42.1 must have an answer" in capsys.readouterr().err
    assert not (tmp_path / "kit").exists()


def unrun(notebook):
    notebook.update(editions.students(notebook))


def without_its_exercise(notebook):
    del notebook.cells[7:10]


def without_its_check(notebook):
    notebook.cells[9].metadata.tags = []


def with_a_page_that_is_not_stored(notebook):
    notebook.cells[6].source = "undefined"


@pytest.mark.parametrize(
    ("change", "part", "words"),
    [
        (unrun, "students", "42_test.ipynb: it must be run and saved with its outputs"),
        (without_its_exercise, "students", "42_test.ipynb: the answer to exercise 42.1 must have an exercise"),
        (without_its_check, "students", "42_test.ipynb: exercise 42.1 must have one cell tagged 'check', not 0"),
        (with_a_page_that_is_not_stored, "pages", "pages of 42_test.ipynb: cell 6 raises NameError"),
    ],
)
def test_a_notebook_of_which_the_kit_cannot_be_made_is_an_error_that_says_why(
    chapter, tmp_path, capsys, change, part, words
):
    notebook = read(chapter)
    change(notebook)
    nbformat.write(notebook, chapter)
    assert command.main(["make", str(tmp_path / "kit"), "--notebooks", str(chapter), "--parts", part]) == 1
    assert f"error: {words}" in capsys.readouterr().err


def test_a_notebook_without_title_and_exercises_has_every_part_but_a_worksheet(tmp_path):
    notebook = executed(v4.new_notebook(cells=[v4.new_code_cell("1 + 1"), v4.new_markdown_cell("")]))
    nbformat.write(notebook, tmp_path / "plain.ipynb")
    assert command.main(["make", str(tmp_path / "kit"), "--notebooks", str(tmp_path / "plain.ipynb")]) == 0
    made = {path.relative_to(tmp_path / "kit").as_posix() for path in (tmp_path / "kit").rglob("plain*")}
    assert made == {"students/plain.ipynb", "teachers/plain.ipynb", "slides/plain.html", "handouts/plain.pdf"}
    assert "<title>Untitled" in (tmp_path / "kit" / "slides" / "plain.html").read_text(encoding="utf-8")


def test_a_missing_package_is_named_with_what_to_install(chapter, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.delitem(sys.modules, "notebooks.kit.paper")
    arguments = ["make", str(tmp_path / "kit"), "--notebooks", str(chapter), "--parts", "handouts"]
    assert command.main(arguments) == 1
    assert 'pip install -e ".[teaching]"' in capsys.readouterr().err


def test_answers_with_the_line_ends_of_windows_are_the_same(chapter):
    file, before = chapter.parent / "answers" / "42_test.md", answers.answers_of(chapter)
    file.write_bytes(ANSWERS.replace("\n", "\r\n").encode())
    assert answers.answers_of(chapter) == before


def test_what_is_handed_out_needs_no_other_file_of_the_repository(tmp_path):
    (tmp_path / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    source = "![A dot](dot.svg) [speed](../docs/speed.md#how) [next](03_neuron.ipynb) ![far](https://example.org/a.png)"
    source += " [all](README.md)"
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(source)])
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    text = text_of(reading.read(tmp_path / "mine.ipynb"))
    assert "![A dot](data:image/svg+xml;base64,PHN2Zy" in text
    assert "[speed](https://scalar-autograd.github.io/scalar-autograd/speed.html#how)" in text
    assert "[all](https://scalar-autograd.github.io/scalar-autograd/lessons.html)" in text
    assert "[next](03_neuron.ipynb) ![far](https://example.org/a.png)" in text
    (tmp_path / "dot.svg").unlink()
    with pytest.raises(FileNotFoundError, match=r"dot\.svg"):
        reading.read(tmp_path / "mine.ipynb")


def test_without_its_guard_nothing_is_graded(ran, monkeypatch):
    monkeypatch.setattr(grading, "_GUARD", "__import__('no_such_guard')")
    with pytest.raises(RuntimeError, match=r"the guard of the grades cannot do keep\(\): ModuleNotFoundError"):
        executed_with(copy.deepcopy(ran), {"42.1": ["double = 2"]})
