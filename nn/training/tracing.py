"""Routines of a model, its loss and its optimizer, traced by running them on symbols."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.compiler.ir.routine import Routine
from autograd.compiler.trace.builder import Builder
from autograd.compiler.trace.symbol import Symbol, TracingError
from nn.masks import MaskSource, masks_from
from nn.modes import held_in_mode
from nn.optimizers import Optimizer
from nn.outputs import as_list

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout
    from nn.modules.module import Module, ModuleBase

__all__ = ["outcome_routine", "output_routine", "sample_routine", "update_routine"]

Dropouts = Sequence[tuple["Dropout", int]]


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
    builder = Builder()
    x, y = _values(builder, inputs), _values(builder, targets[0] if targets else 1)
    masks = [(dropout, _values(builder, units)) for dropout, units in dropouts]
    symbols = _symbols(builder, len(parameters))
    (weight,) = _symbols(builder, 1)
    with _carrying(parameters, symbols), masks_from(_in_turn(masks)):
        loss = loss_of([model(x)], [y if targets else y[0]])
        loss.backward(weight)
        gradients = [parameter.grad for parameter in parameters]
    return builder.finish([loss.data], gradients).routine


def output_routine(model: "ModuleBase", parameters: Sequence[Value], inputs: int) -> Routine:
    """Returns the routine from (inputs, parameters) to the outputs of a model in evaluation mode.

    Raises:
        TracingError: if the model branches on data.
    """
    builder = Builder()
    x = _values(builder, inputs)
    with held_in_mode(model), _carrying(parameters, _symbols(builder, len(parameters))):
        outputs = [output.data for output in as_list(model(x))]
    return builder.finish(outputs).routine


def outcome_routine(
    model: "Module", loss_of: Callable[..., Any], parameters: Sequence[Value], inputs: int, targets: tuple[int, ...]
) -> Routine:
    """Returns the routine from (inputs, targets, parameters) of one sample to its loss and outputs, in evaluation mode.

    Arguments and errors are those of `sample_routine`.
    """
    builder = Builder()
    x, y = _values(builder, inputs), _values(builder, targets[0] if targets else 1)
    with held_in_mode(model), _carrying(parameters, _symbols(builder, len(parameters))):
        output = model(x)
        loss = loss_of([output], [y if targets else y[0]])
        results = [value.data for value in (loss, *as_list(output))]
    return builder.finish(results).routine


def update_routine(optimizer: Optimizer) -> Routine:
    """Returns the routine from (w, gradient, states ..., lr, t) of one parameter to its (w, states ...) after a step.

    Raises:
        TracingError: if the optimizer branches on these numbers.
    """
    builder = Builder()
    w, gradient, *state, lr, t = _symbols(builder, 4 + optimizer.slots)
    moved, states = optimizer.update(w, gradient, tuple(state), lr, t)
    return builder.finish([moved, *states]).routine


def _symbols(builder: Builder, count: int) -> list[Symbol]:
    return [builder.symbol() for _ in range(count)]


def _values(builder: Builder, count: int) -> list[Value]:
    return [Value(symbol, role="input") for symbol in _symbols(builder, count)]


def _in_turn(masks: "Sequence[tuple[Dropout, list[Value]]]") -> MaskSource:
    """Returns a source that supplies each mask once, to its dropout, in this order."""
    left = iter(masks)

    def mask(dropout: "Dropout", units: int) -> list[Value]:
        expected, values = next(left, (None, []))
        if dropout is not expected or len(values) != units:
            raise TracingError("a model must run the same dropouts, on the same numbers of units, in every run")
        return values

    return mask


@contextmanager
def _carrying(parameters: Sequence[Value], symbols: Sequence[Symbol]) -> Iterator[None]:
    """Replaces the numbers of parameters with symbols, and clears their gradients, for the block."""
    before = [(parameter.data, parameter.grad) for parameter in parameters]
    try:
        for parameter, symbol in zip(parameters, symbols, strict=True):
            parameter.zero_grad()
            parameter.data = symbol  # type: ignore[assignment]
        yield
    finally:
        for parameter, (data, grad) in zip(parameters, before, strict=True):
            parameter.data, parameter.grad = data, grad
