"""Small datasets to learn on; everything random in them is drawn from a seed."""

import math
from importlib.resources import files
from typing import NamedTuple

from autograd.numerics import np, npt
from autograd.suggestions import choose
from nn.choices import checked_generator, checked_rate, checked_size
from nn.draws import normal, uniform

__all__ = ["Dataset", "blobs", "circles", "gate", "houses", "linear", "moons", "names", "noisy_linear", "xor"]

Floats = npt.NDArray[np.floating]


class Dataset(NamedTuple):
    """Samples and their targets.

    Attributes:
        X: samples × inputs.
        y: one target for each sample.
    """

    X: Floats
    y: Floats


_GATES = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "xor": (0, 1, 1, 0),
    "nand": (1, 1, 1, 0),
    "nor": (1, 0, 0, 0),
    "xnor": (1, 0, 0, 1),
    "not": (1, 0),
}


def gate(name: str) -> Dataset:
    """The truth table of a logic gate: "and", "or", "xor", "nand", "nor", "xnor" of two inputs, "not" of one.

    Raises:
        ValueError: for an unknown gate.

    >>> gate("and").y.tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    outputs = choose("gate", name, _GATES)
    inputs = [[0], [1]] if len(outputs) == 2 else [[0, 0], [0, 1], [1, 0], [1, 1]]
    return Dataset(np.array(inputs, dtype=float), np.array(outputs, dtype=float))


def xor() -> Dataset:
    """The truth table that no line separates: 1 if exactly one of two inputs is 1.

    >>> xor().X.tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """
    return gate("xor")


def moons(samples: int = 100, *, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Two interlocking half circles, alternating between classes 0 and 1.

    Arguments:
        samples: the number of samples of both classes together, 1 or more.
        noise: the standard deviation of the normal noise that is added to each coordinate.
        seed: a non-negative integer, from which the noise is drawn.

    Raises:
        ValueError: if an argument is out of range.

    >>> X, y = moons(6, noise=0.0)
    >>> X.shape, y.tolist()
    ((6, 2), [0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    """
    y, turns = _classes_and_turns(samples, 0.5)
    upper = _on_circle(turns)
    return _noisy(np.where(y[:, None] == 0.0, upper, [1.0, 0.5] - upper), y, noise, seed)


def circles(samples: int = 100, *, noise: float = 0.05, seed: int = 0) -> Dataset:
    """A circle of radius 1 (class 0) around one of radius 0.5 (class 1); arguments as for `moons`.

    >>> circles(4, noise=0.0).X.tolist()
    [[1.0, 0.0], [0.5, 0.0], [-1.0, 0.0], [-0.5, 0.0]]
    """
    y, turns = _classes_and_turns(samples, 1.0, closed=True)
    radius = np.where(y == 0.0, 1.0, 0.5)
    return _noisy(radius[:, None] * _on_circle(turns), y, noise, seed)


def blobs(samples: int = 150, *, noise: float = 0.5, seed: int = 0) -> Dataset:
    """Three clouds around the corners of a triangle, cycling through classes 0, 1 and 2; arguments as for `moons`.

    >>> blobs(3, noise=0.0).y.tolist()
    [0.0, 1.0, 2.0]
    """
    y = np.arange(checked_size("samples", samples)) % 3.0
    return _noisy(2.0 * _on_circle(0.25 + y / 3.0), y, noise, seed)


def houses(samples: int = 200, *, noise: float = 10.0, seed: int = 0) -> Dataset:
    """Invented house prices in thousands: 50 + 2.5·area - 0.03·distance + 15·schools, plus noise, at least 20.

    The columns are the floor area (40 to 200 m²), the distance to the metro (50 to 3,000 m) and the number of schools
    nearby (0 to 5).

    Arguments:
        samples: the number of houses, 1 or more.
        noise: the standard deviation of the normal noise of the prices, in thousands.
        seed: a non-negative integer, from which houses and noise are drawn.

    Raises:
        ValueError: if an argument is out of range.

    >>> X, y = houses(5)
    >>> X.shape, y.shape
    ((5, 3), (5,))
    """
    count, deviation = checked_size("samples", samples), checked_rate("noise", noise)
    rng = checked_generator("seed", seed)
    area, distance = uniform(rng, 40.0, 200.0, count), uniform(rng, 50.0, 3000.0, count)
    schools = rng.integers(0, 6, count).astype(float)
    price = 50.0 + 2.5 * area - 0.03 * distance + 15.0 * schools + normal(rng, deviation, count)
    return Dataset(np.column_stack([area, distance, schools]), np.maximum(price, 20.0))


def linear(samples: int = 50, *, slope: float = 2.0, intercept: float = 1.0, seed: int = 0) -> Dataset:
    """Points on the line y = slope·x + intercept, for x between -1 and 1.

    Arguments:
        samples: the number of points, 1 or more.
        slope: the slope of the line.
        intercept: its value at x = 0.
        seed: a non-negative integer, from which the x are drawn.

    Raises:
        ValueError: if the number of samples or the seed is out of range.

    >>> X, y = linear(10)
    >>> bool((y == 2.0 * X[:, 0] + 1.0).all())
    True
    """
    x = uniform(checked_generator("seed", seed), -1.0, 1.0, checked_size("samples", samples))
    return Dataset(x[:, None], slope * x + intercept)


def noisy_linear(
    samples: int = 50, *, slope: float = 2.0, intercept: float = 1.0, noise: float = 0.2, seed: int = 0
) -> Dataset:
    """Points near the line y = slope·x + intercept.

    Arguments:
        samples, slope, intercept, seed: as for `linear`.
        noise: the standard deviation of the normal noise that is added to each y.

    >>> bool((noisy_linear(10, noise=0.0).y == linear(10).y).all())
    True
    """
    X, y = linear(samples, slope=slope, intercept=intercept, seed=seed)
    rng = np.random.default_rng([seed, 1])  # a different stream from that of the x
    return Dataset(X, y + normal(rng, checked_rate("noise", noise), len(y)))


def names() -> list[str]:
    """Returns 1,573 given names from many countries, in alphabetical order: 3 to 8 letters each, a to z.

    They are for models that learn letters, so names are written as is usual in English text, without accents, and begin
    with a small letter. A name that is in use in several countries occurs once.

    >>> names()[:4]
    ['aada', 'aarne', 'aaron', 'aarti']
    """
    return files("nn").joinpath("given_names.txt").read_text(encoding="utf-8").split()


def _classes_and_turns(samples: int, whole: float, *, closed: bool = False) -> tuple[Floats, Floats]:
    """Classes 0 and 1 in turn, and for each class angles spread evenly over `whole`, which may close a circle."""
    index = np.arange(checked_size("samples", samples))
    each = (len(index) + 1) // 2
    return index % 2.0, whole * (index // 2) / max(each - (not closed), 1)


def _on_circle(turns: Floats) -> Floats:
    """The points of the unit circle at some angles, in turns between 0 and 1.

    By the series of sine and cosine up to an eighth of a turn, because the bits of `np.sin` depend on the processor.
    """
    quarters = np.rint(4.0 * turns)
    angle = 2.0 * math.pi * (turns - 0.25 * quarters)
    square = angle * angle
    cosine, sine = np.ones_like(turns), np.ones_like(turns)
    for n in range(16, 0, -2):
        cosine = 1.0 - cosine * square / (n * (n - 1))
        sine = 1.0 - sine * square / (n * (n + 1))
    sine = sine * angle
    quadrant = quarters.astype(int) % 4
    x = np.choose(quadrant, [cosine, -sine, -cosine, sine])
    y = np.choose(quadrant, [sine, cosine, -sine, -cosine])
    return np.column_stack([x, y]) + 0.0  # -0.0 becomes 0.0


def _noisy(X: Floats, y: Floats, noise: float, seed: int) -> Dataset:
    return Dataset(X + normal(checked_generator("seed", seed), checked_rate("noise", noise), X.shape), y)
