"""Inverted dropout, its masks a pure function of seed, epoch, sample and unit."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from autograd import Value
from nn.choices import checked_rate, checked_seed
from nn.module import Module

__all__ = ["Dropout"]

_WORDS = 4  # random numbers that one step of Philox's counter gives


class Dropout(Module):
    """Drops each input with probability p while training, and scales what stays by 1 / (1 - p).

    The expected output is the input; in evaluation (`eval()`, `predict`) it is the input itself. The masks do not
    depend on what was drawn before: `mask(epoch, sample, units)` gives each again. `fit` says which epoch and sample
    it is at; outside of it every call takes the next sample.

    Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.

    Arguments:
        p: the probability of dropping, 0 ≤ p < 1, as in PyTorch.
        seed: for the masks, a whole number, 0 or above.

    Raises:
        ValueError: for another p or seed.

    >>> dropout = Dropout(0.5, seed=1)
    >>> [v.data for v in dropout([1.0, 1.0, 1.0, 1.0])]
    [0.0, 2.0, 0.0, 0.0]
    >>> [v.data for v in dropout.eval()([1.0, 1.0])]
    [1.0, 1.0]
    """

    def __init__(self, p: float = 0.5, *, seed: int = 0) -> None:
        self.p = checked_rate("the probability of dropping", p, below=1.0)
        self.seed = checked_seed("the seed of a dropout", seed)
        self.epoch, self.sample = 0, 0
        self.draw: Callable[[Dropout, int], list[Value]] | None = None  # where a compiled training has masks from

    def forward(self, inputs: list[Value]) -> list[Value]:
        """The inputs times the mask, or in evaluation as they are."""
        if not self.training:
            return inputs
        mask = (self.draw or Dropout._next_mask)(self, len(inputs))
        return [x * factor for x, factor in zip(inputs, mask, strict=True)]

    def _next_mask(self, units: int) -> list[Value]:
        mask = self.mask(self.epoch, self.sample, units)
        self.sample += 1
        return [Value(factor, "mask", role="constant") for factor in mask.tolist()]

    def mask(self, epoch: int, sample: int, units: int) -> npt.NDArray[np.float64]:
        """What the units of one sample are multiplied by: 0 or 1 / (1 - p)."""
        row: npt.NDArray[np.float64] = self.masks(epoch, sample, 1, units)[0]
        return row

    def masks(self, epoch: int, first: int, samples: int, units: int) -> npt.NDArray[np.float64]:
        """The masks of several samples in a row, samples × units: the same bits as one at a time.

        >>> dropout = Dropout(0.3)
        >>> bool((dropout.masks(5, 0, 10, 3)[7] == dropout.mask(5, 7, 3)).all())
        True
        """
        steps = -(-units // _WORDS)  # of the counter a sample, rounded up so that each starts at a step of its own
        counter = np.array([first * steps, 0, epoch, 0], dtype=np.uint64)
        generator = np.random.Generator(np.random.Philox(key=self.seed, counter=counter))
        drawn = generator.random((samples, steps * _WORDS))[:, :units]
        return np.where(drawn < self.p, 0.0, 1.0 / (1.0 - self.p))

    def __repr__(self) -> str:
        return f"Dropout(p={self.p})"
