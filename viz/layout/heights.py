"""The heights at which the things in columns stand: as near to what they are connected with as their order allows."""

from collections.abc import Sequence
from itertools import accumulate

__all__ = ["spread"]


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
    offsets = [0.0, *accumulate(distances)]
    # Those that touch each other: the sum of their weights, of their weighted wishes, and how many they are.
    pools: list[tuple[float, float, int]] = []
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        total, size = weight * (wish - offset), 1
        while pools and pools[-1][1] * weight >= total * pools[-1][0]:
            above = pools.pop()
            weight, total, size = above[0] + weight, above[1] + total, above[2] + size
        pools.append((weight, total, size))
    means = [total / weight for weight, total, size in pools for _ in range(size)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
