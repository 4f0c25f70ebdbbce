"""Hand-outs and worksheets of a notebook as PDF: Pandoc reads the notebook, Typst sets it."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pypandoc
import typst
from nbformat import NotebookNode, v4
from PIL import Image

from notebooks.kit.answers import Answer, answers_to
from notebooks.kit.cells import exercises_of, headed, title_of

__all__ = ["handout", "save_pdf", "worksheet"]

_CIRCLED = re.compile(r"\b(\w+)\.circle\b")  # as Pandoc names ⊙ and similar; Typst calls them dot.o and so on
_ROOM = "```{=typst}\n#v(11em)\n```"  # to write
_TOGETHER, _END = "```{=typst}\n// together\n```", "```{=typst}\n// end\n```"  # an exercise on one page
_MARK = re.compile(r"#block\[\s*// (together|end)\s*\]")  # Pandoc puts each cell into a block
_HINT = re.compile(r"<details>.*?</details>", re.DOTALL)
_WIDTH = 6.3  # inches of text
_COLUMNS = 100  # characters of code in it
_DENSITY = 110  # pixels per inch of a picture that is not wider
_PREAMBLE = Path(__file__).parent / "templates" / "paper.typ"


def handout(notebook: NotebookNode) -> NotebookNode:
    """Returns the notebook without hints and without the cells that only install and check."""
    return _with_cells(notebook, [cell for cell in notebook.cells if not _is_for_machines(cell)])


def worksheet(notebook: NotebookNode, answers: Sequence[Answer] = ()) -> NotebookNode:
    """Returns the exercises of a notebook alone, each with room to write; with answers, the key.

    Arguments:
        notebook: the notebook, with its outputs.
        answers: the answers to its exercises, for the key.
    """
    exercises = exercises_of(notebook)
    given = answers_to(exercises, answers) if answers else {}
    cells = [v4.new_markdown_cell(f"# {title_of(notebook)}: {'key' if given else 'exercises'}")]
    for exercise in exercises:
        task = deepcopy(notebook.cells[exercise.task])
        task.source = task.source[task.source.index(f"### Exercise {exercise.name}") :]
        cells += [v4.new_markdown_cell(_TOGETHER), task, *notebook.cells[exercise.task + 1 : exercise.check]]
        if given:
            cells += [v4.new_markdown_cell(_END), v4.new_markdown_cell(headed("Answer.", given[exercise.name].text))]
        else:
            cells += [v4.new_markdown_cell(_ROOM), v4.new_markdown_cell(_END)]
    return _with_cells(notebook, cells)


def save_pdf(notebook: NotebookNode, path: Path) -> None:
    """Writes a notebook as PDF."""
    paper = deepcopy(notebook)
    paper.cells = [part for cell in paper.cells for part in _for_paper(cell)]
    with TemporaryDirectory() as folder:
        source = Path(folder) / "paper.typ"
        options = ["--extract-media=media", f"--include-in-header={_PREAMBLE}", "--standalone", "--metadata=lang:en"]
        text = pypandoc.convert_text(
            nbformat.writes(paper), "typst", format="ipynb+raw_attribute", extra_args=options, cworkdir=folder
        )
        text = _MARK.sub(lambda mark: "#block(breakable: false)[" if mark[1] == "together" else "]", text)
        source.write_text(_CIRCLED.sub(r"\1.o", text), encoding="utf-8")
        path.write_bytes(typst.compile(source, root=folder))


def _with_cells(notebook: NotebookNode, cells: Sequence[NotebookNode]) -> NotebookNode:
    copy = deepcopy(notebook)
    copy.cells = deepcopy(list(cells))
    return copy


def _is_for_machines(cell: NotebookNode) -> bool:
    return "google.colab" in cell.source or "check" in cell.metadata.get("tags", [])


def _for_paper(cell: NotebookNode) -> Iterator[NotebookNode]:
    """Yields a cell without hints, with what Pandoc can read of its outputs; formulas follow as cells of their own."""
    if cell.cell_type == "markdown":
        cell.source = _HINT.sub("", cell.source)
    yield cell
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "text" in output:
            output.text = _wrapped(output.text)
        if "text/latex" in data:
            yield v4.new_markdown_cell(f"$${data['text/latex'].strip('$ ')}$$")
        elif "text/markdown" in data:
            yield v4.new_markdown_cell(data["text/markdown"])
        if data:
            is_cell = bool(data.keys() & {"text/latex", "text/markdown"})
            text = {} if is_cell else {"text/plain": _wrapped(data.get("text/plain", ""))}
            output.data = NotebookNode(_picture(data, output.get("metadata", {})) or text)
            output.metadata = NotebookNode()  # Pandoc would follow a size in it, however wide


def _wrapped(text: str) -> str:
    """Returns printed text whose long lines go on in the next one, as in a terminal."""
    lines = text.split("\n")
    return "\n".join(line[at : at + _COLUMNS] for line in lines for at in range(0, max(len(line), 1), _COLUMNS))


def _picture(data: Mapping[str, str], metadata: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """The picture of an output in the best format, if it has one."""
    if "image/svg+xml" in data:
        return {"image/svg+xml": data["image/svg+xml"]}
    for kind in ("image/gif", "image/png"):
        if kind in data:
            return {"image/png": _fitted(data[kind], metadata.get(kind, {}).get("width"))}
    return {}


def _fitted(picture: str, width: float | None) -> str:
    """Returns a picture as wide as the text at most; of an animation the last one, as paper does not move.

    The width is that on a screen; without one, a pixel of the picture is one of the screen.
    """
    image, still = Image.open(BytesIO(base64.b64decode(picture))), BytesIO()
    image.seek(getattr(image, "n_frames", 1) - 1)
    density = max(_DENSITY * image.width / (width or image.width), image.width / _WIDTH)
    image.convert("RGB").save(still, "PNG", dpi=(density, density))
    return base64.b64encode(still.getvalue()).decode()
