"""The benchmarks run on small tasks with the installed peers, and the README quotes their results correctly."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.__main__ import MODULES

ROOT = Path(__file__).parents[1]
SMALL = {
    "eager": ["--rounds", "1", "--tokens", "1", "--width", "4", "--samples", "2"],
    "train": ["--rounds", "1", "--seconds", "0.001", "--tasks", "1"],
    "evaluate": ["--rounds", "1", "--seconds", "0.001", "--tokens", "1", "--width", "4", "--largest", "100"],
    "models": ["--rounds", "1", "--seconds", "0.001", "--share", "0.001"],
    "calls": ["--rounds", "1", "--seconds", "0.001", "--counts", "3", "--samples", "100"],
    "render": ["--rounds", "1", "--sizes", "15"],
    "imports": ["--rounds", "1"],
}
TABLES = {"eager": 2, "train": 1, "models": 4, "evaluate": 3, "calls": 4, "render": 1, "imports": 1}


class Table(NamedTuple):
    """A table of the results: maps the first cell of a row, and the header of a column, to a cell."""

    title: str
    rows: dict[str, dict[str, str]]


def tables(markdown):
    """The tables of a Markdown text, each under a heading of the third level."""
    return [
        Table(title, rows(lines)) for title, lines in re.findall(r"^### (.*)\n\n((?:\|.*\n?)+)", markdown, re.MULTILINE)
    ]


def rows(lines):
    header, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines.splitlines())
    return {cells[0]: dict(zip(header, cells, strict=True)) for cells in body}


def run(*arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_prints_its_tables(name):
    if name in ("train", "models", "evaluate"):
        pytest.importorskip("llvmlite")
    done = run("-m", f"benchmarks.{name}", *SMALL[name])
    assert done.returncode == 0, done.stderr
    printed = tables(done.stdout)
    assert len(printed) == TABLES[name]
    for table in printed:
        assert table.rows
        for first, *others in (cells.values() for cells in table.rows.values()):
            assert "absent" in others or all(re.search(r"\d", cell) for cell in others), f"{table.title}: {first}"


class Quote(NamedTuple):
    """Where RESULTS.md has the figures that a row of the README quotes.

    Attributes:
        title: how the title of the table starts.
        ours: the row with our figures.
        units: the columns of our figures, each with the words that follow the figure in the README.
        ratios: the column with the ratios of the other engines to ours.
    """

    title: str
    ours: str
    units: dict[str, str]
    ratios: str


TRAINING = "scalar-autograd", {"µs per epoch": "µs per epoch"}, "× ours"
ATTENTION = "Value and gradient of the attention block, 38,369 nodes"
SAMPLE = {"µs per sample": "µs per sample"}
RECORDING = "Recording and differentiating: attention block", "autograd"
QUOTES = {  # the rows of the README's table, by the first cell
    "train 2-4-1 on XOR, full batch": Quote("Training 2-4-1 tanh, XOR, full batch", *TRAINING),
    "train 2-16-16-1 on 100 moons, full batch": Quote("Training 2-16-16-1 tanh, 100 moons, full batch", *TRAINING),
    "train 64-32-10 on 1,797 samples, minibatches of 32": Quote(
        "Training 64-32-10 tanh, 1,797 samples, minibatches of 32", *TRAINING
    ),
    "value and gradient of 38,369 nodes, compiled": Quote(ATTENTION, "compiled", SAMPLE, "× ours alone"),
    "the same, 8 samples per call": Quote(ATTENTION, "compiled, 8 samples", SAMPLE, "× ours in blocks"),
    "value, gradient and Hessian of the Rosenbrock function of 10 variables": Quote(
        "Rosenbrock function of 10 variables: value, gradient and Hessian",
        "compiled",
        {"µs": "µs per call"},
        "times ours",
    ),
    "the graph of 38,369 nodes, recorded and differentiated: time": Quote(
        *RECORDING, {"forward, ms": "ms forward", "backward, ms": "ms backward"}, "× our time"
    ),
    "the same: memory": Quote(*RECORDING, {"bytes per node": "bytes per node"}, "× our memory"),
}
ENGINES = {  # their names in the README differ from those in RESULTS.md
    "JAX `fori_loop`": "JAX, lax.fori_loop",
    "CasADi's SX machine": "CasADi, SX machine",
    "XAD": "XAD, recorded each time",
    "a Python engine of slots and tuples": "slots and tuples",
}


def test_every_figure_in_the_readme_is_in_the_right_row_and_column_of_the_results():
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Speed\n")[2].partition("\n## ")[0]
    [lines] = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    readme = rows(lines)
    results = tables((ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8"))
    assert [*readme] == [*QUOTES]
    for work, quote in QUOTES.items():
        [table] = [table for table in results if table.title.startswith(quote.title)]
        ours = [f"{table.rows[quote.ours][column]} {unit}" for column, unit in quote.units.items()]
        assert readme[work]["ours"] == ", ".join(ours), work
        others = re.findall(r"(?:^|, )(.+?) [\d.,]+×", readme[work]["others"])
        ratios = [f"{name} {table.rows[ENGINES.get(name, name)][quote.ratios]}" for name in others]
        assert readme[work]["others"] == ", ".join(ratios), work
