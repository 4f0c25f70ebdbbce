"""The course's formulas in NumPy alone, to compare the engine with."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.asarray(z, dtype=float)))


def sigmoid_slope(z):
    a = sigmoid(z)
    return a * (1.0 - a)


def same(actual, expected, tolerance=1e-12):
    """Whether two arrays have the same shape, and their elements agree within the tolerance."""
    assert np.shape(actual) == np.shape(expected), f"shape {np.shape(actual)}, not {np.shape(expected)}"
    np.testing.assert_allclose(actual, expected, rtol=0.0, atol=tolerance)
