"""In JAX, a loop is one operation on arrays, which computes what the instructions of its members compute."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import autograd
import nn
from autograd import Value

jax = pytest.importorskip("jax")
jnp = jax.numpy

axis = st.tuples(st.integers(1, 5), st.integers(-20, 20))


@pytest.fixture(autouse=True)
def doubles():
    with jax.enable_x64(True):
        yield


@given(st.lists(axis, min_size=3, max_size=3), st.integers(0, 1))
@settings(deadline=None, max_examples=20)
def test_strided_numbers_are_read_by_slices_or_by_their_indices(axes, samples):
    from autograd.compiler.targets.jax_loops import _strided

    numbers = np.arange(500.0)[(slice(None), *[None] * samples)]
    start = 250
    expected = numbers[start + sum(np.ix_(*[np.arange(size) * stride for size, stride in axes]))]
    read = _strided(jnp.array(numbers), start, axes)
    assert read.shape == (*[size if stride else 1 for size, stride in axes], *numbers.shape[1:])
    assert (np.broadcast_to(read, expected.shape) == expected).all()


def network(activation, sizes):
    inputs, *layers = sizes
    model = nn.MLP(inputs, layers, activation=activation, seed=3)
    x = [Value(0.1, f"x{i}", role="input") for i in range(inputs)]
    y = [Value(0.2, f"y{i}", role="input") for i in range(layers[-1])]
    loss = nn.cross_entropy([model(x)], [y])
    return [autograd.compile(loss, [*x, *y], model.parameters(), target=target) for target in ("jax", "numpy")]


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_a_network_agrees_with_numpy_over_samples(activation):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a long program is a short one in JAX
        program, reference = network(activation, [7, 20, 15, 3])
    columns = np.random.default_rng(0).normal(size=(10, 21))
    np.testing.assert_allclose(program.map(*columns), reference.map(*columns), rtol=1e-12)
    (value, slopes), (expected, gradient) = (
        p.value_and_grad.map(*columns, reduction="mean") for p in (program, reference)
    )
    assert abs(value - expected) < 1e-12
    np.testing.assert_allclose(slopes, gradient, rtol=1e-10, atol=1e-13)


def test_a_network_agrees_on_one_sample_and_under_vmap():
    program, reference = network("tanh", [12, 60, 3])
    columns = np.random.default_rng(0).normal(size=(15, 4))
    f = program.jax
    assert f.operations < 100 < reference.stats()["total"]
    leaves = np.array([leaf.data for leaf in program.leaves])
    values, slopes = jax.jit(jax.vmap(f.value_and_grad, in_axes=(None, *[0] * 15)))(leaves, *columns)
    of_one_sample = jax.jit(f.value_and_grad)
    for sample in range(4):
        value, gradient = reference.value_and_grad(*columns[:, sample])
        one, of_one = of_one_sample(leaves, *columns[:, sample])
        np.testing.assert_allclose([values[sample], one], value, rtol=1e-12)
        np.testing.assert_allclose(np.array([slopes[sample], of_one]), [gradient] * 2, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(jax.jit(jax.grad(f))(leaves, *columns[:, 0]), slopes[0], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("gates", [[1.0, 1.0], [1.0, -1.0]])
def test_behind_a_branch_that_is_not_taken_an_infinite_factor_counts_for_nothing(gates):
    """relu(w·x) with an infinite x: the product of its gradient with 0 would be nan."""
    weights = [[Value(0.1 * (1 + i + j), role="parameter") for i in range(20)] for j in range(20)]
    x = [Value(0.5, role="input") for _ in range(21)]
    hidden = [a * 1e300 * 1e300 for a in x[:20]]  # infinite, or of no known bound
    units = [(sum(a * b for a, b in zip(row, hidden, strict=True)) * x[20]).relu() for row in weights]
    leaves = [w for row in weights for w in row]
    programs = [autograd.compile(sum(units), x, leaves, target=target) for target in ("jax", "numpy")]
    columns = [*np.full((20, 2), 0.5), gates]
    (value, slopes), (expected, gradient) = (p.value_and_grad.map(*columns, reduction="sum") for p in programs)
    np.testing.assert_array_equal([value, *slopes], [expected, *gradient])
    assert not np.isnan(value)
    np.testing.assert_array_equal(programs[0].map(*columns), programs[1].map(*columns))


def test_functions_of_arrays_are_loops_too():
    def f(W, x, b):
        return sum(np.tanh(autograd.array(W) @ x + b))

    W, x, b = np.random.default_rng(0).normal(size=(20, 30)), np.linspace(-1, 1, 30), np.ones(20)
    program, reference = (
        autograd.compile(f, argnums=(0, 2), target=target).trace(W, x, b) for target in ("jax", "numpy")
    )
    np.testing.assert_allclose(program(W, x, b), reference(W, x, b), rtol=1e-12)
    value, slopes = program.jax.value_and_grad([], W, x, b)
    expected, gradient = reference.value_and_grad(W, x, b)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    for got, wanted in zip(slopes, gradient, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-10)
