"""The history of a training run."""

import math
from dataclasses import dataclass, field

from autograd.html_table import html_table
from nn.training.recording import Recording
from nn.training.sparkline import sparkline

__all__ = ["History"]


@dataclass(slots=True, repr=False)
class History:
    """The losses and the outcome of a training run, as returned by `fit`.

    It shows itself as a line with a curve of the loss; notebooks show a table.

    Attributes:
        loss: the mean loss of each epoch, computed at each step before the weights change.
        validation_loss: the loss on the validation samples after each epoch, if there are any.
        training_loss: the loss on all training samples after each epoch, in evaluation mode; computed only if
            `EarlyStopping` watches it, because there are no validation samples.
        stopped: how training ended: "finished", "converged" (by the tolerances of `LBFGS`), "early" (by a callback), or
            "interrupted" (by Ctrl-C).
        recording: the weights after some of the epochs, if `record` was set.

    >>> History(loss=[0.5, 0.25, 0.125])
    <history of 3 epochs, finished: loss 0.5 █▃▁ 0.125>
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    training_loss: list[float] = field(default_factory=list)
    stopped: str = "finished"
    recording: Recording | None = None

    def __repr__(self) -> str:
        curves = [f"{name} {first} {curve} {last}" for name, first, _, last, curve in self._curves()]
        return f"<history of {self._what()}{': ' if curves else ''}{', '.join(curves)}>"

    def _repr_html_(self) -> str:
        return html_table(
            f"History of {self._what()}", ("", "first", "lowest", "last", "curve"), self._curves(), (0, 4)
        )

    def _what(self) -> str:
        return f"{len(self.loss):,} epoch{'s' * (len(self.loss) != 1)}, {self.stopped}"

    def _curves(self) -> list[tuple[str, str, str, str, str]]:
        """For each loss that was computed: its name, its first, lowest and last number, and its curve."""
        losses = {"loss": self.loss, "validation loss": self.validation_loss, "training loss": self.training_loss}
        return [
            (name, f"{numbers[0]:.4g}", f"{_lowest(numbers):.4g}", f"{numbers[-1]:.4g}", sparkline(numbers))
            for name, numbers in losses.items()
            if numbers
        ]


def _lowest(numbers: list[float]) -> float:
    return min(filter(math.isfinite, numbers), default=math.nan)
