"""A trial run of a model before training: the shape of its output, and its dropouts."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd import Value, data_of
from nn.masks import call_with_masks, constant_mask
from nn.modes import call_in_mode

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout
    from nn.modules.module import Module

__all__ = ["Probe", "probed"]

Floats = npt.NDArray[np.float64]


class Probe(NamedTuple):
    """The outputs and dropouts of a model on its first samples, in training mode with nothing dropped.

    Attributes:
        outputs: samples × outputs, or one number for each sample.
        dropouts: each dropout in the order it runs for a sample, with its number of units.
    """

    outputs: Floats
    dropouts: "list[tuple[Dropout, int]]"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the output for one sample: () or (outputs,)."""
        return self.outputs.shape[1:]


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

    return Probe(call_in_mode(True, call_with_masks, ones, outputs), dropouts)
