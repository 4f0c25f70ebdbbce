"""The outputs of a model in evaluation mode for many samples at once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from autograd import Value, data_of
from autograd.compiler.targets.make import make_target
from autograd.compiler.trace.symbol import TracingError
from autograd.validation import assigned_numbers
from nn.checks import checked_inputs
from nn.modes import call_in_mode
from nn.training.tracing import output_routine

if TYPE_CHECKING:
    from nn.modules.module import ModuleBase

__all__ = ["predict", "predictor"]

Floats = npt.NDArray[np.float64]


def predict(model: "ModuleBase", X: npt.ArrayLike) -> Floats:
    """Returns the outputs of a model in evaluation mode. Also available as `model.predict(X)`.

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
    return predictor(model, samples.shape[1])(samples)


def predictor(model: "ModuleBase", inputs: int) -> Callable[[Floats], Floats]:
    """Returns the function that `predict` applies to checked samples; each call uses the current weights."""
    parameters: Sequence[Value] = model.parameters()
    try:
        target = make_target("auto", output_routine(model, parameters, inputs), inputs)
    except TracingError:
        return partial(_eager_outputs, model)

    def outputs_of(samples: Floats) -> Floats:
        outputs: Floats = target.values(samples.T, assigned_numbers(parameters)).T
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs

    return outputs_of


def _eager_outputs(model: "ModuleBase", samples: Floats) -> Floats:
    def outputs() -> Floats:
        return np.array([data_of(model(sample)) for sample in samples.tolist()])  # no graph outlives its sample

    found: Floats = call_in_mode(False, outputs)
    return found
