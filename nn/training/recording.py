"""The weights of a model after some of its epochs."""

from collections.abc import Callable
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn.modules.module import Module

from autograd.numerics import np, npt

__all__ = ["Recording", "recorded_epochs"]

Floats = npt.NDArray[np.float64]


def recorded_epochs(record: object, epochs: int) -> list[int]:
    """Returns the numbers of epochs after which the weights are kept: evenly spread, including 0 and `epochs`.

    Arguments:
        record: the maximum number of times to keep them; 0 for never.
        epochs: the number of epochs.

    Raises:
        ValueError: unless `record` is 0 or an integer above 1.

    >>> recorded_epochs(5, 10)
    [0, 2, 5, 8, 10]
    >>> recorded_epochs(200, 3)
    [0, 1, 2, 3]
    """
    if isinstance(record, bool) or not isinstance(record, Integral) or record < 0 or record == 1:
        raise ValueError(f"record must be 0, or an integer above 1 (for the weights before and after), not {record!r}")
    return np.linspace(0, epochs, min(int(record), epochs + 1)).round().astype(int).tolist() if record else []


class Recording:
    """A model, its training data, and its weights after some of the epochs.

    Arguments:
        model: the model that is trained.
        samples: the samples it is trained on.
        targets: their targets.
        loss: the loss function.
        due: the numbers of epochs after which the weights are kept.

    Attributes:
        model, samples, targets, loss: as passed; the model itself may change later.
        names: the names of the model's parameters.
        epochs: the numbers of epochs after which the weights were taken: 0 is before the first; the last is the last
            complete epoch, even if training stopped early.

    >>> from nn import MLP, datasets
    >>> model = MLP(2, [1], seed=0)
    >>> recording = model.fit(*datasets.xor(), epochs=40, record=3, progress=False).recording
    >>> recording.epochs, recording.weights.shape
    ([0, 20, 40], (3, 3))
    >>> model.load_state_dict(recording.state_dict(0))
    """

    def __init__(
        self, model: "Module", samples: Floats, targets: Floats, loss: Callable[..., Any], due: list[int]
    ) -> None:
        self.model, self.samples, self.targets, self.loss = model, samples, targets, loss
        parameters = dict(model.named_parameters())
        self.names = list(parameters)
        self.epochs: list[int] = []
        self._due = set(due)
        self._parameters = list(parameters.values())
        self._rows: list[Floats] = []
        self.take(0)

    @property
    def weights(self) -> Floats:
        """The numbers of the parameters, recorded epochs × parameters."""
        return np.array(self._rows)

    def state_dict(self, index: int) -> dict[str, float]:
        """Returns the state of the model after `epochs[index]` epochs, for its `load_state_dict`."""
        return dict(zip(self.names, self._rows[index].tolist(), strict=True))

    def take(self, epochs: int) -> None:
        """Keeps the current weights, those after `epochs` epochs; if they are not due, only until the next call."""
        row = np.array([parameter.data for parameter in self._parameters])
        kept = len(self.epochs) - (bool(self.epochs) and self.epochs[-1] not in self._due)
        self.epochs, self._rows = [*self.epochs[:kept], epochs], [*self._rows[:kept], row]  # both, if interrupted none

    def __repr__(self) -> str:
        return f"<weights after {len(self.epochs)} of the epochs {self.epochs[0]} to {self.epochs[-1]}>"
