"""What is tried, by kind: the tests that `python -m tests.fuzz` runs, and the rows of the table that it writes."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

__all__ = ["KINDS", "ROOT", "Kind", "kind_of"]

ROOT = Path(__file__).parents[2]


class Kind(NamedTuple):
    """A row of the table.

    Attributes:
        title: what is tried.
        paths: the test files, or folders of them, relative to the repository.
        random: whether new examples are drawn: then the kind consists of the property tests in these files, and they
            run for as long as the command is told. Otherwise all tests in them run once.
    """

    title: str
    paths: tuple[str, ...]
    random: bool = True


# A test belongs to the first kind that lists its file.
KINDS = {
    "graphs": Kind(
        "random graphs: values and gradients of every target, copies, steps, second derivatives",
        ("tests/fuzz/test_fuzz_graphs.py", "tests/autograd", "tests/compiler"),
    ),
    "files": Kind("damaged and malicious files of saved models", ("tests/fuzz/test_fuzz_files.py",)),
    "expressions": Kind(
        "expressions and command lines, whole and mutated",
        ("tests/fuzz/test_fuzz_expressions.py", "tests/viz/test_viz_expression.py"),
    ),
    "labels": Kind(
        "hostile labels in pictures, pages, formulas and programs", ("tests/fuzz/test_fuzz_labels.py", "tests/viz")
    ),
    "arguments": Kind("nested arguments", ("tests/fuzz/test_fuzz_arguments.py",)),
    "networks": Kind("layers, losses, optimizers and data", ("tests/nn", "tests/course")),
}


def kind_of(path: Path, chosen: Collection[str] = tuple(KINDS)) -> str | None:
    """Returns the name of the kind of a test file, or None if it has none or is not among the chosen ones."""
    for name, kind in KINDS.items():
        if any(path.is_relative_to(ROOT / listed) for listed in kind.paths):
            return name if name in chosen else None
    return None
