"""Routines of the models with a structure, traced by running one that is rebuilt from the key of the structure.

Such a model holds none of the user's own objects, see `nn.structure`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.collector import collector_paused
from autograd.compiler.ir.instructions import Instructions
from autograd.compiler.ir.routine import Routine
from autograd.compiler.trace.builder import Builder, finished
from autograd.compiler.trace.symbol import TracingError
from autograd.compiler.trace.trace import symbolic_gradient
from autograd.contexts import leaves_made_by
from autograd.graph import walk
from nn.masks import call_with_masks
from nn.modes import call_in_mode
from nn.outputs import checked_output, values_of
from nn.structure import rebuilt

__all__ = ["Places", "output_routine_of", "sample_routine_of"]


LossFor = Callable[[Any, Iterator[Value]], Callable[..., Any]]


class Places(NamedTuple):
    """What is in the places of a structure that is trained.

    Attributes:
        indices: for each place, the index of its parameter among those that are trained; or -1 for the first of the
            other numbers, -2 for the second, and so on.
        numbers: these numbers.
        trained: the number of parameters that are trained.
    """

    indices: Sequence[int]
    numbers: Sequence[float]
    trained: int


@collector_paused
def output_routine_of(key: Any, leaves: int, inputs: int) -> Routine:
    """Returns the routine from (inputs, leaves) to the outputs, in evaluation mode.

    Arguments:
        key: the key of the structure.
        leaves: the number of its Values.
        inputs: the number of inputs of a model.

    Raises:
        TracingError: if the model branches on data, or uses a Value that is not in the structure.
    """
    builder = Builder()
    x, carried = _values(builder, inputs), _values(builder, leaves)
    model = rebuilt(key, iter(carried))
    outputs = call_in_mode(False, _closed, lambda: values_of(model(x)), [*x, *carried])
    return builder.finish([output.data for output in outputs]).routine


@collector_paused
def sample_routine_of(
    key: Any, places: Places, loss_for: LossFor, inputs: int, targets: tuple[int, ...], units: Sequence[int]
) -> Routine:
    """Returns the routine that `sample_routine` would return for each of the models.

    Arguments:
        key: the key of the structure.
        places: what is in its places.
        loss_for: returns the loss, given the model and the Values for its places.
        inputs, targets: as for `sample_routine`.
        units: the number of units of each dropout, in the order in which they run.

    Raises:
        TracingError: if the model or the loss branches on data, or uses a Value that is not in the structure.
    """
    return finished(*_sample(key, places, loss_for, inputs, targets, units))[0]  # the graph is freed before


def _sample(
    key: Any, places: Places, loss_for: LossFor, inputs: int, targets: tuple[int, ...], units: Sequence[int]
) -> tuple[Instructions, list[int], list[int]]:
    """Returns the instructions of `sample_routine_of`, and the indices of the results and the gradients."""
    builder = Builder(finite_inputs=True)  # samples are checked, and weights after each step
    x, y = _values(builder, inputs), _values(builder, targets[0] if targets else 1)
    masks = [_values(builder, count) for count in units]
    trained = _values(builder, places.trained)
    weight = builder.symbol()
    others = [Value(number) for number in places.numbers]
    carried = [others[-1 - index] if index < 0 else trained[index] for index in places.indices]
    values = iter(carried)
    model = rebuilt(key, values)
    loss_of = loss_for(model, values)

    def outputs() -> list[Value]:
        return [loss_of([checked_output(model(x))], [y if targets else y[0]])]

    left = iter(masks)
    given = [*x, *y, *carried, *(mask for values in masks for mask in values)]
    losses: list[Value] = call_in_mode(
        True, call_with_masks, lambda dropout, units: next(left), _closed, outputs, given
    )
    results = [builder.index_of(loss.data) for loss in losses]
    gradients = list(map(builder.index_of, symbolic_gradient(losses, trained, weight)))
    return builder.written, results, gradients


def _values(builder: Builder, count: int) -> list[Value]:
    return [Value(builder.symbol(), role="input") for _ in range(count)]


def _closed(run: Callable[[], list[Value]], given: Iterable[Value]) -> list[Value]:
    """Returns the outputs of a model that was rebuilt, which must depend on no other Values than those given.

    Raises:
        TracingError: if they do.
    """
    outputs: list[Value]
    outputs, made = leaves_made_by(run)
    known = {*given, *made}
    if any(leaf not in known for output in outputs for leaf in walk(output)[0]):
        raise TracingError("a model or function that is marked by nn.static must not use Values that it does not hold")
    return outputs
