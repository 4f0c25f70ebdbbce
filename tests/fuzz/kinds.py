"""What is tried, by kind: the tests that `python -m tests.fuzz` runs, and the rows of the table that it writes."""

from collections.abc import Mapping
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
            run for as long as the command is told. Otherwise all tests in them run once. Each counts as one case, or
            as many as it notes with `support.figures.note_cases`.
    """

    title: str
    paths: tuple[str, ...]
    random: bool = True


KINDS = {
    "graphs": Kind(
        "random graphs: values and gradients of every target, copies, steps, second derivatives",
        ("tests/fuzz/test_fuzz_graphs.py", "tests/autograd", "tests/compiler"),
    ),
    "files": Kind("damaged and forged files of saved models", ("tests/fuzz/test_fuzz_files.py",)),
    "expressions": Kind("expressions and command lines, whole and mutated", ("tests/fuzz/test_fuzz_expressions.py",)),
    "labels": Kind(
        "hostile labels, and random graphs, in pictures, pages, formulas, programs and tables",
        ("tests/fuzz/test_fuzz_labels.py", "tests/viz"),
    ),
    "arguments": Kind("nested arguments of derivatives", ("tests/fuzz/test_fuzz_arguments.py",)),
    "networks": Kind("layers, losses, optimizers and data", ("tests/nn", "tests/course")),
    "threads": Kind("threads, tasks and processes at the same time", ("tests/test_threads.py",), random=False),
    "interrupts": Kind(
        "Ctrl-C at single lines of the library",
        ("tests/test_interrupts.py", "tests/autograd/test_autograd_interruption.py", "tests/nn/test_nn_interrupts.py"),
        random=False,
    ),
    "write faults": Kind(
        "files that cannot be written: full disk, permissions, links, pipes; writers that are killed or interrupted",
        ("tests/test_files.py",),
        random=False,
    ),
    "bits": Kind(
        "the same trainings on older processors, with other libraries, threads and hash seeds",
        ("tests/nn/test_nn_bits.py",),
        random=False,
    ),
    # These take minutes, so only the fuzzer runs them.
    "memory": Kind("a sum of a million terms, compiled", ("tests/fuzz/measured/wide_sums.py",), random=False),
    "big graphs": Kind(
        "each function of a graph, on graphs of a million nodes", ("tests/fuzz/measured/big_graphs.py",), random=False
    ),
}


def kind_of(path: Path, kinds: Mapping[str, Kind] = KINDS) -> str | None:
    """Returns the name of the kind of a test file, or None. One that runs once takes its files from the others."""
    for name, kind in sorted(kinds.items(), key=lambda item: item[1].random):
        if any(path.is_relative_to(ROOT / listed) for listed in kind.paths):
            return name
    return None
