"""Callbacks for `fit`: early stopping and checkpoints."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn.choices import checked_rate, checked_size

if TYPE_CHECKING:
    from nn.modules.module import Module
    from nn.training.history import History

__all__ = ["Callback", "Checkpoint", "EarlyStopping"]

Callback = Callable[[int, "History", "Module"], Any]
"""Called after every epoch as callback(epoch, history, model); training stops when it returns True."""


class EarlyStopping:
    """Stops training when the loss has stopped improving, and leaves the best weights.

    It watches the validation loss. Without validation samples, it watches the loss on all training samples, which `fit`
    then computes after each epoch, as `history.training_loss`: the losses in `history.loss` are those before each step.

    Arguments:
        patience: the number of consecutive epochs without improvement after which training stops, 1 or more.
        min_delta: a loss counts as an improvement if it is lower than the best by more than this, 0 or above.
        restore_best: whether to restore the weights of the best epoch when training ends, for whatever reason.

    Attributes:
        best: the best loss so far, which is that of the weights that are restored.
        best_epoch: the epoch of the best loss, counted from 0.

    >>> stopping = EarlyStopping(patience=1)
    >>> from nn import MLP, History
    >>> history, model = History(validation_loss=[1.0]), MLP(1, [1])
    >>> stopping(0, history, model)
    False
    >>> history.validation_loss.append(1.5)
    >>> stopping(1, history, model)
    True
    """

    def __init__(self, patience: int = 10, *, min_delta: float = 0.0, restore_best: bool = True) -> None:
        self.patience = checked_size("patience", patience)
        self.min_delta = checked_rate("min_delta", min_delta)
        self.restore_best = restore_best
        self.best = math.inf
        self.best_epoch = -1
        self._best_state: dict[str, float] = {}

    def __call__(self, epoch: int, history: "History", model: "Module") -> bool:
        """Returns whether to stop now."""
        if epoch == 0:  # a new training run, perhaps not the first with this callback
            self.best, self.best_epoch, self._best_state = math.inf, -1, {}
        loss = (history.validation_loss or history.training_loss or history.loss)[-1]
        if loss < self.best - self.min_delta:
            self.best, self.best_epoch, self._best_state = loss, epoch, model.state_dict()
            return False
        if epoch - self.best_epoch < self.patience:
            return False
        self.restore(model)
        return True

    def restore(self, model: "Module") -> None:
        """Sets the weights of the best epoch, unless `restore_best` is off; `fit` calls this at its end."""
        if self.restore_best and self._best_state:
            model.load_state_dict(self._best_state)


class Checkpoint:
    """Saves the model at regular intervals; the file is always complete.

    Arguments:
        path: the file; see `Module.save`.
        every: the number of epochs between saves, 1 or more.
    """

    def __init__(self, path: str | Path, *, every: int = 1) -> None:
        self.path = Path(path)
        self.every = checked_size("every", every)

    def __call__(self, epoch: int, history: "History", model: "Module") -> None:
        """Saves the model if a save is due."""
        if (epoch + 1) % self.every == 0:
            model.save(self.path)
