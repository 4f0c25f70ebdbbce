"""Functions of one sample in JavaScript, which read and write typed arrays: as straight lines, or if long as loops."""

from collections.abc import Callable, Sequence

from autograd.compiler.ir.routine import Routine
from autograd.compiler.reroll.accumulation import sums_or_none
from autograd.compiler.reroll.outputs import outputs_or_none
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.compiler.source.javascript_loops import outputs_text, sums_text
from autograd.compiler.source.text import function
from autograd.compiler.trace.builder import Traced

__all__ = ["outputs_function", "sums_function"]

_LANGUAGE = JAVASCRIPT._replace(head="function {name}(x, w, out) {{\n", result="  {value};\n")


def sums_function(routine: Routine, name: str, leaves: int) -> str:
    """Writes a function `name(x, w, out)` that adds a sample's weighted gradient, then its weighted loss, to `out`.

    Arguments:
        routine: from (inputs of the sample, leaves, weight of the sample) to the loss, and to its gradient with respect
            to the leaves, times the weight.
        name: the name of the function; other names at the same level begin with it.
        leaves: the number of leaves. In JavaScript, w holds them, and x the other inputs in order.

    Raises:
        NotImplementedError: for a call of a Python function.
    """
    per_sample = routine.inputs - leaves - 1
    rolled = sums_or_none(routine, per_sample, leaves)
    if rolled is not None:
        return sums_text(rolled, name)

    def added(results: Sequence[str]) -> str:
        loss, *gradient = results
        summands = [*gradient, f"{loss} * x[{per_sample}]"]
        return "; ".join(f"out[{index}] += {summand}" for index, summand in enumerate(summands))

    return _straight(routine.both, name, per_sample, leaves, added)


def outputs_function(routine: Routine, name: str, leaves: int) -> str:
    """Writes a function `name(x, w, out)` that stores the results of a routine in `out`.

    Arguments:
        routine: from (inputs of the sample, leaves) to results.
        name, leaves: as for `sums_function`.
    """
    per_sample = routine.inputs - leaves
    rolled = outputs_or_none(routine.instructions, routine.results, per_sample, leaves)
    if rolled is not None:
        return outputs_text(rolled, name)

    def stored(results: Sequence[str]) -> str:
        return "; ".join(f"out[{index}] = {result}" for index, result in enumerate(results))

    return _straight(routine, name, per_sample, leaves, stored)


def _straight(routine: Routine, name: str, per_sample: int, leaves: int, result: Callable[[Sequence[str]], str]) -> str:
    others = routine.inputs - per_sample - leaves
    names = [f"x[{n}]" for n in range(per_sample)] + [f"w[{n}]" for n in range(leaves)]
    names += [f"x[{per_sample + n}]" for n in range(others)]
    return function(Traced(routine, tuple(names), {}, ()), _LANGUAGE, name, result)
