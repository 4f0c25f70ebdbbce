"""Runs the notebooks from top to bottom and saves their outputs: `python notebooks/execute.py`.

It needs the dependency group `test`. A second run changes only the outputs of cells tagged "varies", which show times.
"""

import base64
import os
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

import autograd

FOLDER = Path(__file__).parent
PACKAGES = str(Path(autograd.__file__).parents[1])  # so that a kernel imports the packages that this script imports

_SECTIONS = "FPAMBT"  # of the course: functions, perceptrons, activations, networks, backpropagation, learning
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebooks() -> list[Path]:
    """Returns all notebooks in reading order: the lessons, then the worked examples of the course by section."""
    course = sorted((FOLDER / "course").glob("*.ipynb"), key=lambda path: _SECTIONS.index(path.name[0]))
    return sorted(FOLDER.glob("*.ipynb")) + course


def executed(path: Path) -> NotebookNode:
    """Runs a notebook in a new kernel and an empty folder, and returns it with the outputs to keep.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as folder:
        NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=120,
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
        ).execute(env=os.environ | {"PYTHONPATH": PACKAGES})
    notebook.metadata = _METADATA  # without Python's version
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            _drop_page(output)
            _shrink_picture(output)
    return notebook


def _drop_page(output: NotebookNode) -> None:
    """Keeps only the picture of an explorer, whose page would be most of the file, and that of a drawing once."""
    if output.get("data", {}).keys() & {"image/png", "image/svg+xml"}:
        output.data.pop("text/html", None)


def _shrink_picture(output: NotebookNode) -> None:
    """Reduces a picture to 64 colours: enough for ours, at a fifth of the size."""
    if picture := output.get("data", {}).get("image/png"):
        full, small = Image.open(BytesIO(base64.b64decode(picture))), BytesIO()
        full.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        output.data["image/png"] = base64.b64encode(small.getvalue()).decode()


if __name__ == "__main__":
    for path in notebooks():
        nbformat.write(executed(path), path)
        print(f"{path.relative_to(FOLDER)}: {path.stat().st_size / 1000:.0f} kB")
