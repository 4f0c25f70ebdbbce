"""The choice of a training loop."""

from importlib.util import find_spec

from autograd.compiler.training.base import Setup, TrainingLoop
from autograd.compiler.training.source import SourceLoop

__all__ = ["make_training_loop"]


def make_training_loop(setup: Setup) -> TrainingLoop:
    """Returns the fastest training loop: machine code if llvmlite is installed and no Python function is called."""
    if find_spec("llvmlite") and not setup.routine.python_calls and not setup.update.python_calls:
        from autograd.compiler.training.native import NativeLoop

        return NativeLoop(setup)
    return SourceLoop(setup)
