"""Linear algebra on arrays of Values: NumPy's values and errors, the derivatives of JAX."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.numpy_check import check, compiled

import autograd
from autograd import Value, array, data_of, grad, hessian, jacobian, leaves
from autograd.graph import walk

seeds = st.integers(0, 2**32 - 1)


def random(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def cofactors(matrix):
    """The derivative of the determinant, by determinants of the minors."""
    n = len(matrix)
    result = np.zeros((n, n))
    for i, j in itertools.product(range(n), repeat=2):
        result[i, j] = (-1.0) ** (i + j) * np.linalg.det(np.delete(np.delete(matrix, i, 0), j, 1))
    return result


SINGULAR = {
    "zeros of 1": np.zeros((1, 1)), "zeros of 2": np.zeros((2, 2)), "zeros of 4": np.zeros((4, 4)),
    "zeros of 6": np.zeros((6, 6)), "ones of 3": np.ones((3, 3)), "ones of 6": np.ones((6, 6)),
    "5 of rank 2": np.arange(25.0).reshape(5, 5), "a row of zeros": np.diag([1.0, 2.0, 0.0, 3.0, -1.0, 4.0]),
    "a column of zeros": random(0, 6, 6) * [0.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    "6 of rank 5": random(0, 6, 5) @ random(1, 5, 6), "7 of rank 6": random(2, 7, 6) @ random(3, 6, 7),
}  # fmt: skip


@pytest.mark.parametrize("name", SINGULAR)
def test_the_gradient_of_a_determinant_at_a_singular_matrix_is_its_cofactors(name):
    matrix = SINGULAR[name]
    assert np.linalg.det(array(matrix)).data == pytest.approx(np.linalg.det(matrix), abs=1e-12)
    np.testing.assert_allclose(grad(np.linalg.det)(matrix), cofactors(matrix), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_second_derivatives_of_a_determinant_of_zeros_and_of_a_singular_matrix(n):
    """Those by two numbers of different rows and columns are minors of the rest."""
    for matrix in (np.zeros((n, n)), np.ones((n, n)), np.diag([1.0] * (n - 2) + [0.0] * 2)):
        second = hessian(np.linalg.det)(matrix)
        for i, j in ((0, 1), (1, 0), (n - 1, n - 2)):
            rest = np.delete(np.delete(matrix, (i, j), 0), (i, j), 1)
            assert second[i, i, j, j] == pytest.approx(np.linalg.det(rest), abs=1e-12)
            assert second[i, j, j, i] == pytest.approx(-np.linalg.det(rest), abs=1e-12)
            assert second[i, i, i, j] == 0.0


@given(st.integers(1, 7), seeds)
@settings(max_examples=25, deadline=None)
def test_a_random_matrix_has_numpys_determinant_inverse_and_solution(n, seed):
    a, b = random(seed, n, n) + np.diag(np.full(n, 0.5)), random(seed + 1, n, 2)
    tolerance = 1e-13 * np.linalg.cond(a)
    for ours, theirs in (
        (np.linalg.det(array(a)), np.linalg.det(a)),
        (np.linalg.inv(array(a)), np.linalg.inv(a)),
        (np.linalg.solve(array(a), array(b)), np.linalg.solve(a, b)),
        (np.linalg.solve(a, array(b)), np.linalg.solve(a, b)),
        (np.linalg.solve(array(a), b[:, 0]), np.linalg.solve(a, b[:, 0])),
        (np.linalg.slogdet(array(a)).logabsdet, np.linalg.slogdet(a).logabsdet),
        (np.linalg.slogdet(array(a)).sign, np.linalg.slogdet(a).sign),
        (np.linalg.cholesky(array(a @ a.T)), np.linalg.cholesky(a @ a.T)),
    ):
        np.testing.assert_allclose(data_of(ours), theirs, rtol=0.0, atol=tolerance * max(1.0, np.abs(theirs).max()))


@given(st.lists(st.text("ijk", min_size=1, max_size=3), min_size=1, max_size=3), st.data())
@settings(max_examples=40, deadline=None)
def test_a_random_einsum_has_numpys_value_and_derivatives(terms, data):
    lengths = {"i": 2, "j": 3, "k": 1}
    subscripts = ",".join(terms)
    if data.draw(st.booleans(), "explicit"):
        letters = sorted({letter for term in terms for letter in term})
        subscripts += "->" + "".join(data.draw(st.permutations(letters))[: data.draw(st.integers(0, 2))])
    points = [random(place, *(lengths[letter] for letter in term)) for place, term in enumerate(terms)]
    check(lambda *arrays: np.einsum(subscripts, *arrays), points)


@given(st.integers(1, 5), seeds)
@settings(max_examples=10, deadline=None)
def test_the_derivatives_of_random_matrices_are_the_formulas(n, seed):
    """d det = det(A) tr(A⁻¹ dA), d A⁻¹ = -A⁻¹ dA A⁻¹."""
    a, g = random(seed, n, n) + 2.0 * np.eye(n), random(seed + 1, n, n)
    inverse = np.linalg.inv(a)
    scale = 1e-12 * np.linalg.cond(a) ** 2
    np.testing.assert_allclose(grad(np.linalg.det)(a), np.linalg.det(a) * inverse.T, rtol=scale, atol=scale)
    np.testing.assert_allclose(
        grad(lambda m: (np.linalg.inv(m) * g).sum())(a), -inverse.T @ g @ inverse.T, rtol=scale, atol=scale
    )
    np.testing.assert_allclose(grad(lambda m: np.linalg.slogdet(m)[1])(a), inverse.T, rtol=scale, atol=scale)


@pytest.fixture
def jax():
    module = pytest.importorskip("jax")
    with module.enable_x64(True):
        yield module


def named(library, name):
    """A function of NumPy or of JAX."""
    return getattr(library.linalg, name, None) or getattr(library, name)


def symmetrized(derivative):
    """The derivative by a symmetric matrix: JAX and NumPy differ in which triangle they read."""
    return derivative + np.swapaxes(derivative, -1, -2)


OF_JAX = {
    "det": (lambda f: f, [(3, 3)]), "inv": (lambda f: f, [(4, 4)]), "slogdet": (lambda f: lambda a: f(a)[1], [(5, 5)]),
    "solve": (lambda f: f, [(3, 3), (3, 2)]), "matrix_power": (lambda f: lambda a: f(a, -3), [(3, 3)]),
    "multi_dot": (lambda f: lambda a, b, c: f([a, b, c]), [(2, 3), (3, 4), (4,)]),
    "einsum": (lambda f: lambda a, b: f("...ij,kj,...ii->...k", a, b, a), [(2, 3, 3), (4, 3)]),
    "tensordot": (lambda f: lambda a, b: f(a, b, axes=([0, 2], [1, 0])), [(2, 3, 4), (4, 2)]),
    "kron": (lambda f: f, [(2, 2), (2, 3)]), "cross": (lambda f: f, [(4, 3), (4, 3)]),
    "norm": (lambda f: lambda a: f(a, axis=0), [(3, 2)]), "cov": (lambda f: f, [(2, 4)]),
    "corrcoef": (lambda f: f, [(2, 4)]), "gradient": (lambda f: lambda a: f(a)[1], [(3, 4)]),
    "interp": (lambda f: lambda x, y: f(x, np.arange(-3.0, 4.0), y), [(5,), (7,)]),
    "median": (lambda f: f, [(5,)]), "sinc": (lambda f: f, [(4,)]), "convolve": (lambda f: f, [(4,), (3,)]),
    "quantile": (lambda f: lambda a: f(a, np.array([0.3, 0.8]), axis=1), [(2, 4)]),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_JAX)
def test_first_derivatives_are_those_of_jax(name, jax):
    ours, theirs = named(np, name), named(jax.numpy, name)
    make, shapes = OF_JAX[name]
    points = [random(7 + place, *shape) for place, shape in enumerate(shapes)]
    argnums = tuple(range(len(points)))
    expected = jax.jacobian(make(theirs), argnums)(*points)
    for made, right in zip(jacobian(make(ours), argnums)(*points), expected, strict=True):
        np.testing.assert_allclose(made, right, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", ["det", "inv", "solve", "slogdet", "einsum", "norm"])
def test_second_derivatives_are_those_of_jax(name, jax):
    ours, theirs = named(np, name), named(jax.numpy, name)
    make, shapes = OF_JAX[name]
    points = [random(3 + place, *(min(length, 3) for length in shape)) for place, shape in enumerate(shapes)]

    def total(library, f):
        return lambda *arguments: library.sum(make(f)(*arguments) ** 2)

    expected = jax.hessian(total(jax.numpy, theirs))(*points)
    np.testing.assert_allclose(hessian(total(np, ours))(*points), expected, rtol=1e-8, atol=1e-9)


def test_the_derivative_of_a_cholesky_factor_is_that_of_jax(jax):
    theirs = jax.numpy.linalg.cholesky
    a = random(0, 4, 4)
    a = a @ a.T + np.eye(4)
    made, expected = jacobian(np.linalg.cholesky)(a), jax.jacobian(theirs)(a)
    np.testing.assert_allclose(symmetrized(made), symmetrized(expected), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("upper", [False, True])
def test_a_cholesky_factor_depends_on_one_triangle_as_in_numpy(upper):
    a = np.array([[4.0, 99.0], [1.0, 3.0]])[:: -1 if upper else 1, :: -1 if upper else 1]
    made = np.linalg.cholesky(array(a), upper=upper)
    np.testing.assert_allclose(data_of(made), np.linalg.cholesky(a, upper=upper), rtol=1e-15)
    check(lambda a: np.linalg.cholesky(a, upper=upper), [a])


def test_the_gradient_of_a_determinant_is_exact_to_fifty_digits_of_mpmath():
    mpmath = pytest.importorskip("mpmath")
    a = random(5, 6, 6)
    with mpmath.workdps(50):
        exact = mpmath.matrix(a.tolist())
        gradient = (exact**-1).T * mpmath.det(exact)
        expected = np.array(gradient.tolist(), dtype=float)
    np.testing.assert_allclose(grad(np.linalg.det)(a), expected, rtol=1e-12, atol=1e-13)


LinAlgError = np.linalg.LinAlgError
ERRORS = {
    "inv of a singular matrix": (lambda: np.linalg.inv(array(np.ones((2, 2)))), LinAlgError, "Singular matrix"),
    "solve of a singular matrix": (lambda: np.linalg.solve(array(np.zeros((2, 2))), [1.0, 2.0]), LinAlgError, "Singul"),
    "power of a singular matrix": (
        lambda: np.linalg.matrix_power(array(np.ones((2, 2))), -1), LinAlgError, "Singular matrix"
    ),
    "cholesky of a negative number": (
        lambda: np.linalg.cholesky(array([[1.0, 2.0], [2.0, 1.0]])), LinAlgError, "Matrix is not positive definite"
    ),
    "cholesky of nan": (lambda: np.linalg.cholesky(array([[np.nan]])), LinAlgError, "not positive definite"),
    "det of a row": (lambda: np.linalg.det(array([1.0, 2.0])), LinAlgError, "must be at least two-dimensional"),
    "inv of 2 by 3": (lambda: np.linalg.inv(array(np.ones((2, 3)))), LinAlgError, "must be square"),
    "solve of 2 by 3": (lambda: np.linalg.solve(array(np.ones((2, 3))), [1.0, 2.0]), LinAlgError, "must be square"),
    "solve for too many": (
        lambda: np.linalg.solve(array(np.eye(2)), [1.0, 2.0, 3.0]), ValueError, r"2 equations .* not b of shape \(3,"
    ),
    "solve for a number": (lambda: np.linalg.solve(array(np.eye(2)), Value(1.0)), ValueError, "2 equations"),
    "power of a half": (
        lambda: np.linalg.matrix_power(array(np.eye(2)), 0.5), TypeError, "exponent of matrix_power must be an integer"
    ),
    "tensorsolve": (lambda: np.linalg.tensorsolve(array(np.ones((2, 3))), [1.0, 2.0]), LinAlgError, "requirement"),
    "tensorinv": (lambda: np.linalg.tensorinv(array(np.eye(2)), ind=0), ValueError, "ind of tensorinv must be"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_the_errors_are_numpys(name):
    action, kind, message = ERRORS[name]
    with pytest.raises(kind, match=message):
        action()


def test_matrices_without_numbers_and_stacks_without_matrices():
    assert np.linalg.det(array(np.zeros((0, 0)))) == 1.0
    assert np.linalg.slogdet(array(np.zeros((0, 0)))) == (1.0, 0.0)
    assert np.linalg.inv(array(np.zeros((0, 3, 3)))).shape == (0, 3, 3)
    assert np.linalg.det(array(np.zeros((0, 3, 3)))).shape == (0,)


def test_a_plain_zero_of_the_matrix_costs_no_operation():
    """Nothing is recorded for the zeros of a diagonal matrix, and little for those of the identity in an inverse."""
    b = array([1.0, 2.0, 3.0])
    x = np.linalg.solve(np.diag([2.0, 4.0, 8.0]), b)
    assert [[leaf.role for leaf in leaves(v)] for v in x] == [["plain", "constant"]] * 3
    assert {v.op for v in x} == {"divide"}
    inverse = np.linalg.inv(array(random(0, 3, 3)))
    assert sum(v.op == "multiply" for v in walk(*inverse.flat)[1]) == 18  # of 23


# In a function that is being compiled, no number is known.


COMPILED = {
    "det": (np.linalg.det, 3), "det of 7": (np.linalg.det, 7),
    "slogdet": (lambda a: np.linalg.slogdet(a).logabsdet, 3), "inv": (lambda a: np.linalg.inv(a)[0, 1], 4),
    "solve": (lambda a: np.linalg.solve(a, a[0])[1] + np.linalg.solve(a, [1.0, 2.0, 3.0])[2], 3),
    "cholesky": (lambda a: np.linalg.cholesky(a @ a.T)[2, 1], 3), "matrix_power": (
        lambda a: np.linalg.matrix_power(a, -2)[0, 2], 3), "norm": (np.linalg.norm, 3),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPILED)
def test_a_compiled_function_exchanges_rows_when_it_runs(name):
    """One program is right for matrices whose pivots are in different rows, a zero on the diagonal included."""
    f, n = COMPILED[name]
    program = compiled(lambda x: f(x.reshape(n, n)))
    for seed in range(4):
        a = random(seed, n, n)
        a[np.diag_indices(n)] *= seed % 2  # zeros where elimination starts
        value, gradient = program(*a.flat)
        assert value == pytest.approx(f(array(a)).data, rel=1e-10)
        expected = np.ravel(grad(f)(a))
        assert gradient == pytest.approx(expected.tolist(), rel=1e-8, abs=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize(("target", "package"), [("numpy", "numpy"), ("native", "llvmlite"), ("jax", "jax"),
                                                  ("javascript", "py_mini_racer")])  # fmt: skip
def test_every_target_solves_equations_with_exchanged_rows(target, package):
    pytest.importorskip(package)
    program = compiled(lambda x: np.linalg.solve(x.reshape(2, 2), [1.0, 2.0])[1], target)
    for a in ([[0.0, 2.0], [4.0, 1.0]], [[3.0, 1.0], [0.5, 1.0]]):
        value, gradient = program(*np.ravel(a))
        assert value == pytest.approx(np.linalg.solve(a, [1.0, 2.0])[1], rel=1e-14)
        expected = grad(lambda a: np.linalg.solve(a, [1.0, 2.0])[1])(np.array(a))
        np.testing.assert_allclose(np.reshape(gradient, (2, 2)), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("n", [3, 6])
def test_the_cofactors_of_a_singular_matrix_are_exact_in_a_compiled_function(n):
    program = compiled(lambda x: np.linalg.det(x.reshape(n, n)))
    for matrix in (np.zeros((n, n)), np.ones((n, n)), np.diag([0.0] + [2.0] * (n - 1))):
        value, gradient = program(*matrix.flat)
        assert value == 0.0
        np.testing.assert_allclose(np.reshape(gradient, (n, n)), cofactors(matrix), atol=1e-12)


def test_a_compiled_function_of_a_singular_matrix_is_not_finite():
    program = compiled(lambda x: np.linalg.inv(x.reshape(2, 2))[0, 0])
    assert not np.isfinite(program(1.0, 1.0, 1.0, 1.0)[0])


def test_pivots_that_were_compared_are_a_branch_that_compile_warns_about():
    x = [Value(v, f"x{place}") for place, v in enumerate((1.0, 2.0, 3.0, 4.0))]
    y = np.linalg.inv(array(x).reshape(2, 2))[0, 1]
    with pytest.warns(UserWarning, match="was compared"):
        autograd.compile(y, inputs=x, target="python")


@pytest.mark.parametrize("order", [None, 2, 3, 0.5])
def test_a_norm_that_is_nan_has_no_gradient_of_zero(order):
    def norm(x):
        return np.linalg.norm(x, order)

    assert np.isnan(autograd.grad(norm)(np.array([np.nan, 1.0]))).all()
    assert (autograd.grad(norm)(np.zeros(2)) == 0.0).all()
