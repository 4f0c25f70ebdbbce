"""What happened during training."""

from dataclasses import dataclass, field

from nn.training.recording import Recording

__all__ = ["History"]


@dataclass(slots=True)
class History:
    """What `fit` returns.

    Attributes:
        loss: the mean loss of each epoch, of the weights as they were at each step.
        validation_loss: the loss on the validation samples after each epoch, if there are any.
        stopped: "finished", "early" (by a callback), or "interrupted" (by Ctrl-C).
        recording: the weights after some of the epochs, if `fit` was asked to record them.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    stopped: str = "finished"
    recording: Recording | None = None
