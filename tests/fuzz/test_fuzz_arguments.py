"""Derivatives of functions of nested arguments have their structure, and the numbers of the flat computation."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import SMOOTH, bits, ordinary_numbers, run, steps

import autograd
from autograd import Value
from autograd.structure import flatten as flattened


class Pair(NamedTuple):
    """A tuple with names."""

    first: Any
    second: Any


# An argument is described by plain data: its kind, and what it is made of.
SCALARS = {
    "float": float,
    "int": round,
    "bool": lambda x: x > 0,
    "NumPy float": np.float64,
    "NumPy integer": lambda x: np.int8(round(x)),
    "single precision": np.float32,
    "array without axes": np.array,
}
BRANCHES = {"list": list, "tuple": tuple, "pair": lambda branches: Pair(*branches)}
SHAPES = [(1,), (3,), (2, 2), (1, 3), (0,), (2, 0), (1, 1, 2)]
scalar = st.tuples(st.sampled_from(sorted(SCALARS)), ordinary_numbers)
array = st.tuples(st.just("array"), st.sampled_from(SHAPES), st.lists(ordinary_numbers, min_size=4, max_size=4))
trees = st.recursive(
    st.one_of(scalar, array),
    lambda tree: st.one_of(
        st.tuples(st.sampled_from(["list", "tuple"]), st.lists(tree, max_size=3)),
        st.tuples(st.just("pair"), st.lists(tree, min_size=2, max_size=2)),
    ),
    max_leaves=5,
)
graphs = steps(SMOOTH, most=5)


def built(tree, scalar=lambda kind, x: SCALARS[kind](x), array=lambda numbers: numbers):
    """The argument that a tree describes."""
    kind, *content = tree
    if kind in BRANCHES:
        return BRANCHES[kind]([built(branch, scalar, array) for branch in content[0]])
    if kind == "array":
        return array(np.resize(content[1], content[0]))
    return scalar(kind, content[0])


def of_values(tree):
    """The argument with Values in the place of its numbers."""
    return built(tree, lambda kind, x: Value(SCALARS[kind](x)), autograd.array)


def of_floats(tree):
    """An argument with the structure of all results: floats, and arrays of them."""
    return built(tree, lambda kind, x: float(SCALARS[kind](x)))


def same_structure(result, tree):
    """Whether a result is nested as the argument, with floats and arrays of floats."""
    if isinstance(tree, np.ndarray):
        return type(result) is np.ndarray and result.dtype == float and result.shape == tree.shape
    if not isinstance(tree, (list, tuple)):
        return type(result) is float
    return type(result) is type(tree) and len(result) == len(tree) and all(map(same_structure, result, tree))


def arrays_of(tree):
    """The arrays in nested lists and tuples."""
    return [array for branch in tree for array in arrays_of(branch)] if isinstance(tree, (list, tuple)) else [tree]


def flatten(data):
    """The numbers in nested data."""
    return flattened(data)[0]


def all_bits(numbers):
    return [bits(number) for number in numbers]


def output_of(graph, *arguments):
    """A graph of all scalars in the arguments, and of one more."""
    return run(SMOOTH, graph, [*map(Value.constant, flatten(list(arguments))), Value.constant(0.5)])


def flat_gradient(graph, *arguments):
    """The value, and the gradient with respect to all scalars of the arguments in order."""
    xs = [Value(number) for number in flatten(list(arguments))]
    output = output_of(graph, *xs)
    output.backward()
    return output.data, [x.grad for x in xs]


@given(graphs, trees, trees)
@settings(deadline=None, max_examples=100)
def test_a_gradient_has_the_structure_of_its_argument_and_the_bits_of_the_flat_one(graph, first, second):
    arguments = built(first), built(second)
    value, gradient = flat_gradient(graph, *arguments)
    count = len(flatten(arguments[0]))

    def f(*arguments):
        return output_of(graph, *arguments)

    parts = {0: gradient[:count], 1: gradient[count:], -1: gradient[count:], -2: gradient[:count]}
    for argnum, part in parts.items():
        found, slopes = autograd.value_and_grad(f, argnum)(*arguments)
        assert (bits(found), all_bits(flatten(slopes))) == (bits(value), all_bits(part))
        assert same_structure(slopes, (of_floats(first), of_floats(second))[argnum])
    both = autograd.grad(f, (1, 0))(*arguments)
    assert same_structure(both, (of_floats(second), of_floats(first)))
    assert all_bits(flatten(both)) == all_bits([*gradient[count:], *gradient[:count]])


@given(graphs, trees)
@settings(deadline=None, max_examples=50)
def test_a_gradient_at_values_has_the_numbers_of_that_at_numbers(graph, tree):
    def f(x):
        return output_of(graph, x)

    at_numbers = flatten(autograd.grad(f)(built(tree)))
    at_values = flatten(autograd.grad(f)(of_values(tree)))
    assert all(isinstance(slope, Value) for slope in at_values)
    assert [slope.data for slope in at_values] == pytest.approx(at_numbers, rel=1e-12, abs=1e-12)


def nested_output(graphs, x):
    """Outputs in a structure of their own."""
    first, *rest = (output_of(graph, x) for graph in graphs)
    return [first, (tuple(rest), Pair(first, 2.0))]


@given(st.lists(graphs, min_size=1, max_size=3), trees)
@settings(deadline=None, max_examples=50)
def test_a_jacobian_has_the_structure_of_the_output_with_that_of_the_argument_inside(graphs, tree):
    x = built(tree)
    rows = autograd.jacobian(lambda x: nested_output(graphs, x))(x)
    expected = of_floats(tree)
    first, (rest, pair) = rows
    assert (type(rows), type(rest), type(pair)) == (list, tuple, Pair)
    assert same_structure([first, rest, pair], [expected, (expected,) * len(rest), Pair(expected, expected)])
    gradients = [flat_gradient(graph, x)[1] for graph in graphs]
    assert all_bits(flatten([first, *rest])) == all_bits(flatten(gradients))
    assert all_bits(flatten(pair)) == all_bits([*gradients[0], *(0.0 for _ in gradients[0])])


def outside(tree, shape):
    """The structure of the derivatives of an array of this shape: its axes are first in the arrays of the argument."""
    return built(tree, lambda kind, x: np.zeros(shape), lambda x: np.zeros((*shape, *x.shape)))


@given(st.lists(graphs, min_size=4, max_size=4), trees, st.sampled_from(SHAPES))
@settings(deadline=None, max_examples=50)
def test_a_jacobian_of_an_array_has_its_axes_first(graphs, tree, shape):
    x, count = built(tree), int(np.prod(shape))

    def f(x, y):
        return autograd.array([output_of(graph, x) for graph in graphs[:count]]).reshape(shape)

    jacobian = autograd.jacobian(f)(x, 0.5)
    assert same_structure(jacobian, outside(tree, shape))
    assert same_structure(autograd.jacobian(f, [1, 0])(x, 0.5), (np.zeros(shape), outside(tree, shape)))
    gradients = [flat_gradient(graph, x)[1] for graph in graphs[:count]]
    if flatten(gradients):
        rows = np.hstack([np.reshape(part, (count, -1)) for part in arrays_of(jacobian)])
        assert all_bits(rows.flat) == all_bits(flatten(gradients))


@given(graphs, trees)
@settings(deadline=None, max_examples=30)
def test_a_hessian_is_nested_twice(graph, tree):
    x = built(tree)
    hessian = autograd.hessian(lambda x: output_of(graph, x))(x)
    assert same_structure(hessian, built(tree, lambda *_: of_floats(tree), lambda x: outside(tree, x.shape)))
    xs = [Value(number) for number in flatten(x)]
    slopes = [autograd.derivative(output_of(graph, *xs), x) for x in xs]
    expected = [autograd.derivative(slope, x).data for slope in slopes for x in xs]
    assert sorted(flatten(hessian)) == pytest.approx(sorted(expected), rel=1e-9, abs=1e-9)


WRONG = [
    "0.5",
    b"0.5",
    1j,
    {1.0},
    object(),
    lambda: 1.0,
    np.array(["a"]),
    np.array([1j]),
    ...,
    range(2),
]


@given(graphs, trees, st.integers(0, 20), st.integers(0, len(WRONG) - 1))
@settings(deadline=None, max_examples=50)
def test_what_is_not_a_number_is_named(graph, tree, place, which):
    wrong = WRONG[which]
    count = iter(range(100))

    def scalar(kind, x):
        return wrong if next(count) == place else SCALARS[kind](x)

    argument = [built(tree, scalar), built(["float", 0.5], scalar), wrong]
    for differentiate in (autograd.grad, autograd.value_and_grad, autograd.jacobian, autograd.hessian):
        with pytest.raises(TypeError) as caught:
            differentiate(lambda x: output_of(graph, x))(argument)
        named = wrong.flat[0] if isinstance(wrong, np.ndarray) else wrong
        assert repr(named) in str(caught.value)
        assert "\n" not in str(caught.value)
