"""Training mode and evaluation mode, held for a block of code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn.modules.module import ModuleBase

__all__ = ["held_in_mode"]


@contextmanager
def held_in_mode(model: "ModuleBase", *, training: bool = False) -> Iterator[None]:
    """Puts a model into evaluation mode, or training mode, for the block, then restores the mode of each module.

    Arguments:
        model: the model, including the modules inside it.
        training: True for training mode.
    """
    modes = [(module, vars(module).get("training")) for _, module in model.named_modules()]
    try:
        model.train(training)
        yield
    finally:
        for module, mode in modes:
            if mode is None:  # it has the mode of its class
                vars(module).pop("training", None)
            else:
                module.training = mode
