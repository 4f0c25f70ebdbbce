"""Runs a routine as JavaScript in the V8 engine: the computation of a page, without the page."""

import json
import os
import weakref
from collections.abc import Collection, Sequence
from functools import cache
from itertools import count
from typing import Any

from py_mini_racer import MiniRacer

from autograd.compiler.ir.routine import Routine
from autograd.compiler.source.javascript import FUNCTIONS, JAVASCRIPT, PRELUDE
from autograd.compiler.source.text import source
from autograd.compiler.targets.base import Floats, added
from autograd.compiler.trace.builder import Traced
from autograd.numerics import np

__all__ = ["JavascriptTarget"]

# `programs` holds the functions of each target that exists. `run` returns everything that a function of the routine
# returns for each sample: the bits of the numbers, as text. Text is copied, whereas the memory of an array belongs to
# the engine, which may reuse it while Python is still reading.
_RUN = """\
const programs = {};
const run = (f, samples, leaves) => {
  const numbers = new Float64Array(samples.flatMap((sample) => f(...sample, ...leaves).flat()));
  return JSON.stringify(Array.from(new Uint32Array(numbers.buffer)));
};
"""


_numbers = count()
_unused: list[str] = []  # the places of programs that do not exist any more


@cache
def _engine(process: int) -> MiniRacer:
    """The engine of a process, which runs one program at a time: making one takes longer than most calls."""
    engine = MiniRacer()
    engine.eval(PRELUDE + _RUN)
    return engine


class JavascriptTarget:
    """Runs the source of a routine in JavaScript, one sample after another."""

    name = "javascript"
    operations: Collection[str] = JAVASCRIPT.operations.keys() | FUNCTIONS

    def __init__(self, routine: Routine) -> None:
        values = source(Traced.unnamed(routine.forward), JAVASCRIPT, "values").text
        both = source(Traced.unnamed(routine), JAVASCRIPT, "both").text
        self._engine, self._place = _engine(os.getpid()), f"programs[{next(_numbers)}]"
        while _unused:
            self._engine.eval(f"delete {_unused.pop()}")
        self._engine.eval(f"{self._place} = (() => {{\n{values}{both}return {{values, both}};\n}})()")
        weakref.finalize(self, _unused.append, self._place).atexit = False

    def one(self, inputs: Sequence[float], leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return self.values(np.array(inputs, dtype=float).reshape(-1, 1), leaves)[:, 0]

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return self._run("values", inputs, leaves)

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        totals = added(self._run("both", inputs, leaves), inputs.shape[1])
        return float(totals[0]), totals[1:]

    def _run(self, function: str, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """Returns all numbers that a function returns: numbers × samples."""
        given = json.dumps([inputs.T.tolist(), list(leaves)])  # JavaScript reads NaN and Infinity as Python writes them
        bits: Any = self._engine.eval(f"run({self._place}.{function}, ...{given})")
        numbers = np.array(json.loads(bits), dtype=np.uint32).view(np.float64)
        return numbers.reshape(inputs.shape[1], -1).T
