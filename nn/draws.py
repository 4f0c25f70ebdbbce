"""Uniform and normal random numbers whose bits do not depend on how NumPy was built.

Some builds of NumPy compute the last step of `Generator.uniform` and `Generator.normal` by a fused multiply-add, which
rounds once instead of twice. Here, NumPy's arrays multiply and add. (The tails of the normal distribution, one number
in 3,800, take a logarithm of the C library.)
"""

from autograd.numerics import np, npt

__all__ = ["normal", "uniform"]

Floats = npt.NDArray[np.float64]
Shape = int | tuple[int, ...]


def uniform(rng: np.random.Generator, low: float, high: float, shape: Shape) -> Floats:
    """Returns numbers between two bounds, with the bits of `rng.uniform(low, high, shape)` on most machines.

    >>> uniform(np.random.default_rng(0), 2.0, 4.0, 3).shape
    (3,)
    """
    return low + (high - low) * rng.random(shape)


def normal(rng: np.random.Generator, deviation: float, shape: Shape) -> Floats:
    """Returns numbers of mean 0, with the bits of `rng.normal(0.0, deviation, shape)` on most machines.

    >>> normal(np.random.default_rng(0), 0.0, 2).tolist()
    [0.0, 0.0]
    """
    return 0.0 + deviation * rng.standard_normal(shape)
