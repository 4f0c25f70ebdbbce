"""The order of the samples in an epoch: a pure function of seed and epoch."""

from functools import lru_cache

from autograd.numerics import np, npt

__all__ = ["minibatches", "order", "orders"]

Integers = npt.NDArray[np.int64]

# Making a generator takes ten times as long as permuting four samples, so several epochs share one: fewer if there are
# many samples, so that the permutations made at once stay small.
_MOST_EPOCHS = 32
_MOST_NUMBERS = 2**16


def order(seed: int, epoch: int, samples: int) -> Integers:
    """Returns the indices of the samples in the order of an epoch.

    Arguments:
        seed: a non-negative integer.
        epoch: counted from 0.
        samples: the number of samples.

    >>> order(0, 5, 4).tolist(), order(0, 6, 4).tolist(), order(0, 5, 4).tolist()
    ([2, 3, 1, 0], [2, 1, 3, 0], [2, 3, 1, 0])
    """
    row: Integers = orders(seed, range(epoch, epoch + 1), samples)[0]
    return row


def orders(seed: int, epochs: range, samples: int) -> Integers:
    """Returns the orders of consecutive epochs, epochs × samples: the same numbers as one at a time."""
    size = max(1, min(_MOST_EPOCHS, _MOST_NUMBERS // samples))
    blocks = range(epochs[0] // size, epochs[-1] // size + 1)
    rows = [
        _block(seed, block, size, samples)[max(0, epochs[0] - block * size) : epochs[-1] + 1 - block * size]
        for block in blocks
    ]
    return np.concatenate(rows)


def minibatches(seed: int, epoch: int, samples: int, size: int) -> list[Integers]:
    """Returns the indices of the samples of each minibatch of an epoch; a single minibatch is not shuffled.

    >>> [batch.tolist() for batch in minibatches(0, 5, 4, size=3)], minibatches(0, 5, 4, size=4)
    ([[2, 3, 1], [0]], [array([0, 1, 2, 3])])
    """
    chosen = order(seed, epoch, samples) if size < samples else np.arange(samples)
    return [chosen[start : start + size] for start in range(0, samples, size)]


@lru_cache(maxsize=1)
def _block(seed: int, block: int, size: int, samples: int) -> Integers:
    """The orders of the `size` epochs that share one generator."""
    rows = np.tile(np.arange(samples), (size, 1))
    return np.random.default_rng([seed, block]).permuted(rows, axis=1, out=rows)
