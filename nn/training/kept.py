"""Programs of models that are kept: made once for each structure, and used by every model with it."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.llvm.kept import KEPT
from autograd.compiler.targets.base import Target
from autograd.compiler.targets.make import make_target
from autograd.compiler.trace.symbol import TracingError
from nn.structure import structure_of
from nn.training.tracing import output_routine_of

if TYPE_CHECKING:
    from nn.modules.module import ModuleBase

__all__ = ["kept_outputs"]

Floats = npt.NDArray[np.float64]

_CODE = 100  # bytes of machine code for an instruction, about
_NOTHING = 1_000  # bytes of an entry that has no program


def kept_outputs(model: "ModuleBase", samples: Floats) -> Floats | None:
    """Returns the outputs of a model in evaluation mode, samples × outputs, by a program that is kept.

    Returns None if the model has no such program: see `structure_of`.

    Arguments:
        model: the model.
        samples: samples × inputs.
    """
    structure = structure_of(model)
    if structure is None:
        return None
    numbers: Any = structure.numbers()
    if numbers is None:
        return None
    inputs = samples.shape[1]

    def make() -> tuple[tuple[Target, int] | None, int]:
        try:
            routine = output_routine_of(structure.key, len(numbers), inputs)
        except TracingError:
            return None, _NOTHING
        if routine.python_calls:  # which may hold a model
            return None, _NOTHING
        target = make_target("auto", routine, inputs)
        return (target, len(numbers)), routine.size + _CODE * len(routine.instructions)

    try:
        program = KEPT.get((kept_outputs, structure.key, inputs), make)
    except Exception:
        return None  # the model itself will raise it
    if program is None or program[1] != len(numbers):
        return None
    return program[0].values(samples.T, numbers).T
