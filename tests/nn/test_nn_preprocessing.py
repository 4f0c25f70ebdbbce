"""One-hot rows, standardized columns and augmented samples match their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from nn import augment, one_hot, standardize


@given(st.lists(st.integers(0, 8), min_size=1, max_size=12), st.integers(9, 12))
def test_a_one_hot_row_has_a_single_1_at_its_label(labels, classes):
    rows = one_hot(labels, classes)
    assert rows.shape == (len(labels), classes)
    assert set(rows.flat) <= {0.0, 1.0}
    assert rows.sum(axis=1).tolist() == [1.0] * len(labels)
    assert rows.argmax(axis=1).tolist() == labels
    assert one_hot(np.array(labels, dtype=float)).shape == (len(labels), max(labels) + 1)


def test_no_labels_make_no_rows():
    assert one_hot([]).shape == (0, 0)
    assert one_hot([], 3).shape == (0, 3)


@pytest.mark.parametrize("labels", [[[0], [2]], np.array([[0], [2]])])
def test_a_column_of_labels_is_one_label_a_row(labels):
    assert one_hot(labels).tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


@pytest.mark.parametrize("labels", [3, [[0, 1], [1, 0]], np.zeros((2, 1, 1))])
def test_labels_that_are_no_column_are_refused(labels):
    with pytest.raises(ValueError, match="labels must be one class for each sample, not of shape"):
        one_hot(labels)


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        ([0, 3], 3, "a label must be a class, an integer from 0 to 2, not 3.0"),
        ([-1, 1], None, "not -1.0"),
        ([0.5, 1], None, "not 0.5"),
        ([0, math.nan], None, "not nan"),
        ([0, math.inf], None, "not inf"),
        ([math.nan], 3, "not nan"),
    ],
)
def test_a_label_that_is_not_a_class_is_refused(labels, classes, message):
    with pytest.raises(ValueError, match=message):
        one_hot(labels, classes)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 9999), rows=st.integers(3, 30), columns=st.integers(1, 4))
def test_standardized_columns_have_mean_0_and_deviation_1_and_can_be_restored(seed, rows, columns):
    rng = np.random.default_rng(seed)
    X = rng.normal(rng.uniform(-100, 100, columns), rng.uniform(0.01, 100, columns), (rows, columns))
    Z, standardizer = standardize(X)
    assert Z.mean(axis=0) == pytest.approx(np.zeros(columns), abs=1e-9)
    assert Z.std(axis=0) == pytest.approx(np.ones(columns), rel=1e-9)
    assert standardizer(X).tolist() == Z.tolist()
    assert standardizer.inverse(Z) == pytest.approx(X, rel=1e-12, abs=1e-9)


def test_new_samples_are_shifted_and_scaled_like_the_first():
    _, standardizer = standardize([[0.0, 10.0], [2.0, 30.0]])
    assert standardizer([[4.0, 20.0]]).tolist() == [[3.0, 0.0]]


@pytest.mark.parametrize("number", [0.0, 10.0, 0.1, 1e100, 1 / 3])
@pytest.mark.parametrize("rows", [1, 3, 10])
def test_a_constant_column_becomes_0_whatever_its_number(number, rows):
    Z, standardizer = standardize(np.full((rows, 1), number))  # the deviation of three 0.1 is 1e-17 in floats
    assert Z.tolist() == [[0.0]] * rows
    assert standardizer.inverse(Z).tolist() == [[number]] * rows
    assert standardizer([[number + 0.5]]).tolist() == [[number + 0.5 - number]]


def test_one_column_alone_is_standardized_too():
    Z, _ = standardize([1.0, 3.0])
    assert Z.tolist() == [-1.0, 1.0]


@pytest.mark.parametrize("X", [[], [[], []], 1.0])
def test_standardize_without_samples_is_refused(X):
    with pytest.raises(ValueError, match="standardize needs an array with at least one sample"):
        standardize(X)


@given(st.integers(1, 5), st.integers(1, 4), st.floats(0.0, 2.0), st.integers(0, 5))
def test_augmented_samples_come_first_and_their_copies_keep_their_targets(samples, copies, noise, seed):
    X, y = np.arange(2.0 * samples).reshape(-1, 2), np.arange(float(samples))
    more = augment(X, y, copies=copies, noise=noise, seed=seed)
    assert (more.X[:samples] == X).all()
    assert more.y.tolist() == y.tolist() * (copies + 1)
    moved = more.X - np.tile(X, (copies + 1, 1))
    assert (np.abs(moved) <= 6 * noise).all()
    assert (augment(X, y, copies=copies, noise=noise, seed=seed).X == more.X).all()


def test_the_noise_of_augmentation_has_its_standard_deviation_and_no_mean():
    moved = augment(np.zeros((2, 2)), np.zeros((2, 3)), copies=5000, noise=0.5).X[2:]
    assert moved.std() == pytest.approx(0.5, rel=0.02)
    assert moved.mean() == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(
    ("X", "y", "options", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], {}, "samples × columns"),
        ([[1.0]], [1.0, 2.0], {}, "as many targets"),
        ([[1.0]], 1.0, {}, "as many targets"),
        ([[1.0]], [1.0], {"copies": 0}, "copies must be a positive integer, not 0"),
        ([[1.0]], [1.0], {"noise": -1.0}, "noise must be a finite number >= 0, not -1.0"),
        ([[1.0]], [1.0], {"seed": -1}, "seed must be .* not -1"),
    ],
)
def test_augmentation_with_wrong_arguments_is_refused(X, y, options, message):
    with pytest.raises(ValueError, match=message):
        augment(X, y, **options)
