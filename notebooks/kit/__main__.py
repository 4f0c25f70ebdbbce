"""The command `python -m notebooks.kit`, which makes the kit for teachers and grades what students hand in."""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from tqdm import tqdm

from notebooks.execute import executed_with, notebooks
from notebooks.kit.cells import answers_in
from notebooks.kit.make import PARTS


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
    grade.add_argument("--output", type=Path, help="a CSV file for the results; by default they are printed")
    grade.set_defaults(run=_grade)

    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except (ValueError, OSError, ImportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _make(options: argparse.Namespace) -> None:
    chosen = options.notebooks or _chapters(options.chapters)
    with tqdm(total=len(chosen) * len(options.parts), unit="file") as bar:
        for part in options.parts:
            folder = options.folder / part
            folder.mkdir(parents=True, exist_ok=True)
            for path in chosen:
                bar.set_description(f"{part}: {path.stem}")
                PARTS[part](path, folder)
                bar.update()


def _chapters(numbers: Sequence[int] | None) -> list[Path]:
    """Returns the notebooks of the course with these numbers, or all."""
    known = {int(path.name[:2]): path for path in notebooks()}
    if unknown := sorted(set(numbers or ()) - known.keys()):
        raise ValueError(f"chapters must be from 0 to {max(known)}, not {', '.join(map(str, unknown))}")
    return [known[number] for number in sorted(set(numbers or known))]


def _grade(options: argparse.Namespace) -> None:
    rows = [row for path in tqdm(options.submitted, unit="notebook") for row in _results(path, options.notebook)]
    if options.output:
        with options.output.open("w", newline="", encoding="utf-8") as file:
            _write(file, rows)
    else:
        _write(sys.stdout, rows)


def _results(path: Path, handed_out: Path | None) -> Iterator[tuple[str, str, int, str]]:
    """Yields the row of each exercise of a notebook that was handed in: the file, the exercise, 1 if right, and why."""
    handed_out = handed_out or next((known for known in notebooks() if known.name == path.name), None)
    if handed_out is None:
        raise ValueError(
            f"{path} must have the name of a notebook of the course, such as 03_neuron.ipynb; "
            "for a notebook of your own, give --notebook FILE"
        )
    given = answers_in(nbformat.read(path, as_version=4))
    attempts = {name: [source] for name, source in given.items()}
    _, grades = executed_with(nbformat.read(handed_out, as_version=4), attempts)
    for name, [grade] in grades.items():
        yield str(path), name, int(grade.ok), grade.message


def _write(file: object, rows: Sequence[tuple[str, str, int, str]]) -> None:
    writer = csv.writer(file)  # type: ignore[arg-type]
    writer.writerow(["notebook", "exercise", "points", "message"])
    writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
