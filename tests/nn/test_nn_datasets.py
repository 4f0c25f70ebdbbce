"""Datasets have the geometry they promise, and the same seed results in the same bits."""

import itertools
import math
import re

import numpy as np
import pytest

from nn import datasets

RANDOM = {  # name: the set of n samples, its number of inputs, its number of classes (0: numbers)
    "moons": (datasets.moons, 2, 2),
    "circles": (datasets.circles, 2, 2),
    "blobs": (datasets.blobs, 2, 3),
    "houses": (datasets.houses, 3, 0),
    "linear": (datasets.linear, 1, 0),
    "noisy_linear": (datasets.noisy_linear, 1, 0),
}
of_each = pytest.mark.parametrize("name", RANDOM)
noisy = pytest.mark.parametrize("name", [name for name in RANDOM if name != "linear"])


def bits(dataset):
    return dataset.X.tobytes(), dataset.y.tobytes()


@of_each
@pytest.mark.parametrize("samples", [1, 2, 3, 7, 100])
def test_samples_are_rows_of_finite_floats_with_a_target_each(name, samples):
    make, inputs, _ = RANDOM[name]
    X, y = make(samples)
    assert (X.shape, y.shape) == ((samples, inputs), (samples,))
    assert X.dtype == y.dtype == np.float64
    assert np.isfinite(X).all()
    assert np.isfinite(y).all()


@of_each
@pytest.mark.parametrize("samples", [3, 10, 100, 101])
def test_classes_are_integers_from_0_and_balanced(name, samples):
    make, _, classes = RANDOM[name]
    if classes:
        counts = [int((make(samples).y == label).sum()) for label in range(classes)]
        assert sum(counts) == samples
        assert max(counts) - min(counts) <= 1


@of_each
def test_the_same_seed_results_in_the_same_bits_and_another_seed_in_others(name):
    make = RANDOM[name][0]
    assert bits(make(20, seed=3)) == bits(make(20, seed=3)) != bits(make(20, seed=4))
    assert bits(make(20)) == bits(make(20, seed=0))


@noisy
def test_noise_has_the_deviation_asked_for(name):
    make = RANDOM[name][0]
    scale = 0.01
    loud, quiet = make(4000, noise=scale, seed=1), make(4000, noise=0.0, seed=1)
    difference = np.concatenate([(loud.X - quiet.X).ravel(), loud.y - quiet.y])
    difference = difference[difference != 0.0]
    assert difference.std() == pytest.approx(scale, rel=0.05)
    assert abs(difference.mean()) < 0.05 * scale


def test_moons_without_noise_are_two_half_circles():
    X, y = datasets.moons(101, noise=0.0)
    upper, lower = X[y == 0], X[y == 1]
    assert np.hypot(*upper.T) == pytest.approx(1.0)
    assert np.hypot(*(lower - [1.0, 0.5]).T) == pytest.approx(1.0)
    assert (upper[:, 1] >= 0.0).all()
    assert (lower[:, 1] <= 0.5).all()
    assert upper[:, 0].min() == pytest.approx(-1.0)
    assert upper[:, 0].max() == pytest.approx(1.0)


def test_circles_without_noise_are_two_circles_around_0():
    X, y = datasets.circles(100, noise=0.0)
    assert np.hypot(*X[y == 0].T) == pytest.approx(1.0)
    assert np.hypot(*X[y == 1].T) == pytest.approx(0.5)
    for label in (0, 1):
        points = X[y == label]
        assert points.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)
        assert len({(round(a, 9), round(b, 9)) for a, b in points}) == 50  # no point occurs twice


def test_blobs_without_noise_are_the_corners_of_an_equilateral_triangle():
    X, y = datasets.blobs(9, noise=0.0)
    corners = [X[y == label] for label in range(3)]
    assert all((points == points[0]).all() for points in corners)
    sides = [math.dist(a[0], b[0]) for a, b in itertools.combinations(corners, 2)]
    assert sides == pytest.approx([sides[0]] * 3)
    assert np.hypot(*X.T) == pytest.approx(2.0)


def test_houses_without_noise_have_the_price_of_the_formula():
    X, y = datasets.houses(500, noise=0.0)
    area, distance, schools = X.T
    assert y == pytest.approx(np.maximum(50.0 + 2.5 * area - 0.03 * distance + 15.0 * schools, 20.0))
    assert 40.0 <= area.min() < area.max() <= 200.0
    assert 50.0 <= distance.min() < distance.max() <= 3000.0
    assert set(schools) == {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}
    assert (datasets.houses(2000, noise=1000.0).y >= 20.0).all()


def test_linear_points_lie_on_the_line_and_noisy_ones_do_so_on_average():
    X, y = datasets.linear(50, slope=-3.0, intercept=0.5)
    assert y == pytest.approx(-3.0 * X[:, 0] + 0.5)
    assert abs(X).max() <= 1.0
    X, y = datasets.noisy_linear(4000, slope=-3.0, intercept=0.5, noise=0.3)
    assert np.polyfit(X[:, 0], y, 1) == pytest.approx([-3.0, 0.5], abs=0.05)


def test_the_noise_of_a_line_is_independent_of_its_points():
    sets = [datasets.noisy_linear(1, noise=1.0, seed=seed) for seed in range(1000)]
    x = np.array([X[0, 0] for X, _ in sets])
    residual = np.array([y[0] for _, y in sets]) - 2.0 * x - 1.0
    same_bits = 4.0 * (x + 1.0) % 1.0  # NumPy would compute |residual| from them if both were drawn from one state
    assert abs(np.corrcoef(x, residual)[0, 1]) < 5 / math.sqrt(1000)
    assert abs(np.corrcoef(same_bits, abs(residual))[0, 1]) < 5 / math.sqrt(1000)


GATES = {
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "xor": lambda a, b: a != b,
    "nand": lambda a, b: not (a and b),
    "nor": lambda a, b: not (a or b),
    "xnor": lambda a, b: a == b,
}


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_its_truth_table(name):
    X, y = datasets.gate(name)
    assert X.tolist() == [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    assert y.tolist() == [float(GATES[name](bool(a), bool(b))) for a, b in X]


def test_not_is_the_gate_of_one_input_and_xor_has_its_own_function():
    assert [part.tolist() for part in datasets.gate("not")] == [[[0.0], [1.0]], [1.0, 0.0]]
    assert bits(datasets.xor()) == bits(datasets.gate("xor"))


def test_each_call_returns_a_new_dataset():
    first = datasets.xor()
    first.X[:], first.y[:] = 9.0, 9.0
    assert datasets.xor().y.tolist() == [0.0, 1.0, 1.0, 0.0]
    assert datasets.xor().X.max() == 1.0


@of_each
@pytest.mark.parametrize("samples", [0, -1, 1.5, "5", None])
def test_a_number_of_samples_out_of_range_is_refused(name, samples):
    with pytest.raises(ValueError, match=f"samples must be a positive integer, not {samples!r}"):
        RANDOM[name][0](samples)


@noisy
@pytest.mark.parametrize("noise", [-0.1, math.nan, math.inf, "0.1", None])
def test_a_noise_out_of_range_is_refused(name, noise):
    with pytest.raises(ValueError, match=f"noise must be a finite number >= 0, not {noise!r}"):
        RANDOM[name][0](10, noise=noise)


@pytest.mark.parametrize(
    ("name", "near"), [("xro", ", did you mean 'xor'?"), ("AND", ", did you mean 'and'?"), (None, ".")]
)
def test_an_unknown_gate_lists_the_known_and_suggests_the_nearest(name, near):
    with pytest.raises(ValueError, match="unknown gate") as caught:
        datasets.gate(name)
    assert str(caught.value) == f"unknown gate {name!r}{near} Known: and, nand, nor, not, or, xnor, xor"


@pytest.mark.parametrize("make", [datasets.moons, datasets.circles, datasets.blobs, datasets.houses, datasets.linear,
                                  datasets.noisy_linear])  # fmt: skip
@pytest.mark.parametrize("seed", ["a", None, -1])
def test_a_seed_out_of_range_is_refused(make, seed):
    with pytest.raises(ValueError, match=rf"seed must be a non-negative integer below 2\*\*128, not {seed!r}"):
        make(seed=seed)


def test_names_are_sorted_without_repetition_and_of_3_to_8_letters():
    names = datasets.names()
    assert len(names) == 1573
    assert names == sorted(set(names))
    assert all(re.fullmatch("[a-z]{3,8}", name) for name in names)


def test_names_are_new_in_each_call():
    datasets.names().clear()
    assert datasets.names()
