"""Checks a function of arrays of Values against the same function of floats: its values, and all its derivatives."""

import inspect

import numpy as np

import autograd
from autograd import Value, ValueArray, array, data_of, grad

__all__ = ["check", "check_discrete", "compiled", "flat", "points_of", "values_of"]


def points_of(f, points):
    """The points that the parameters of a function name."""
    parameters = inspect.signature(f).parameters.values()
    return [points[parameter.name] for parameter in parameters if parameter.default is parameter.empty]


def values_of(points):
    """The points as Values."""
    return [Value(point) if isinstance(point, float) else array(point) for point in points]


def flat(result):
    """The arrays in a result, which may be in lists and tuples."""
    if isinstance(result, (list, tuple)):
        return [leaf for part in result for leaf in flat(part)]
    return [result]


def check(f, points, rtol=1e-11, plain=False):
    """Checks the values of f, and its derivatives against differences of NumPy's own function.

    Arguments:
        f: a function of arrays, of floats as of Values.
        points: where; numbers that are nan are not varied.
        rtol: the tolerance of values.
        plain: whether NumPy makes the array of the result without asking ours, so that it is one of objects.
    """
    expected = [np.asarray(part, dtype=float) for part in flat(f(*points))]
    given = values_of(points)
    made = flat(f(*given))
    assert len(made) == len(expected)
    for ours, theirs in zip(made, expected, strict=True):
        if isinstance(ours, np.ndarray) and any(isinstance(element, Value) for element in ours.flat):
            assert plain or isinstance(ours, ValueArray)
        assert np.shape(ours) == theirs.shape
        np.testing.assert_allclose(data_of(ours), theirs, rtol=rtol, atol=1e-13)
    weights = [np.random.default_rng(1).normal(size=part.shape) for part in expected]
    counted = [~np.isnan(part) for part in expected]

    def total(*arguments):
        """A sum of all results with weights, in which each derivative has its share."""
        parts = zip(flat(f(*arguments)), weights, counted, strict=True)
        return sum(((np.asarray(part)[where] * weight[where]).sum() for part, weight, where in parts), start=0.0)

    gradients = grad(lambda *arguments: Value.constant(total(*arguments)), argnums=tuple(range(len(points))))(*points)
    for place, (point, gradient) in enumerate(zip(points, gradients, strict=True)):
        varied = ~np.isnan(point)
        difference = differences(total, points, place)
        np.testing.assert_allclose(np.asarray(gradient)[varied], difference[varied], rtol=2e-5, atol=2e-7)


def differences(f, points, place, step=1e-6):
    """The central differences of f with respect to each number of one of its arguments; 0 at nan."""
    point = np.asarray(points[place])
    result = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        if not np.isnan(point[index]):
            ends = []
            for sign in (1.0, -1.0):
                moved = point.copy()
                moved[index] += sign * step
                arguments = list(points)
                arguments[place] = moved if moved.shape else float(moved)
                ends.append(f(*arguments))
            result[index] = (ends[0] - ends[1]) / (2.0 * step)
    return result


def check_discrete(f, points):
    """Checks that a function whose results are not real numbers gives what it gives for floats, types included."""
    for ours, theirs in zip(flat(f(*values_of(points))), flat(f(*points)), strict=True):
        assert np.asarray(ours).dtype == np.asarray(theirs).dtype
        np.testing.assert_array_equal(ours, theirs)


def compiled(f, target="python"):
    """Compiles a function of an array of numbers.

    Returns a function of these numbers that returns the value, and a list of the derivatives with respect to each.
    """
    program = autograd.compile(f, target=target)

    def value_and_gradient(*numbers):
        value, gradient = program.value_and_grad(np.array(numbers))
        return value, gradient.tolist()

    return value_and_gradient
