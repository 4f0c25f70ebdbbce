"""The heights at which the things in columns stand: as near to what they are connected with as their order allows."""

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["spread"]


class _Pool(NamedTuple):
    """Neighbours that touch each other: the sum of their weights, of their weighted wishes, and how many they are."""

    weight: float
    total: float
    size: int


def spread(wishes: Sequence[float], weights: Sequence[float], distances: Sequence[float]) -> list[float]:
    """Returns the positions nearest to some wishes that keep the order and the distances of neighbours.

    They are the least squares solution, by pooling adjacent violators (Ayer et al., 1955, "An empirical distribution
    function for sampling with incomplete information").

    Arguments:
        wishes: where each would like to be.
        weights: how much that counts, above 0.
        distances: the least distance of each but the first from the one before it.

    >>> spread([0.0, 0.0, 10.0], [1.0, 1.0, 1.0], [4.0, 4.0])
    [-2.0, 2.0, 10.0]
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[_Pool] = []
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        pool = _Pool(weight, weight * (wish - offset), 1)
        while pools and pools[-1].total * pool.weight >= pool.total * pools[-1].weight:
            above = pools.pop()
            pool = _Pool(above.weight + pool.weight, above.total + pool.total, above.size + pool.size)
        pools.append(pool)
    means = [pool.total / pool.weight for pool in pools for _ in range(pool.size)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
