"""Runs the notebooks from top to bottom and saves their outputs: `python -m notebooks.execute`.

It needs the dependency group `test`. A second run changes only the outputs of cells tagged "varies", which show times.
"""

import base64
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from PIL import Image

import autograd
from notebooks.kit.cells import ExerciseCells, exercises_of
from notebooks.kit.grading import SECONDS, Grade, KernelLostError, grade_of, run
from viz.pictures.reduction import Reduction

FOLDER = Path(__file__).parent
PACKAGES = str(Path(autograd.__file__).parents[1])  # so that a kernel imports the packages that this script imports

_AREA = 0.0002  # of a picture: a colour that covers more is not only a shade at an edge
_MOST_EXACT = 32  # colours; a picture with more has gradients
_SHADES = 48  # for all others
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebooks() -> list[Path]:
    """Returns all notebooks in reading order."""
    return sorted(FOLDER.glob("*.ipynb"))


def executed(notebook: NotebookNode) -> NotebookNode:
    """Runs a notebook in a new kernel and an empty folder, and returns it with the outputs to keep.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell fails.
    """
    return executed_with(notebook, {})[0]


def executed_with(
    notebook: NotebookNode, attempts: Mapping[str, Sequence[str]], *, seconds: float = SECONDS
) -> tuple[NotebookNode, dict[str, list[Grade]]]:
    """Runs a notebook as `executed` does and, at each exercise, the attempts at it, each followed by its check.

    The cells of the notebook itself run as they are, and keep their outputs. After the last attempt at an exercise, the
    notebook goes on with its own answer. After an attempt that takes too long, ends Python or changes what a later cell
    needs, the notebook starts again in a new kernel.

    Arguments:
        notebook: the notebook as it is handed out.
        attempts: for the number of an exercise, such as "3.2", contents of its cell.
        seconds: how long an attempt may take.

    Returns:
        The notebook, and the grades of the attempts by the number of the exercise.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell of the notebook itself fails.
    """
    exercises = exercises_of(notebook) if attempts else []
    grades: dict[str, list[Grade]] = {exercise.name: [] for exercise in exercises if attempts.get(exercise.name)}
    at_check = {exercise.check: exercise for exercise in exercises if exercise.name in grades}
    while not _runs_through(notebook, at_check, attempts, grades, seconds):
        pass
    notebook.metadata = _METADATA  # without Python's version
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            _drop_page(output)
            _shrink_picture(output)
    return notebook, grades


def _runs_through(
    notebook: NotebookNode,
    at_check: Mapping[int, ExerciseCells],
    attempts: Mapping[str, Sequence[str]],
    grades: Mapping[str, list[Grade]],
    seconds: float,
) -> bool:
    """Whether one kernel ran all cells and the attempts that have no grade yet, to which it adds their grades."""
    tried = False
    with _kernel(notebook) as client:
        for number, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, number)
            except (CellExecutionError, CellTimeoutError, DeadKernelError):
                if tried:  # an attempt has changed what this cell needs
                    return False
                raise
            if exercise := at_check.get(number):
                given = grades[exercise.name]
                for attempt in attempts[exercise.name][len(given) :]:
                    tried = True
                    try:
                        given.append(grade_of(client, attempt, cell.source, seconds))
                    except KernelLostError as error:
                        given.append(Grade(False, str(error)))
                        return False
                run(client, notebook.cells[exercise.answer].source)
    return True


@contextmanager
def _kernel(notebook: NotebookNode) -> Iterator[NotebookClient]:
    """A kernel in an empty folder."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=SECONDS,
            record_timing=False,
            coalesce_streams=True,
            shutdown_kernel="immediate",  # one that is busy does not listen
            extra_arguments=["--log-level=ERROR"],  # it warns that it talks over TCP, which does not leave the machine
            resources={"metadata": {"path": folder}},
        )
        with client.setup_kernel(env=os.environ | {"PYTHONPATH": os.pathsep.join((PACKAGES, str(FOLDER.parent)))}):
            yield client


def _drop_page(output: NotebookNode) -> None:
    """Keeps only the picture of an explorer, whose page would be most of the file, and that of a drawing once."""
    if output.get("data", {}).keys() & {"image/png", "image/svg+xml"}:
        output.data.pop("text/html", None)


def _shrink_picture(output: NotebookNode) -> None:
    """Stores a picture with few colours, which is half the size. The colours of areas and lines stay exact."""
    if picture := output.get("data", {}).get("image/png"):
        full, small = Image.open(BytesIO(base64.b64decode(picture))).convert("RGB"), BytesIO()
        pixels = full.width * full.height
        exact = min(sum(count > _AREA * pixels for count, _ in full.getcolors(pixels) or ()), _MOST_EXACT)
        Reduction(full, full, exact, exact + _SHADES)(full).save(small, "PNG", optimize=True)
        output.data["image/png"] = base64.b64encode(small.getvalue()).decode()


if __name__ == "__main__":
    for path in notebooks():
        nbformat.write(executed(nbformat.read(path, as_version=4)), path)
        print(f"{path.relative_to(FOLDER)}: {path.stat().st_size / 1000:.0f} kB")
