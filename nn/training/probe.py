"""A trial run of a model before training: the shape of its output, and its dropouts."""

from typing import TYPE_CHECKING, Any, NamedTuple

from autograd import Value, data_of
from autograd.collector import collector_paused
from autograd.numerics import np, npt
from nn.masks import call_with_masks, constant_mask
from nn.modes import call_in_mode

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout
    from nn.modules.module import Module

__all__ = ["Probe", "probed"]

Floats = npt.NDArray[np.float64]


class Probe(NamedTuple):
    """What a run of a model shows, in training mode with nothing dropped.

    Attributes:
        shape: the shape of the output for one sample: () or (outputs,).
        dropouts: each dropout in the order it runs for a sample, with its number of units.
        outputs: samples × outputs, or one number for each sample.
    """

    shape: tuple[int, ...]
    dropouts: "list[tuple[Dropout, int]]"
    outputs: Any = ()


@collector_paused
def probed(model: "Module", samples: Floats) -> Probe:
    """Runs the model once on each of the samples."""
    dropouts: list[tuple[Dropout, int]] = []

    def ones(dropout: "Dropout", units: int) -> list[Value]:
        dropouts.append((dropout, units))
        return constant_mask([1.0] * units)

    def outputs() -> Floats:
        rows = []
        for sample in samples.tolist():
            dropouts.clear()
            rows.append(data_of(model(sample)))
        return np.array(rows)

    found = call_in_mode(True, call_with_masks, ones, outputs)
    return Probe(found.shape[1:], dropouts, found)
