"""What can be done after each epoch of a training: stop early, keep a copy."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn.choices import checked_rate, checked_size

if TYPE_CHECKING:
    from nn.module import Module
    from nn.training.loop import History

__all__ = ["Callback", "Checkpoint", "EarlyStopping"]

Callback = Callable[[int, "History", "Module"], Any]
"""Called after every epoch as callback(epoch, history, model); training stops when it returns True."""


class EarlyStopping:
    """Stops once the loss has not become better for a while: on the validation samples, if there are any.

    Arguments:
        patience: how many epochs in a row may pass without a better loss, 1 or more.
        min_delta: by how much a loss must be lower to count as better, 0 or above.
        restore_best: whether the model gets back its weights of the best epoch when it is stopped.

    >>> stopping = EarlyStopping(patience=1)
    >>> from nn import MLP, History
    >>> history, model = History(loss=[1.0]), MLP(1, [1])
    >>> stopping(0, history, model)
    False
    >>> history.loss.append(1.5)
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
        """Whether to stop now."""
        if epoch == 0:  # of this training, or of another
            self.best, self.best_epoch, self._best_state = math.inf, -1, {}
        loss = (history.validation_loss or history.loss)[-1]
        if loss < self.best - self.min_delta:
            self.best, self.best_epoch, self._best_state = loss, epoch, model.state_dict()
            return False
        if epoch - self.best_epoch < self.patience:
            return False
        if self.restore_best and self._best_state:
            model.load_state_dict(self._best_state)
        return True


class Checkpoint:
    """Saves the model after every so many epochs; the file is always a whole one.

    Arguments:
        path: the file; see `Module.save`.
        every: how many epochs from one copy to the next, 1 or more.
    """

    def __init__(self, path: str | Path, *, every: int = 1) -> None:
        self.path = Path(path)
        self.every = checked_size("every", every)

    def __call__(self, epoch: int, history: "History", model: "Module") -> None:
        """Saves, if it is time to."""
        if (epoch + 1) % self.every == 0:
            model.save(self.path)
