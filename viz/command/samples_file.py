"""Samples from a CSV file: a row for each, with the target in the last column."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autograd.files import reason
from autograd.numerics import np, npt
from viz.command.errors import CommandError, UsageError

__all__ = ["Samples", "read_samples"]

_MOST_CLASSES = 10  # more whole numbers are quantities, and more words an error


class Samples(NamedTuple):
    """Samples and their targets.

    Attributes:
        X: samples × inputs.
        y: a number for each sample; if they are classes, the index of its class.
        classes: the names of the classes; none if the targets are quantities.
    """

    X: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    classes: tuple[str, ...]


def read_samples(path: Path) -> Samples:
    """Reads a CSV file; a first line without numbers is taken for names.

    Targets are classes if they are words, or few whole numbers, which then need not be counted from 0.

    Raises:
        CommandError: if the file cannot be read.
        UsageError: if it does not hold such a table; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is not UTF-8 text"
        raise CommandError(f"cannot read {str(path)!r}: {why}") from None
    rows = [(number, row) for number, row in enumerate(_rows(text, path), 1) if any(cell.strip() for cell in row)]
    if rows and all(_number(cell) is None for cell in rows[0][1]):
        rows = rows[1:]
    if len(rows) < 2:
        raise UsageError(f"{str(path)!r} must have at least 2 samples, each on a line, not {len(rows)}")
    width = len(rows[0][1])
    if width < 2:
        raise UsageError(f"{str(path)!r} must have a column for each input, then the target, not {width} column")
    inputs: list[list[float]] = []
    for number, row in rows:
        if len(row) != width:
            raise UsageError(f"line {number} of {str(path)!r} must have {width} columns, not {len(row)}")
        inputs.append([_checked(cell, number, path) for cell in row[:-1]])
    y, classes = _targets([row[-1].strip() for _, row in rows], path)
    return Samples(np.array(inputs), y, classes)


def _rows(text: str, path: Path) -> list[list[str]]:
    try:
        return list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise UsageError(f"{str(path)!r} must be a CSV file: {error}") from None


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _checked(cell: str, line: int, path: Path) -> float:
    number = _number(cell)
    if number is None:
        raise UsageError(f"an input in line {line} of {str(path)!r} must be a finite number, not {cell.strip()!r}")
    return number


def _targets(cells: list[str], path: Path) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """The targets as numbers, and the names of the classes."""
    numbers = [number for number in map(_number, cells) if number is not None]
    if len(numbers) < len(cells):
        return _indices(cells, _checked_names(sorted({*cells}), path))
    classes = sorted({*numbers})
    if all(number.is_integer() for number in numbers) and 2 <= len(classes) <= _MOST_CLASSES:
        return _indices(numbers, classes)
    return np.array(numbers), ()


def _checked_names(names: list[str], path: Path) -> list[str]:
    where = f"the last column of {str(path)!r}, the target,"
    if not names[0]:
        raise UsageError(f"{where} must not have empty cells: leave out the samples whose class is not known")
    if not 2 <= len(names) <= _MOST_CLASSES:
        raise UsageError(
            f"{where} must have numbers, or words for 2 to {_MOST_CLASSES} classes, not {len(names)} different words"
        )
    return names


def _indices(targets: Sequence[Any], classes: Sequence[Any]) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """The index of the class of each target, and the names of the classes."""
    index = {target: float(number) for number, target in enumerate(classes)}
    names = (each if isinstance(each, str) else f"{each:.0f}" for each in classes)
    return np.array([index[target] for target in targets]), tuple(names)
