"""Runs a routine as JavaScript, by the engine V8: what a page computes, without the page."""

import json
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from py_mini_racer import MiniRacer

from autograd.compiler.source.javascript import FUNCTIONS, PRELUDE
from autograd.compiler.source.language import JAVASCRIPT, source
from autograd.compiler.targets.base import added
from autograd.compiler.trace.trace import Routine

__all__ = ["JavascriptTarget"]

Floats = npt.NDArray[np.float64]

# all that a function of the routine gives for each sample: the bits of the numbers, as text, for that is copied, where
# the memory of an array is the engine's, which may use it for something else while Python still reads it
_RUN = """\
const run = (f, samples, leaves) => {
  const numbers = new Float64Array(samples.flatMap((sample) => f(...sample, ...leaves).flat()));
  return JSON.stringify(Array.from(new Uint32Array(numbers.buffer)));
};
"""


class JavascriptTarget:
    """Runs the source in JavaScript, sample after sample."""

    operations: Collection[str] = JAVASCRIPT.operations.keys() | FUNCTIONS

    def __init__(self, routine: Routine) -> None:
        names = [f"x{number}" for number in range(routine.inputs)]
        values = source(routine.forward, JAVASCRIPT, names, {}, "values")
        both = source(routine, JAVASCRIPT, names, {}, "both")
        self._engine = MiniRacer()
        self._engine.eval(PRELUDE + _RUN + values + both)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return self._run("values", inputs, leaves)

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        totals = added(self._run("both", inputs, leaves), axis=1)
        return float(totals[0]), totals[1:]

    def _run(self, function: str, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """All that a function gives, its numbers × samples."""
        given = json.dumps([inputs.T.tolist(), list(leaves)])  # which JavaScript reads, NaN and Infinity too
        bits: Any = self._engine.eval(f"run({function}, ...{given})")
        numbers = np.array(json.loads(bits), dtype=np.uint32).view(np.float64)
        return numbers.reshape(inputs.shape[1], -1).T
