"""The ufuncs of SciPy that are formulas of ours: SciPy's values on Values, and the derivatives of differences."""

import math

import numpy as np
import pytest
from support.numpy_check import check, points_of

from autograd import Value, array, data_of, grad
from autograd.scipy_functions import SCIPY
from autograd.unsupported import UnsupportedError

special = pytest.importorskip("scipy.special")

POINTS = {"a": np.array([0.1, 0.3, 0.5, 0.75, 0.99]), "b": np.array([0.9, 0.2, 0.5001, 2.0, 3.5])}
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, math.inf, -math.inf, math.nan, 1e-30, 1e30, 2.0]


def named(name):
    """A ufunc of SciPy as a function whose parameters are points, and the number of them."""
    f = getattr(special, name)
    return (lambda a: f(a)) if f.nin == 1 else (lambda a, b: f(a, b))


@pytest.mark.parametrize("name", [*SCIPY, "erf", "erfc", "log1p", "expm1", "exp2", "cbrt"])
def test_a_ufunc_of_scipy_has_its_value_and_the_derivative_of_differences(name):
    check(named(name), points_of(named(name), POINTS), rtol=1e-13)


@pytest.mark.parametrize("name", SCIPY)
def test_the_edges_are_those_of_scipy(name):
    f = getattr(special, name)
    grids = np.meshgrid(*[EDGES] * f.nin)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(data_of(f(*map(array, grids))), f(*grids), rtol=1e-13)


@pytest.mark.parametrize("p", [1e-300, 1e-10, 0.25, 0.4999999, 0.5, 0.5000001, 0.75, 1.0 - 1e-10])
def test_logit_keeps_its_digits(p):
    assert special.logit(Value(p)).data == pytest.approx(special.logit(p), rel=1e-14, abs=0.0)
    assert grad(special.logit)(p) == pytest.approx(1.0 / (p * (1.0 - p)), rel=1e-14)


def test_a_weight_of_0_sends_nothing_to_a_logarithm_at_0():
    x, y = Value(0.0), Value(0.0)
    special.xlogy(x, y).backward()
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_another_ufunc_is_refused_by_its_name():
    with pytest.raises(UnsupportedError, match=r"^the ufunc gammaln has no derivative rule; write it with functions"):
        special.gammaln(array([1.0]))
