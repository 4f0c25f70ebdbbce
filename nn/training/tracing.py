"""Routines of a model, its loss and its optimizer, traced by running them on symbols.

The model itself does not run, a stand-in for it does, whose parameters carry symbols. Nobody's objects change: another
thread may use the model meanwhile, and an interrupt leaves nothing to restore.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.collector import collector_paused
from autograd.compiler.ir.instructions import Instructions
from autograd.compiler.ir.routine import Routine
from autograd.compiler.trace.builder import Builder, finished
from autograd.compiler.trace.symbol import Symbol, TracingError
from autograd.compiler.trace.trace import symbolic_gradient
from autograd.contexts import leaves_made_by
from autograd.graph import replaced, walk
from autograd.node import comparison_of
from nn.masks import MaskSource, call_with_masks
from nn.modes import call_in_mode
from nn.optimizers import Optimizer
from nn.outputs import checked_output, values_of
from nn.stand_in import StandIn

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout
    from nn.modules.module import Module, ModuleBase

__all__ = ["outcome_routine", "output_routine", "sample_routine", "update_routine"]

Dropouts = Sequence[tuple["Dropout", int]]


@collector_paused
def sample_routine(
    model: "Module",
    loss_of: Callable[..., Any],
    parameters: Sequence[Value],
    inputs: int,
    targets: tuple[int, ...],
    dropouts: Dropouts = (),
) -> Routine:
    """Returns the routine that computes one sample's contribution to a training step.

    Arguments:
        model: in training mode, or in evaluation mode if it has no dropout.
        loss_of: the loss, a function of a list of one prediction and a list of one target.
        parameters: those that are trained; the other parameters of the model keep their numbers.
        inputs: the number of inputs of the model.
        targets: the shape of one target: () or (outputs,).
        dropouts: each dropout in the order it runs, with its number of units.

    Returns:
        The routine from (inputs, targets, masks, parameters, weight of the sample) to the loss, and the weight times
        its gradient with respect to each of the parameters.

    Raises:
        TracingError: if the model or the loss branches on data.
    """
    return finished(*_sample(model, loss_of, parameters, inputs, targets, dropouts))[0]  # the graph is freed before


def _sample(
    model: "Module",
    loss_of: Callable[..., Any],
    parameters: Sequence[Value],
    inputs: int,
    targets: tuple[int, ...],
    dropouts: Dropouts,
) -> tuple[Instructions, list[int], list[int]]:
    """Returns the instructions of `sample_routine`, and the indices of the results and the gradients."""
    builder = Builder(finite_inputs=True)  # samples are checked, and weights after each step
    x, y = _values(builder, inputs), _values(builder, targets[0] if targets else 1)
    masks = [(dropout, _values(builder, units)) for dropout, units in dropouts]
    trained = _stand_ins(builder, parameters)
    (weight,) = _symbols(builder, 1)
    stand_in = StandIn(model, trained)

    def outputs() -> list[Value]:
        return [loss_of([checked_output(stand_in.model(x))], [y if targets else y[0]])]

    source = _in_turn(stand_in, masks)
    given = [*x, *y, *(mask for _, values in masks for mask in values)]
    losses: list[Value] = call_in_mode(True, call_with_masks, source, _separate, outputs, trained, given)
    results = [builder.index_of(loss.data) for loss in losses]
    numbers = symbolic_gradient(losses, [trained[parameter] for parameter in parameters], weight)
    gradients = list(map(builder.index_of, numbers))
    return builder.written, results, gradients


@collector_paused
def output_routine(model: "ModuleBase", parameters: Sequence[Value], inputs: int) -> Routine:
    """Returns the routine from (inputs, parameters) to the outputs of a model in evaluation mode.

    Raises:
        TracingError: if the model branches on data.
    """
    builder = Builder()
    x, carried = _values(builder, inputs), _stand_ins(builder, parameters)
    stand_in = StandIn(model, carried)
    outputs = call_in_mode(False, _separate, lambda: values_of(stand_in.model(x)), carried, x)
    return builder.finish([output.data for output in outputs]).routine


@collector_paused
def outcome_routine(
    model: "Module", loss_of: Callable[..., Any], parameters: Sequence[Value], inputs: int, targets: tuple[int, ...]
) -> Routine:
    """Returns the routine from (inputs, targets, parameters) of one sample to its loss and outputs, in evaluation mode.

    Arguments and errors are those of `sample_routine`.
    """
    builder = Builder()
    x, y = _values(builder, inputs), _values(builder, targets[0] if targets else 1)
    carried = _stand_ins(builder, parameters)
    stand_in = StandIn(model, carried)

    def outputs() -> list[Value]:
        output = stand_in.model(x)
        return [loss_of([output], [y if targets else y[0]]), *values_of(output)]

    values = call_in_mode(False, _separate, outputs, carried, [*x, *y])
    return builder.finish([value.data for value in values]).routine


def update_routine(optimizer: Optimizer, free: Sequence[str] = ()) -> Routine:
    """Returns the routine from (w, gradient, states ..., lr, t) of one parameter to its (w, states ...) after a step.

    Arguments:
        optimizer: the optimizer.
        free: the names of its options that are inputs as well, right after the states, instead of being fixed.

    Raises:
        TracingError: if the optimizer branches on these numbers.
    """
    builder = Builder()
    w, gradient, *state = _symbols(builder, 2 + optimizer.slots)
    if free:
        optimizer = copy(optimizer)
        vars(optimizer).update(zip(free, _symbols(builder, len(free)), strict=True))
    lr, t = _symbols(builder, 2)
    moved, states = optimizer.update(w, gradient, tuple(state), lr, t)
    return builder.finish([moved, *states]).routine


def _symbols(builder: Builder, count: int) -> list[Symbol]:
    return [builder.symbol() for _ in range(count)]


def _values(builder: Builder, count: int) -> list[Value]:
    return [Value(symbol, role="input") for symbol in _symbols(builder, count)]


def _stand_ins(builder: Builder, parameters: Sequence[Value]) -> dict[Value, Value]:
    """Returns a Value that carries a new symbol for each parameter."""
    return {
        parameter: Value(symbol, parameter.label, role="parameter")
        for parameter, symbol in zip(parameters, _symbols(builder, len(parameters)), strict=True)
    }


def _separate(run: Callable[[], list[Value]], carried: dict[Value, Value], given: Iterable[Value]) -> list[Value]:
    """Returns the outputs of a stand-in as graphs that contain none of the user's own Values.

    A loss with a penalty on the model, for example, still runs on the parameters of the model itself.

    Arguments:
        run: runs the stand-in.
        carried: the Value that stands in for each parameter.
        given: the inputs of the run.

    Raises:
        TracingError: if a number that depends on such a parameter was compared.
    """
    outputs: list[Value]
    outputs, made = leaves_made_by(run)
    known = {*carried.values(), *made, *given}
    graphs = [walk(output) for output in outputs]
    outside = {leaf for leaves, _ in graphs for leaf in leaves if leaf not in known}
    if not outside:
        return outputs
    if outside.isdisjoint(carried):
        compared = None
    else:
        numbers = [node for _, operations in graphs for node in operations if type(node.data) is float]
        compared = next((node for node in (*outside, *numbers) if comparison_of(node) is not None), None)
    if compared is not None:
        raise TracingError(
            f"{compared!r} was {comparison_of(compared)}, and depends on parameters: a function that is compiled must "
            "not branch on them. Use maximum, minimum, clip or select to choose, or run it without compiling"
        )
    copies = {leaf: Value(leaf.data, leaf.label) for leaf in outside}
    return replaced(outputs, copies | {leaf: carried[leaf] for leaf in outside if leaf in carried})


def _in_turn(stand_in: StandIn, masks: "Sequence[tuple[Dropout, list[Value]]]") -> MaskSource:
    """Returns a source that supplies each mask once, in this order, to the copy of its dropout."""
    left = iter(masks)

    def mask(dropout: "Dropout", units: int) -> list[Value]:
        expected, values = next(left, (None, []))
        if stand_in.original(dropout) is not expected or len(values) != units:
            raise TracingError("a model must run the same dropouts, on the same numbers of units, in every run")
        return values

    return mask
