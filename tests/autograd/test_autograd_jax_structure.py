"""Every derivative has the structure and the numbers that JAX gives, for random nested arguments and outputs."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import autograd

jax = pytest.importorskip("jax")
jnp = jax.numpy


class Pair(NamedTuple):
    """A tuple with names."""

    first: Any
    second: Any


@jax.tree_util.register_dataclass
@dataclass
class Model:
    """A dataclass with a field that is not a number."""

    weight: Any
    bias: Any
    kind: str = field(default="linear", metadata={"static": True})


numbers = st.floats(-2.0, 2.0).map(lambda x: round(x, 3))
shapes = st.sampled_from([(2,), (0,), (2, 1)])
arrays = st.tuples(shapes, st.lists(numbers, min_size=4, max_size=4)).map(lambda made: np.resize(made[1], made[0]))
leaves = st.one_of(numbers, arrays)


def containers(tree):
    pairs = st.tuples(tree, tree)
    return st.one_of(
        st.lists(tree, max_size=2),
        st.lists(tree, max_size=2).map(tuple),
        pairs.map(lambda pair: Pair(*pair)),
        pairs.map(lambda pair: Model(*pair)),
        st.dictionaries(st.sampled_from(["w", "b", "a"]), tree, max_size=2),
        pairs.map(lambda pair: OrderedDict(zip("ba", pair, strict=True))),
    )


nested = st.recursive(st.one_of(leaves, st.none()), containers, max_leaves=4)
trees = nested.map(lambda tree: [tree, 0.3])  # JAX transposes no tree without leaves
outputs = st.recursive(leaves, containers, max_leaves=3).map(lambda tree: [tree, 0.5])


def total(library, data):
    """A number that depends on all numbers in nested data."""
    leaves = jax.tree.leaves(data, is_leaf=lambda leaf: isinstance(leaf, autograd.Value))
    return sum((library.sum(leaf * leaf) * (n + 1.0) for n, leaf in enumerate(leaves)), start=0.0)


def function(library, template):
    """A function of two arguments, whose output is nested as a template."""

    def f(x, y):
        a, b = total(library, x), total(library, y)
        return jax.tree.map(lambda leaf: (leaf + a * b) * a, template)

    return f


def agrees(ours, theirs):
    """Whether a result has the containers, keys and shapes of JAX's; and its numbers, if these are more than shapes."""
    assert jax.tree.structure(ours) == jax.tree.structure(theirs)
    for a, b in zip(jax.tree.leaves(ours), jax.tree.leaves(theirs), strict=True):
        assert isinstance(a, np.ndarray if b.shape else float)
        assert np.shape(a) == b.shape
        if not isinstance(b, jax.ShapeDtypeStruct):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.fixture(autouse=True, scope="module")
def doubles():
    with jax.enable_x64(True):
        yield


ARGNUMS = st.sampled_from([0, 1, -1, (0,), (1, 0), (0, -1)])
of_jax = jax.eval_shape  # what a function returns, without the numbers: computing them takes a second each


@given(trees, trees, outputs, ARGNUMS)
@settings(deadline=None, max_examples=8)
def test_derivatives_have_the_structure_of_those_of_jax(x, y, template, argnums):
    ours, theirs = function(np, 0.5), function(jnp, 0.5)
    agrees(autograd.value_and_grad(ours, argnums)(x, y), of_jax(jax.value_and_grad(theirs, argnums), x, y))
    agrees(autograd.hessian(ours, argnums)(x, y), of_jax(jax.hessian(theirs, argnums), x, y))
    ours, theirs = function(np, template), function(jnp, template)
    agrees(autograd.jacobian(ours, argnums)(x, y), of_jax(jax.jacrev(theirs, argnums), x, y))
    agrees(autograd.hessian(ours, argnums)(x, y), of_jax(jax.hessian(theirs, argnums), x, y))


def random_numbers(data, generator):
    """Other numbers in the structure of nested data."""
    return jax.tree.map(lambda leaf: generator.normal(size=np.shape(leaf)) if np.shape(leaf) else 0.7, data)


def check_products(x, y, template, of_jax):
    generator = np.random.default_rng(0)
    ours, theirs = function(np, template), function(jnp, template)
    tangents, weights = random_numbers((x, y), generator), random_numbers(template, generator)
    agrees(autograd.jvp(ours, (x, y), tangents), of_jax(lambda *both: jax.jvp(theirs, *both), (x, y), tangents))
    result, pullback = autograd.vjp(ours, x, y)
    agrees(result, of_jax(theirs, x, y))
    agrees(pullback(weights), of_jax(lambda x, y, weights: jax.vjp(theirs, x, y)[1](weights), x, y, weights))
    one_output, theirs = function(np, 0.5), function(jnp, 0.5)
    for argnums in (0, (1, 0)):
        slopes = jax.grad(theirs, argnums)
        product = of_jax(lambda *both, slopes=slopes: jax.jvp(slopes, *both)[1], (x, y), tangents)
        agrees(autograd.hvp(one_output, (x, y), tangents, argnums), product)


@given(trees, trees, outputs)
@settings(deadline=None, max_examples=8)
def test_products_have_the_structure_of_those_of_jax(x, y, template):
    check_products(x, y, template, of_jax)


def check_auxiliary(x, y, template, of_jax):
    def with_auxiliary(library):
        f, auxiliary = function(library, 0.5), function(library, template)
        return lambda x, y: (f(x, y), auxiliary(x, y))

    for name, theirs in (("grad", "grad"), ("value_and_grad",) * 2, ("jacobian", "jacrev"), ("hessian",) * 2):
        ours = getattr(autograd, name)(with_auxiliary(np), has_aux=True)
        agrees(ours(x, y), of_jax(getattr(jax, theirs)(with_auxiliary(jnp), has_aux=True), x, y))


@given(trees, trees, trees)
@settings(deadline=None, max_examples=8)
def test_auxiliary_data_have_the_structure_of_those_of_jax(x, y, template):
    check_auxiliary(x, y, template, of_jax)


X = [{"w": np.array([0.5, -1.0]), "b": 0.25}, Pair(np.array([[1.5, 0.5]]), None)]
Y = Model(0.5, (np.array([2.0, -0.5]), [1.5]))
OUTPUT = {"out": np.array([0.5, 1.0]), "more": [0.25, Pair(1.5, None)]}


def test_numbers_are_those_of_jax():
    def call(f, *arguments):
        return jax.jit(f)(*arguments)  # otherwise, JAX compiles every operation

    check_products(X, Y, OUTPUT, call)
    jacobian = call(jax.jacrev(function(jnp, OUTPUT), (1, 0)), X, Y)
    agrees(autograd.jacobian(function(np, OUTPUT), (1, 0))(X, Y), jacobian)
    hessian = call(jax.hessian(function(jnp, 0.5), (0, 1)), X, Y)
    agrees(autograd.hessian(function(np, 0.5), (0, 1))(X, Y), hessian)
