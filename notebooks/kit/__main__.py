"""The command `python -m notebooks.kit`, which makes the kit for teachers and grades what students hand in."""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

try:
    import nbformat
    from nbclient.exceptions import CellExecutionError

    from notebooks.execute import executed_with, notebooks
    from notebooks.kit.cells import exercises_of, submitted_answers
    from notebooks.kit.grading import Grade
    from notebooks.kit.make import PARTS, check
except ImportError as error:
    sys.exit(f'error: {error}; the kit needs more packages: pip install -e ".[teaching]"')


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command, and returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m notebooks.kit", description="The kit for teachers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    make = commands.add_parser("make", help="make notebooks, slides, hand-outs, worksheets and pages of the course")
    make.add_argument("folder", type=Path, help="where to write them")
    which = make.add_mutually_exclusive_group()
    which.add_argument("--chapters", type=int, nargs="+", metavar="N", help="only these chapters, such as 3 4")
    which.add_argument("--notebooks", type=Path, nargs="+", metavar="FILE", help="notebooks of your own instead")
    make.add_argument("--parts", choices=PARTS, nargs="+", default=[*PARTS], metavar="PART", help=", ".join(PARTS))
    make.set_defaults(run=_make)

    grade = commands.add_parser("grade", help="check the exercises in notebooks that students hand in")
    grade.add_argument("submitted", type=Path, nargs="+", help="notebooks, such as ada/03_neuron.ipynb")
    grade.add_argument("--notebook", type=Path, help="what was handed out, if it is not a notebook of the course")
    grade.add_argument("--seconds", type=float, default=30.0, metavar="S", help="how long an answer may take; 30")
    grade.add_argument("--output", type=Path, help="a CSV file for the results; by default they are printed")
    grade.set_defaults(run=_grade)

    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except ImportError as error:
        print(f'error: {error}; the kit needs more packages: pip install -e ".[teaching]"', file=sys.stderr)
        return 1
    except (ValueError, OSError, CellExecutionError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _make(options: argparse.Namespace) -> None:
    chosen = options.notebooks or _chapters(options.chapters)
    if same := {path.stem for path in chosen if [other.stem for other in chosen].count(path.stem) > 1}:
        raise ValueError(f"notebooks must have different names, not twice {', '.join(sorted(same))}")
    for path in chosen:
        with _named(path.name):
            check(path)
    with tqdm(total=len(chosen) * len(options.parts), unit="file") as bar:
        for part in options.parts:
            folder = options.folder / part
            folder.mkdir(parents=True, exist_ok=True)
            for path in chosen:
                bar.set_description(f"{part}: {path.stem}")
                with _named(f"{part} of {path.name}"):
                    PARTS[part](path, folder)
                bar.update()


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Says what cannot be made."""
    try:
        yield
    except (ValueError, CellExecutionError) as error:
        raise ValueError(f"{what}: {error}") from error


def _chapters(numbers: Sequence[int] | None) -> list[Path]:
    """Returns the notebooks of the course with these numbers, or all."""
    known = {int(path.name[:2]): path for path in notebooks()}
    if unknown := sorted(set(numbers or ()) - known.keys()):
        raise ValueError(f"chapters must be from 0 to {max(known)}, not {', '.join(map(str, unknown))}")
    return [known[number] for number in sorted(set(numbers or known))]


def _grade(options: argparse.Namespace) -> None:
    if options.seconds <= 0:
        raise ValueError(f"--seconds must be positive, not {options.seconds:g}")
    pairs = [(path, options.notebook or _handed_out(path)) for path in options.submitted]
    handed_in = [(path, path.read_text(encoding="utf-8"), notebook) for path, notebook in pairs]  # none is missing
    rows = [row for of_student in tqdm(handed_in, unit="notebook") for row in _results(*of_student, options.seconds)]
    if options.output:
        with options.output.open("w", newline="", encoding="utf-8") as file:
            _write(file, rows)
    else:
        _write(sys.stdout, rows)


def _handed_out(path: Path) -> Path:
    """Returns the notebook of the course with the name of a file that was handed in."""
    found = next((known for known in notebooks() if known.name == path.name), None)
    if found is None:
        raise ValueError(
            f"{path} must have the name of a notebook of the course, such as 03_neuron.ipynb; "
            "for a notebook of your own, give --notebook FILE"
        )
    return found


def _results(path: Path, text: str, handed_out: Path, seconds: float) -> Iterator[tuple[str, str, int, str]]:
    """Yields the row of each exercise of a notebook that was handed in: the file, the exercise, 1 if right, and why."""
    notebook = nbformat.read(handed_out, as_version=4)
    names = [exercise.name for exercise in exercises_of(notebook)]
    try:
        given = submitted_answers(nbformat.reads(text, as_version=4), notebook)
    except Exception as error:  # what nbformat raises for a file that is not a notebook
        yield from ((str(path), name, 0, f"the file cannot be read as a notebook: {error}"[:200]) for name in names)
        return
    attempts = {name: [source] for name, source in given.items() if source is not None}
    _, grades = executed_with(notebook, attempts, seconds=seconds)
    for name in names:
        [grade] = grades.get(name, [Grade(False, "its cell is missing")])
        yield str(path), name, int(grade.ok), _in_one_line(grade.message)


def _in_one_line(message: str) -> str:
    return "; ".join(" ".join(line.split()) for line in message.splitlines() if line.strip())


def _write(file: object, rows: Sequence[tuple[str, str, int, str]]) -> None:
    writer = csv.writer(file)  # type: ignore[arg-type]
    writer.writerow(["notebook", "exercise", "points", "message"])
    writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
