"""A model, its loss and its optimizer as routines: what they compute, run on symbols."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from autograd import Value
from autograd.compiler.ir.routine import Routine
from autograd.compiler.trace.builder import Builder
from autograd.compiler.trace.symbol import Symbol
from nn.checks import held_in_mode
from nn.dropout import Dropout
from nn.module import Module, as_list
from nn.optimizers import Optimizer

__all__ = ["SampleRoutine", "outcome_routine", "output_routine", "sample_routine", "update_routine"]


class SampleRoutine(NamedTuple):
    """What one sample contributes to a training step.

    Attributes:
        routine: from (inputs, targets, masks, parameters, weight) to the loss, and the weight times its gradient by
            each of the parameters that the optimizer moves.
        masks: each dropout in the order it is met, and how many units it masks.
    """

    routine: Routine
    masks: list[tuple[Dropout, int]]


def sample_routine(
    model: Module, loss_of: Callable[..., Any], parameters: Sequence[Value], inputs: int, targets: tuple[int, ...]
) -> SampleRoutine:
    """The routine of one sample.

    Arguments:
        model: in the mode it is trained in.
        loss_of: the loss, of a list of one prediction and a list of one target.
        parameters: those that are moved; what else the model has stays as it is.
        inputs: how many numbers a sample has.
        targets: the shape of one target: () or (outputs,).

    Raises:
        TracingError: if the model or the loss branches on data.
    """
    masks = _masks_of(model, inputs)
    builder = Builder()

    def symbol() -> Symbol:
        return builder.symbol()

    x = [Value(symbol(), f"x{i}", role="input") for i in range(1, inputs + 1)]
    y = [Value(symbol(), "y", role="input") for _ in range(targets[0] if targets else 1)]
    drawn = [[Value(symbol(), "mask", role="input") for _ in range(units)] for _, units in masks]
    carried = [symbol() for _ in parameters]
    weight = symbol()
    with _carrying(parameters, carried), _drawing(model, iter(drawn)):
        loss = loss_of([model(x)], [y if targets else y[0]])
        loss.backward(weight)
        gradients = [parameter.grad for parameter in parameters]
    return SampleRoutine(builder.finish([loss.data], gradients).routine, masks)


def output_routine(model: Module, parameters: Sequence[Value], inputs: int) -> Routine:
    """From (inputs, parameters) to the outputs of a model in evaluation.

    Raises:
        TracingError: if the model branches on data.
    """
    builder = Builder()
    x = [Value(builder.symbol(), f"x{i}", role="input") for i in range(1, inputs + 1)]
    with held_in_mode(model), _carrying(parameters, [builder.symbol() for _ in parameters]):
        outputs = [output.data for output in as_list(model(x))]
    return builder.finish(outputs).routine


def outcome_routine(
    model: Module, loss_of: Callable[..., Any], parameters: Sequence[Value], inputs: int, targets: tuple[int, ...]
) -> Routine:
    """From (inputs, targets, parameters) of one sample to its loss and the outputs, of a model in evaluation.

    Arguments and errors are those of `sample_routine`.
    """
    builder = Builder()

    def symbols(count: int) -> list[Value]:
        return [Value(builder.symbol(), role="input") for _ in range(count)]

    x, y = symbols(inputs), symbols(targets[0] if targets else 1)
    with held_in_mode(model), _carrying(parameters, [builder.symbol() for _ in parameters]):
        output = model(x)
        loss = loss_of([output], [y if targets else y[0]])
        results = [value.data for value in (loss, *as_list(output))]
    return builder.finish(results).routine


def update_routine(optimizer: Optimizer) -> Routine:
    """From (w, gradient, states ..., lr, t) of one parameter to its (w, states ...) after a step.

    Raises:
        TracingError: if the optimizer branches on them.
    """
    builder = Builder()
    w, gradient, *state, lr, t = [builder.symbol() for _ in range(4 + optimizer.slots)]
    moved, states = optimizer.update(w, gradient, tuple(state), lr, t)
    return builder.finish([moved, *states]).routine


def _masks_of(model: Module, inputs: int) -> list[tuple[Dropout, int]]:
    """Each dropout that a sample passes, in order, with the number of its units: found by passing one."""
    met: list[tuple[Dropout, int]] = []

    def ones(dropout: Dropout, units: int) -> list[Value]:
        met.append((dropout, units))
        return [Value(1.0, "mask", role="constant") for _ in range(units)]

    with _replaced_masks(model, ones):
        model([0.0] * inputs)
    return met


@contextmanager
def _drawing(model: Module, masks: Iterator[list[Value]]) -> Iterator[None]:
    with _replaced_masks(model, lambda dropout, units: next(masks)):
        yield


@contextmanager
def _replaced_masks(model: Module, draw: Callable[[Dropout, int], list[Value]]) -> Iterator[None]:
    """Has the dropouts of a model take their masks from `draw`."""
    dropouts = [module for _, module in model.named_modules() if isinstance(module, Dropout)]
    try:
        for dropout in dropouts:
            dropout.draw = draw
        yield
    finally:
        for dropout in dropouts:
            dropout.draw = None


@contextmanager
def _carrying(parameters: Sequence[Value], symbols: Sequence[Symbol]) -> Iterator[None]:
    """Has parameters carry symbols instead of their numbers, without a gradient, for the block."""
    before = [(parameter.data, parameter.grad) for parameter in parameters]
    try:
        for parameter, symbol in zip(parameters, symbols, strict=True):
            parameter.zero_grad()
            parameter.data = symbol  # type: ignore[assignment]
        yield
    finally:
        for parameter, (data, grad) in zip(parameters, before, strict=True):
            parameter.data, parameter.grad = data, grad
