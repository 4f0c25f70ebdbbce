"""Inverted dropout; a mask is a pure function of seed, epoch, sample and unit."""

from collections.abc import Iterator

from autograd import Value
from autograd.compiler.trace.symbol import Symbol, TracingError
from autograd.numerics import np, npt
from nn.attributes import Unknown
from nn.choices import checked_rate, checked_seed
from nn.masks import constant_mask, current_source
from nn.modules.module import Module
from nn.structure import Found, Key, bare, known

__all__ = ["Dropout"]

_WORDS = 4  # random numbers per step of Philox's counter


class Dropout(Module):
    """Drops each input with probability p during training, and scales the others by 1 / (1 - p).

    The expected output is the input; in evaluation mode (`eval()`, `predict`) the output is the input itself. A mask
    does not depend on earlier draws: `mask(epoch, sample, units)` always returns the same one. `fit` applies the masks
    of its own epochs and samples, and leaves `epoch` and `sample` alone; outside `fit`, each call applies the mask of
    the next sample.

    Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.

    Arguments:
        p: the probability of dropping an input, 0 ≤ p < 1, as in PyTorch.
        seed: a non-negative integer from which the masks are drawn.

    Attributes:
        epoch, sample: those whose mask the next call outside `fit` applies.

    Raises:
        ValueError: if p or the seed is out of range.

    >>> dropout = Dropout(0.5, seed=1)
    >>> [v.data for v in dropout([1.0, 1.0, 1.0, 1.0])]
    [0.0, 2.0, 0.0, 0.0]
    >>> [v.data for v in dropout.eval()([1.0, 1.0])]
    [1.0, 1.0]
    """

    def __init__(self, p: float = 0.5, *, seed: int = 0) -> None:
        self.p = checked_rate("p", p, below=1.0)
        self.seed = checked_seed("seed", seed)
        self.epoch, self.sample = 0, 0

    def forward(self, inputs: list[Value]) -> list[Value]:
        """Multiplies the inputs by the mask; in evaluation mode, returns them as they are."""
        if not self.training:
            return inputs
        source = current_source()
        if source is None and any(isinstance(x.data, Symbol) for x in inputs):
            raise TracingError(
                "dropout draws another mask at each call, which a program cannot: compile the model in evaluation "
                "mode, after model.eval()"
            )
        mask = source(self, len(inputs)) if source else self._next_mask(len(inputs))
        return [x * factor for x, factor in zip(inputs, mask, strict=True)]

    def _next_mask(self, units: int) -> list[Value]:
        mask = self.mask(self.epoch, self.sample, units)
        self.sample += 1
        return constant_mask(mask.tolist())

    def mask(self, epoch: int, sample: int, units: int) -> npt.NDArray[np.float64]:
        """Returns the factors for the units of one sample: each 0 or 1 / (1 - p).

        Arguments:
            epoch, sample: counted from 0.
            units: the number of inputs of the dropout.
        """
        row: npt.NDArray[np.float64] = self.masks(epoch, sample, 1, units)[0]
        return row

    def masks(self, epoch: int, first: int, samples: int, units: int) -> npt.NDArray[np.float64]:
        """Returns the masks of consecutive samples: the same bits as one at a time.

        Arguments:
            epoch: counted from 0.
            first: the first sample, counted from 0.
            samples: the number of samples.
            units: the number of inputs of the dropout.

        Returns:
            An array, samples × units.

        >>> dropout = Dropout(0.3)
        >>> bool((dropout.masks(5, 0, 10, 3)[7] == dropout.mask(5, 7, 3)).all())
        True
        """
        steps = -(-units // _WORDS)  # of the counter per sample, rounded up so that each sample starts at its own step
        counter = np.array([first * steps, 0, epoch, 0], dtype=np.uint64)
        generator = np.random.Generator(np.random.Philox(key=self.seed, counter=counter))
        drawn = generator.random((samples, steps * _WORDS))[:, :units]
        return np.where(drawn < self.p, 0.0, 1.0 / (1.0 - self.p))

    def __repr__(self) -> str:
        return f"Dropout(p={self.p})"


def _described(dropout: Dropout, found: Found) -> Key:
    if "forward" in vars(dropout):
        raise Unknown
    found.dropouts.append(dropout)
    return (Dropout, vars(dropout).get("inputs"))  # its masks, and so p, are inputs of a program


def _rebuilt(key: Key, values: Iterator[Value]) -> Dropout:
    return bare(Dropout, inputs=key[1])


known(Dropout, _described, _rebuilt)
