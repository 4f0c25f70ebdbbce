"""The outputs of a model in evaluation mode for many samples at once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd import data_of
from autograd.compiler.targets.make import make_target
from autograd.compiler.trace.symbol import TracingError
from autograd.numerics import np, npt
from autograd.validation import assigned_numbers
from nn.checks import checked_inputs
from nn.modes import call_in_mode
from nn.stand_in import StandIn
from nn.training.kept import kept_outputs
from nn.training.tracing import output_routine

if TYPE_CHECKING:
    from nn.modules.module import ModuleBase

__all__ = ["predict", "predictor"]

Floats = npt.NDArray[np.float64]

_WORTH_TRACING = 30  # samples: tracing a model and compiling it takes as long as this many runs


def predict(model: "ModuleBase", X: npt.ArrayLike) -> Floats:
    """Returns the outputs of a model in evaluation mode. Also available as `model.predict(X)`.

    The program of a model made of this package's classes, or of classes marked by `nn.static`, is kept. The outputs of
    any other model are computed eagerly for fewer than 30 samples, and otherwise by a program made for the call.

    Arguments:
        model: the model; its mode does not change.
        X: the samples, samples × inputs.

    Returns:
        An array of shape (samples,) for a model with one output, else (samples, outputs).

    Raises:
        ValueError: if the samples do not match the model.
        TypeError: if what was assigned to the data of a parameter is not a real number.

    >>> from nn import Neuron
    >>> predict(Neuron(2, weights=[1.0, -1.0]), [[3.0, 1.0], [0.0, 1.0]]).tolist()
    [2.0, -1.0]
    """
    samples = checked_inputs(model, X)
    outputs = kept_outputs(model, samples)
    if outputs is None:
        outputs = _outputs_of_few(model, samples) if len(samples) < _WORTH_TRACING else None
    if outputs is None:
        outputs = _traced(model, samples.shape[1])(samples)
    return _without_single_column(outputs)


def predictor(model: "ModuleBase") -> Callable[[Floats], Floats]:
    """Returns a function that does for checked samples what `predict` does, to be called often.

    Each call uses the current weights. A model without a program that is kept is traced once, at the first call.
    """
    made: list[Callable[[Floats], Floats]] = []

    def outputs_of(samples: Floats) -> Floats:
        outputs = kept_outputs(model, samples)
        if outputs is None:
            if not made:
                made.append(_traced(model, samples.shape[1]))
            outputs = made[0](samples)
        return _without_single_column(outputs)

    return outputs_of


def _traced(model: "ModuleBase", inputs: int) -> Callable[[Floats], Floats]:
    """Returns the function that computes the outputs of a model, samples × outputs, with its current weights."""
    parameters = model.parameters()
    try:
        target = make_target("auto", output_routine(model, parameters, inputs), inputs)
    except TracingError:
        return lambda samples: _eager_outputs(StandIn(model, {}).model, samples)
    return lambda samples: target.values(samples.T, assigned_numbers(parameters)).T


def _outputs_of_few(model: "ModuleBase", samples: Floats) -> Floats | None:
    """Returns the outputs of a model for some samples, eagerly.

    Returns None if it holds results of operations: a program computes them again from the current parameters.
    """
    stand_in = StandIn(model, {})  # a model may note what it sees
    return None if stand_in.holds_results else _eager_outputs(stand_in.model, samples)


def _eager_outputs(model: Any, samples: Floats) -> Floats:
    def outputs() -> Floats:
        return np.array([data_of(model(sample)) for sample in samples.tolist()])  # no graph outlives its sample

    found: Floats = call_in_mode(False, outputs)
    return found


def _without_single_column(outputs: Floats) -> Floats:
    return outputs[:, 0] if outputs.ndim == 2 and outputs.shape[1] == 1 else outputs
