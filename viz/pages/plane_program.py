"""The program of a page that computes the neurons of a model at many points of the line or plane of its inputs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.compiler.source.text import function
from autograd.compiler.trace.builder import Traced
from nn import MLP, Module
from nn.outputs import as_list
from nn.training.tracing import output_routine

__all__ = ["PlaneProgram", "plane_program"]


class PlaneProgram(NamedTuple):
    """A program over many points.

    Attributes:
        javascript: defines `overPlane(x, w, out)`: x holds an array for each input, with its number at each point; w is
            the list of the parameters; out holds an array for each number, which it fills.
        numbers: how many numbers it computes: for an MLP, the outputs of all neurons, layer by layer; for other models,
            the outputs. The last ones are always the outputs of the model.
        work: the number of instructions for a point.
    """

    javascript: str
    numbers: int
    work: int


class _EveryNeuron(Module):
    """An MLP that returns the outputs of the neurons of all its layers."""

    def __init__(self, model: MLP) -> None:
        self.layers = model.layers

    def forward(self, inputs: Any) -> list[Value]:
        outputs: list[Value] = []
        values = inputs
        for layer in self.layers:
            values = as_list(layer(values))
            outputs += values
        return outputs


def plane_program(model: Any, parameters: Sequence[Value], inputs: int) -> PlaneProgram:
    """Returns the program of a model, for which it runs in evaluation mode.

    Raises:
        TracingError: if the model branches on data.
    """
    shown = _EveryNeuron(model) if type(model) is MLP else model
    routine = output_routine(shown, parameters, inputs)
    x = [f"x{number}" for number in range(1, inputs + 1)]
    weights = [f"w{number}" for number in range(1, len(parameters) + 1)]
    read = ", ".join(f"{name} = x[{at}][n]" for at, name in enumerate(x))
    # The weights are unpacked once, and the loop is in the function, because a call with all weights for each point
    # takes longer than the arithmetic.
    language = JAVASCRIPT._replace(
        head=(
            f"function {{name}}(x, w, out) {{{{\n  const [{', '.join(weights)}] = w;\n"
            f"  for (let n = 0; n < x[0].length; n += 1) {{{{\n  const {read};\n"
        ),
        result="  {value};\n",
        end="  }\n}\n",
    )

    def stored(results: Sequence[str]) -> str:
        return "; ".join(f"out[{index}][n] = {result}" for index, result in enumerate(results))

    javascript = function(Traced(routine, (*x, *weights), {}, ()), language, "overPlane", stored)
    return PlaneProgram(javascript, len(routine.results), len(routine.instructions))
