"""The choice of a training loop."""

from importlib.util import find_spec

from autograd.compiler.ir.routine import Routine
from autograd.compiler.reroll.accumulation import RolledSums
from autograd.compiler.training.base import Setup, TrainingLoop
from autograd.compiler.training.source import SourceLoop
from autograd.numerics import NUMPY

__all__ = ["make_training_loop", "runs_machine_code"]


def runs_machine_code(*routines: Routine | RolledSums) -> bool:
    """Whether a training loop with these routines is machine code: if llvmlite and NumPy are installed, and none calls
    Python.
    """
    return (
        NUMPY and bool(find_spec("llvmlite")) and not any(isinstance(r, Routine) and r.python_calls for r in routines)
    )


def make_training_loop(setup: Setup) -> TrainingLoop:
    """Returns the fastest training loop."""
    if runs_machine_code(setup.routine, setup.update):
        from autograd.compiler.training.native import NativeLoop

        return NativeLoop(setup)
    return SourceLoop(setup)
