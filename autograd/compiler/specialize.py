"""From a recorded function to what runs on arguments of one structure."""

from collections.abc import Sequence

from autograd.compiler.branches import warn_of_branches
from autograd.compiler.computation import Specialized
from autograd.compiler.execution import Execution
from autograd.compiler.ir.routine import Routine
from autograd.compiler.trace.function import Recorded
from autograd.compiler.trace.trace import live_leaves, traced_gradient
from autograd.graph import walk
from autograd.structure import Structure
from autograd.value import Value

__all__ = ["specialized", "specialized_gradient"]


def specialized(recorded: Recorded, target: str) -> Specialized:
    """Returns what computes the outputs of a function.

    Arguments:
        recorded: its graph.
        target: the name of the target.
    """
    routine, leaves = _traced(recorded, ())
    return Specialized.of(Execution(routine, leaves, target), recorded.structure)


def specialized_gradient(
    recorded: Recorded, wrt: Sequence[Value], gradient: Structure, target: str, *, with_value: bool
) -> Specialized:
    """Returns what computes the gradient of a function that returns a number.

    Arguments:
        recorded: its graph.
        wrt: the leaves to differentiate with respect to.
        gradient: the structure of the gradient.
        target: the name of the target.
        with_value: whether the result is a pair of the function's value and the gradient.
    """
    routine, leaves = _traced(recorded, wrt)
    both = routine.both
    if with_value:
        return Specialized.of(Execution(both, leaves, target), Structure(tuple, range(2), (Structure(), gradient)))
    return Specialized.of(Execution(both._replace(results=both.results[1:]), leaves, target), gradient)


def _traced(recorded: Recorded, wrt: Sequence[Value]) -> tuple[Routine, list[Value]]:
    """Returns the routine of the outputs and the gradient of the first, and the leaves that it reads at each call."""
    order = walk(*recorded.outputs)
    warn_of_branches([*order[0], *order[1]])
    leaves = live_leaves(order, recorded.outputs, recorded.inputs)
    traced, _ = traced_gradient(order, recorded.outputs, [*recorded.inputs, *leaves], wrt)
    return traced.routine, leaves
