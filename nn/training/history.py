"""The history of a training run."""

from dataclasses import dataclass, field

from nn.training.recording import Recording

__all__ = ["History"]


@dataclass(slots=True)
class History:
    """The losses and the outcome of a training run, as returned by `fit`.

    Attributes:
        loss: the mean loss of each epoch, computed at each step before the weights change.
        validation_loss: the loss on the validation samples after each epoch, if there are any.
        training_loss: the loss on all training samples after each epoch, in evaluation mode; computed only if
            `EarlyStopping` watches it, because there are no validation samples.
        stopped: how training ended: "finished", "converged" (by the tolerances of `LBFGS`), "early" (by a callback), or
            "interrupted" (by Ctrl-C).
        recording: the weights after some of the epochs, if `record` was set.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    training_loss: list[float] = field(default_factory=list)
    stopped: str = "finished"
    recording: Recording | None = None
