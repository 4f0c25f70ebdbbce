"""Compiled functions: arguments and outputs of any structure, and the derivatives of autograd, in every target."""

import copy
import functools
import itertools
import pickle
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import DIFFERENTIABLE, ordinary_numbers, run, steps

import autograd
import nn
from autograd import Value
from autograd.compiler import CompiledFunction, TracingError
from autograd.structure import flatten, outline, unflatten

TARGETS = ["python", "numpy", "native", "javascript"]
KINDS = ["value_and_grad", "grad", "jacobian", "hessian"]


@dataclass
class Layer:
    weight: Any
    bias: Any


class Pair(NamedTuple):
    first: Any
    second: Any


def assert_same(got, expected, tolerance=1e-11):
    """The same structure, types and shapes, and numbers that agree."""
    leaves, structure = outline(got)
    theirs, their_structure = outline(expected)
    assert structure == their_structure
    for ours, other in zip(leaves, theirs, strict=True):
        assert type(ours) is type(other) is (np.ndarray if np.ndim(other) else float)
        np.testing.assert_allclose(ours, other, rtol=tolerance, atol=tolerance)


def numbers_of(data):
    """The same structure with the numbers of its Values."""
    numbers, structure = flatten(data)
    return unflatten(structure, [v.data for v in numbers])


# Structures.

leaves = st.one_of(ordinary_numbers, st.lists(ordinary_numbers, min_size=1, max_size=3).map(np.array))
nested = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=2),
        st.tuples(inner, inner),
        st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=2),
        st.builds(Layer, inner, inner),
        st.builds(Pair, inner, st.none()),
    ),
    max_leaves=4,
)


def function_of(graph, result):
    """A function of a nested argument, whose outputs are computed by a random graph and have the structure `result`."""
    count = len(flatten(result)[0])

    def f(data):
        numbers = list(map(Value.constant, flatten(data)[0]))
        node = run(DIFFERENTIABLE, graph, numbers)
        return unflatten(flatten(result)[1], [node * numbers[k % len(numbers)] + float(k) for k in range(count)])

    return f


@pytest.mark.parametrize("target", TARGETS)
@given(steps(DIFFERENTIABLE, most=4), nested, nested)
@settings(deadline=None, max_examples=12)
def test_a_compiled_function_and_its_derivatives_are_those_of_autograd(target, graph, data, result):
    f = function_of(graph, result)
    program = autograd.compile(f, target=target)
    before = copy.deepcopy(data)
    assert_same(program(data), numbers_of(f(_of_values(data))))
    assert_same(program.jacobian(data), autograd.jacobian(f)(data))
    assert_same(program.jvp((data,), (data,)), autograd.jvp(f, (data,), (data,)))
    outputs, pullback = program.vjp(data)
    theirs, their_pullback = autograd.vjp(f, data)
    assert_same(outputs, theirs)
    assert_same(pullback(outputs), their_pullback(theirs))
    assert_same(data, before)


@pytest.mark.parametrize("target", TARGETS)
@given(steps(DIFFERENTIABLE, most=4), nested, nested)
@settings(deadline=None, max_examples=5)
def test_derivatives_of_one_output_are_those_of_autograd_for_any_argnums(target, graph, first, second):
    def f(x, y):
        return run(DIFFERENTIABLE, graph, list(map(Value.constant, flatten((x, y))[0])))

    for argnums in (0, 1, -1, (1, 0)):
        program = autograd.compile(f, argnums=argnums, target=target)
        for kind in KINDS:
            expected = getattr(autograd, kind)(f, argnums)(first, second)
            assert_same(getattr(program, kind)(first, second), expected)
            if argnums == 0:
                assert_same(getattr(program, kind)(first, y=second), expected)
        primals = (first, second)
        assert_same(program.hvp(primals, primals), autograd.hvp(f, primals, primals, argnums))


@given(steps(DIFFERENTIABLE, most=4), nested, nested)
@settings(deadline=None, max_examples=25)
def test_derivatives_of_nested_data_are_those_of_one_array_and_of_differences(graph, data, result):
    f, (numbers, structure), outputs = function_of(graph, result), flatten(data), flatten(result)[1]

    def of_array(x):
        return autograd.array(flatten(f(unflatten(structure, list(x))))[0])

    matrix = autograd.compile(of_array).jacobian(np.array(numbers))
    np.testing.assert_allclose(matrix, autograd.jacobian(of_array)(np.array(numbers)), rtol=1e-12, atol=1e-12)
    blocks = [
        matrix[np.ix_(rows, columns)].ravel()
        for rows in ranges(outputs.shapes())
        for columns in ranges(structure.shapes())
    ]
    for jacobian in (autograd.jacobian(f)(data), autograd.compile(f).jacobian(data)):
        np.testing.assert_allclose(flatten(jacobian)[0], np.concatenate(blocks), rtol=1e-12, atol=1e-12)
    for column, number in enumerate(numbers):
        for row in range(len(matrix)):
            differences = autograd.numerical_derivative(
                lambda x, k=column, row=row: of_array([*numbers[:k], x, *numbers[k + 1 :]])[row], number
            )
            assert matrix[row, column] == pytest.approx(differences, rel=1e-5, abs=1e-6)


def ranges(shapes):
    """The places of the numbers of each array, if all are counted one after the other."""
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    return [range(first, last) for first, last in itertools.pairwise(ends)]


def test_jax_computes_them_too():
    jax = pytest.importorskip("jax")

    def f(data):
        return {"y": autograd.tanh(data["w"] @ data["x"]), "z": (data["x"][0], data["b"])}

    data = {"w": np.array([[1.0, 0.5], [-0.25, 2.0]]), "x": np.array([0.5, -1.0]), "b": 3.0}
    program = autograd.compile(f, target="jax")
    assert_same(program(data), autograd.compile(f, target="python")(data))
    assert_same(program.jacobian(data), autograd.jacobian(f)(data))
    with jax.enable_x64(True):
        theirs = jax.jacobian(lambda d: jax.numpy.tanh(d["w"] @ d["x"]))(data)
    np.testing.assert_allclose(program.jacobian(data)["y"]["w"], theirs["w"], rtol=1e-12)


def test_the_pure_function_for_jax_takes_arguments_of_the_same_structure():
    jax = pytest.importorskip("jax")
    w = Value(2.0, "w", role="parameter")

    def f(data, how, x):
        return w * (data["m"] @ x).sum() + len(how)

    program = autograd.compile(f, argnums=(2, 0))
    data, x = {"m": np.array([[1.0, 2.0], [3.0, 4.0]])}, np.array([0.5, -1.0])
    value, gradient = program.value_and_grad(data, "four", x)
    with jax.enable_x64(True):
        assert float(jax.jit(lambda p, m: program.trace(data, "four", x).jax([p], m, "four", x))(2.0, data)) == value
        theirs, slopes = program.jax.value_and_grad([2.0], data, "four", x)
        with pytest.raises(TypeError, match="must be an array of shape"):
            program.jax([2.0], {"m": np.ones(3)}, "four", x)
    assert float(theirs) == value
    np.testing.assert_allclose(slopes[0], gradient[0])
    np.testing.assert_allclose(slopes[1]["m"], gradient[1]["m"])


def _of_values(data):
    numbers, structure = flatten(data)
    return unflatten(structure, [Value(number) for number in numbers])


def test_an_array_that_is_given_is_that_array_and_not_samples():
    def f(x):
        return np.sum(x**2)

    program = autograd.compile(f)
    point = np.array([1.0, 2.0, 3.0])
    value, gradient = program.value_and_grad(point)
    assert (value, gradient.tolist()) == (14.0, [2.0, 4.0, 6.0])


def test_arguments_of_other_structures_get_programs_of_their_own():
    traced = []

    def f(x):
        numbers = flatten(x)[0]
        traced.append(len(numbers))
        return sum(v * v for v in numbers)

    program = autograd.compile(f)
    for _ in range(2):
        assert program(3.0) == 9.0
        assert program([1.0, 2.0]) == program((1.0, 2.0)) == program(np.array([1.0, 2.0])) == 5.0
        assert program({"a": 3.0}) == program(3) == program(np.float32(3.0)) == program(Fraction(3)) == 9.0
        assert program(np.ones((2, 2))) == program(np.ones((4,))) == 4.0
        assert program(np.ones((2, 0))) == program([]) == 0.0
    assert sorted(traced) == [0, 0, 1, 1, 2, 2, 2, 4, 4]


def test_tensors_and_frames_are_taken_as_arrays():
    program = autograd.compile(lambda x: (x * x).sum())
    jnp = pytest.importorskip("jax.numpy")
    value, gradient = program.value_and_grad(jnp.array([1.0, 2.0]))
    assert (value, type(gradient), gradient.tolist()) == (5.0, np.ndarray, [2.0, 4.0])


def test_texts_flags_and_functions_are_fixed_in_a_program():
    def f(x, how, square, activation=autograd.sqrt):
        y = {"double": 2.0, "triple": 3.0}[how] * x
        return activation(y * y if square else y)

    program = autograd.compile(f)
    for arguments in [(0.1, "double", False), (0.1, "double", True), (0.1, "triple", True, autograd.exp)]:
        assert program(*arguments) == f(Value(0.1), *arguments[1:]).data
        assert program.grad(*arguments) == pytest.approx(autograd.grad(f)(*arguments), rel=1e-14)


def test_what_a_function_can_tell_apart_has_a_program_of_its_own():
    @dataclass
    class Data:
        x: float
        n: Any = field(metadata={"static": True})

    def of_static(data):
        return data.x * (autograd.divide(1.0, data.n) if data.n == 0.0 else len(str(data.n)))

    def of_keys(data):
        return [number * len(str(key)) for key, number in data.items()]

    program, by_keys = autograd.compile(of_static), autograd.compile(of_keys)
    for _ in range(2):
        for n in (1, True, 1.0, 0.0, -0.0, (1,), (True,), np.float64(1.0)):
            assert program(Data(2.0, n)) == of_static(Data(2.0, n))
        for key in (1, True, 1.0, (0.0,), (-0.0,)):
            assert by_keys({key: 2.0}) == of_keys({key: 2.0})
    count = len(program._programs)
    for _ in range(3):
        program(Data(2.0, float("nan")))
    assert len(program._programs) == count + 1


def test_a_static_field_that_may_change_is_refused():
    @dataclass
    class Data:
        x: float
        n: Any = field(metadata={"static": True})

    program = autograd.compile(lambda data: data["a"][0].x * sum(data["a"][0].n))
    for n in ([1.0], np.array([1.0, 2.0]), {1.0: 2.0}):
        for _ in range(2):
            with pytest.raises(TypeError, match=r'data\["a"\]\[0\]\.n must be hashable, as what a program is kept for'):
                program({"a": [Data(1.0, n)]})
    assert program({"a": [Data(1.0, (1.0, 2.0))]}) == 3.0


def test_masks_are_fixed_in_a_program():
    program = autograd.compile(lambda x, mask: np.where(mask, x * x, -x).sum() + x[mask].sum(), target="numpy")
    x = np.array([1.0, 2.0, 3.0])
    for mask in ([True, False, True], [False, False, True], [True, False, True]):
        assert program(x, np.array(mask)) == sum(v * v + v if m else -v for v, m in zip(x, mask, strict=True))
    assert len(program._programs) == 2
    assert autograd.compile(lambda p: p["x"] if p["on"] else 0.0)({"x": 3.0, "on": True}) == 3.0


def test_values_from_elsewhere_are_read_at_each_call_and_plain_numbers_are_not():
    w, number = Value(2.0, "w", role="parameter"), [10.0]
    program = autograd.compile(lambda x: w * x * x + number[0])
    assert program(3.0) == 28.0
    assert program.hessian(3.0) == 4.0
    w.data, number[0] = 3.0, 20.0
    assert program(3.0) == 37.0
    assert program.hessian(3.0) == 6.0
    assert (w.grad, w.has_grad) == (0.0, False)


def test_wrt_differentiates_with_respect_to_values_from_elsewhere():
    w, b = Value(2.0, "w", role="parameter"), Value(1.0, "b")
    program = autograd.compile(lambda x: w * w * x + b, wrt=[b, w])
    assert program.value_and_grad(3.0) == (13.0, [1.0, 12.0])
    assert program.grad(3.0) == [1.0, 12.0]
    assert program.hessian(3.0) == [[0.0, 0.0], [0.0, 6.0]]
    w.data = 5.0
    assert program.value_and_grad(3.0) == (76.0, [1.0, 30.0])
    value, gradient = program.value_and_grad.map([1.0, 3.0], reduction="mean")
    assert (value, gradient) == (51.0, [1.0, 20.0])
    assert autograd.compile(lambda x: x * 2.0, wrt=[w]).grad(1.0) == [0.0]


def test_what_wrt_chooses_holds_for_every_derivative_or_is_refused():
    w, b = Value(2.0, "w"), Value(1.0, "b")
    program = autograd.compile(lambda x: [w * x[0], b * b, x[1] * 3.0], wrt=[w, b])
    rows, columns = program.jacobian_structure([1.0, 4.0])
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 0), (1, 1)]
    assert program.jacobian([5.0, 4.0]) == [[5.0, 0.0], [0.0, 2.0], [0.0, 0.0]]
    for use in (lambda: program.jvp, lambda: program.hvp, lambda: program.vjp([1.0, 2.0])):
        with pytest.raises(TypeError, match="with respect to the arguments, but this function was compiled with wrt="):
            use()


def test_the_pure_function_for_jax_has_the_gradient_that_wrt_chooses():
    jax = pytest.importorskip("jax")
    w, b = Value(2.0, "w"), Value(1.0, "b")
    program = autograd.compile(lambda x: w * x[0] + b * x[1], wrt=[w, b]).trace([5.0, 4.0])
    expected = program.value_and_grad([5.0, 4.0])
    with jax.enable_x64(True):
        value, gradient = program.jax.value_and_grad([2.0, 1.0], [5.0, 4.0])
    assert (float(value), list(map(float, gradient))) == expected == (14.0, [5.0, 4.0])


def test_a_module_is_differentiated_by_its_input():
    model = nn.MLP(3, [4, 2], seed=0)
    program = autograd.compile(model)
    x = [0.1, -0.2, 0.3]
    assert program(x) == pytest.approx([v.data for v in model(x)], rel=1e-14)
    assert_same(program.jacobian(x), numbers_of(autograd.jacobian(model)(x)))
    assert_same(program.jacobian(np.array(x)), numbers_of(autograd.jacobian(model)(np.array(x))))
    model.parameters()[0].data += 1.0
    assert program(x) == pytest.approx([v.data for v in model(x)], rel=1e-14)
    rows = np.random.default_rng(0).normal(size=(7, 3))
    np.testing.assert_allclose(
        np.array(program.map(rows)).T, [[v.data for v in model(row)] for row in rows], rtol=1e-13
    )
    by_weights = autograd.compile(lambda x: model(x)[0], wrt=model.parameters())
    model.zero_grad()
    model(x)[0].backward()
    np.testing.assert_allclose(by_weights.grad(x), [p.grad for p in model.parameters()], rtol=1e-13)


def test_a_derivative_of_a_derivative_compiles():
    third = autograd.grad(autograd.grad(autograd.grad(lambda x: x**5)))
    assert autograd.compile(third)(2.0) == third(2.0) == 240.0
    program = autograd.compile(lambda x: x**5)
    assert program.grad.grad.grad(2.0) == program.hessian.grad(2.0) == 240.0
    assert autograd.compile(autograd.compile(lambda x: x**5).grad).grad(2.0) == 160.0

    def inner(x):  # the step of gradient descent, differentiated by its start
        return x - 0.1 * autograd.grad(lambda y: y**4)(x)

    assert autograd.compile(inner).grad(2.0) == pytest.approx(1.0 - 0.1 * 12.0 * 4.0, rel=1e-14)


def test_a_call_with_values_records_the_graph_of_the_function():
    program = autograd.compile(lambda p: p["w"] ** 2 * p["x"])
    w = Value(3.0, "w")
    y = program({"w": w, "x": 2.0})
    y.backward()
    assert (y.data, w.grad) == (18.0, 12.0)
    assert autograd.grad(program)({"w": 3.0, "x": 2.0}) == {"w": 12.0, "x": 9.0}


def test_several_results_of_one_function_share_what_they_compute():
    def f(x):
        return np.sum(autograd.exp(x) * x)

    together = autograd.compile(lambda x: (f(x), autograd.grad(f)(x), autograd.hessian(f)(x)))
    x = np.array([0.5, -0.25, 1.5])
    value, gradient, hessian = together(x)
    assert value == autograd.compile(f)(x)
    np.testing.assert_allclose(gradient, autograd.grad(f)(x), rtol=1e-14)
    np.testing.assert_allclose(hessian, autograd.hessian(f)(x), rtol=1e-14)
    together.trace(x)
    assert together.stats()["operations"]["exp"] == 3


def test_auxiliary_data_are_outputs_that_are_not_differentiated():
    program = autograd.compile(lambda x: (x * x, {"double": 2.0 * x}), has_aux=True)
    assert program(3.0) == (9.0, {"double": 6.0})
    assert program.grad(3.0) == (6.0, {"double": 6.0})
    assert program.value_and_grad(3.0) == ((9.0, {"double": 6.0}), 6.0)
    assert program.hessian(3.0) == (2.0, {"double": 6.0})


def test_auxiliary_data_that_are_no_numbers_are_refused():
    program = autograd.compile(lambda x: (x * x, {"name": "square"}), has_aux=True)
    with pytest.raises(TypeError, match=r'output\[1\]\["name"\] is \'square\'; other data cannot be returned'):
        program.grad(3.0)


def test_a_function_works_on_arguments_of_its_own():
    def f(x):
        x[0] = x[0] * 2.0
        x.append(x[1])
        return sum(x)

    given = [1.0, 3.0]
    program = autograd.compile(f)
    assert program.value_and_grad(given) == (8.0, [2.0, 2.0]) == autograd.value_and_grad(f)([1.0, 3.0])
    assert given == [1.0, 3.0]


def test_an_output_that_does_not_depend_on_the_input_has_gradients_of_zero():
    program = autograd.compile(lambda x, y: [y * 2.0, 5.0], target="native")
    assert program([1.0, 2.0], 3.0) == [6.0, 5.0]
    assert program.jacobian([1.0, 2.0], 3.0) == [[0.0, 0.0], [0.0, 0.0]]
    assert autograd.compile(lambda x: 5.0).value_and_grad(np.ones(2))[1].tolist() == [0.0, 0.0]
    assert autograd.compile(lambda x: 1.0).value_and_grad([]) == (1.0, [])


# What can be seen.


def test_the_source_before_a_call_is_that_for_plain_numbers():
    program = autograd.compile(lambda w, x: autograd.tanh(w * x), target="python")
    assert program.source.splitlines()[:4] == [
        "def program(w, x):",
        "    t1 = w * x",
        "    t2 = tanh(t1)",
        "    # backward",
    ]
    assert program.stats()["operations"]["tanh"] == 1
    assert program.inputs == 2
    of_array = autograd.compile(lambda x: np.sum(x * x) + x.shape[0])
    with pytest.raises(TypeError, match=r"first call it, or program\.trace\(\*examples\)"):
        _ = of_array.source
    assert "def program(x_0_, x_1_)" in of_array.trace(np.ones(2)).source
    of_array(np.ones(3))
    assert "x_2_" in of_array.source


def test_a_program_says_what_it_is():
    program = autograd.compile(lambda x: x, target="python")
    assert repr(program) == "<compiled function <lambda> with 0 programs, run by python>"
    program(1.0)
    assert repr(program) == "<compiled function <lambda> with 1 program, run by python>"
    assert isinstance(program.grad, CompiledFunction)


# Sparse derivatives.


@given(steps(DIFFERENTIABLE, most=5), st.lists(ordinary_numbers, min_size=1, max_size=4))
@settings(deadline=None, max_examples=40)
def test_the_structure_of_a_jacobian_has_every_derivative_that_is_not_zero(graph, numbers):
    def f(x):
        nodes = [run(DIFFERENTIABLE, graph[: k + 1], x) for k in range(len(graph))]
        return [*nodes, x[0]]

    program = autograd.compile(f, target="numpy")
    rows, columns = program.jacobian_structure(numbers)
    assert sorted({*zip(rows, columns, strict=True)}) == list(zip(rows, columns, strict=True))
    dense = np.array(program.jacobian(numbers))
    dense[rows, columns] = 0.0
    assert not dense.any()
    places = list(zip(rows, columns, strict=True))
    assert (len(graph), 0) in places
    assert not [column for row, column in places if row == len(graph) and column != 0]


def test_only_the_derivatives_in_the_structure_are_computed():
    def chain(x):  # its Hessian has three diagonals
        return np.sum((x[1:] - x[:-1]) ** 4)

    count = 30
    program = autograd.compile(chain)
    x = np.linspace(0.0, 3.0, count) ** 2
    rows, columns = program.grad.jacobian_structure(x)
    assert len(rows) == 3 * count - 2
    assert np.all(abs(rows - columns) <= 1)
    hessian = program.hessian(x)
    np.testing.assert_allclose(hessian, autograd.hessian(chain)(x), rtol=1e-13)
    np.testing.assert_array_equal(np.nonzero(hessian), (rows, columns))
    assert program.hessian.trace(x).stats()["total"] < 30 * count


def test_the_structure_counts_numbers_through_all_arrays():
    program = autograd.compile(lambda p: {"a": p["b"] * p["a"][1], "c": p["a"][0]})
    rows, columns = program.jacobian_structure({"a": np.ones(2), "b": np.ones((1, 2))})
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 1), (1, 3), (2, 0)]


# Bad input.


class Unhashable:
    __hash__ = None

    def __call__(self, x):
        return x


def branch(x):
    if x["w"][0] > 0.0:
        return x["w"][0]
    return -x["w"][0]


def endless(x):
    return endless(x + 1.0)


@pytest.mark.parametrize(
    ("f", "arguments", "kind", "message"),
    [
        (lambda p: p["w"][2], [{"w": [1.0, 2.0, "three"]}], TypeError, r'p\["w"\]\[2\] must be a real number'),
        (lambda p: p, [{"w": 1j}], TypeError, r'p\["w"\] must be a real number, not the complex number 1j'),
        (lambda x, *more: x, [1.0, 2.0, {1, 2}], TypeError, r"more\[1\] must be a real number, not \{1, 2\}"),
        (lambda x: x, [np.array(["a"])], TypeError, r"x\[0\] must be a real number"),
        (lambda x: x, [object()], TypeError, r"x must be a real number, not <object"),
        (lambda x: x, [], TypeError, "missing 1 required positional argument: 'x'"),
        (lambda x: x, [1.0, 2.0], TypeError, "takes 1 positional argument but 2 were given"),
        (lambda x: None, [1.0], TypeError, r"must return a Value, not None; is a return statement missing\?"),
        (lambda x: "text", [1.0], TypeError, "must return a Value, or nested data of Values, not 'text'"),
        (lambda x: [x, "text"], [1.0], TypeError, r"output\[1\] is 'text'"),
        (lambda x, g: g(x), [1.0, Unhashable()], TypeError, r"g must be hashable, as what a program is kept for"),
        (lambda x: x.data * 2.0, [1.0], TracingError, r"must not take \.data out of a Value.*detach\(\)"),
        (lambda x: x * Value(x.data), [1.0], TracingError, r"must not take \.data out of a Value"),
        (lambda x: [x, x.data], [1.0], TracingError, r"must not take \.data out of a Value"),
        (nn.Dropout(0.5), [[1.0, 2.0]], TracingError, r"another mask at each call.*model\.eval\(\)"),
        (branch, [{"w": [1.0]}], TracingError, r"select.*\(line \d+ of test_.*\.py: if x\[.w.\]\[0\] > 0.0:\)"),
        (endless, [1.0], RecursionError, "endless calls itself more deeply .* or without end"),
    ],
)
def test_what_cannot_be_compiled_is_refused_and_nothing_is_left(f, arguments, kind, message):
    program = autograd.compile(f)
    for _ in range(2):
        with pytest.raises(kind, match=message):
            program(*arguments)
    assert program._programs == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wrt": ["x"]}, r"use argnums=, such as argnums=0 for the first, not wrt=\['x'\]"),
        ({"wrt": 1.0}, "wrt must be a list of Values"),
        ({"inputs": [Value(1.0)]}, "leave out inputs="),
        ({"argnums": "x"}, "argnums must be the index of an argument"),
        ({"argnums": 1, "wrt": [Value(1.0)]}, "argnums=, or by Values that it uses, wrt=: pass one"),
    ],
)
def test_options_that_do_not_fit_a_function_are_refused_at_once(options, message):
    with pytest.raises(TypeError, match=message):
        autograd.compile(lambda x: x, **options)


def test_options_of_functions_do_not_fit_graphs():
    with pytest.raises(TypeError, match="argnums and has_aux belong to functions"):
        autograd.compile(Value(1.0) * 2.0, argnums=1)


def test_an_argument_that_contains_itself_is_refused():
    loop = [1.0]
    loop.append(loop)
    with pytest.raises(ValueError, match="must not contain itself"):
        autograd.compile(lambda x: x[0])(loop)


@pytest.mark.parametrize(
    ("f", "arguments"), [(lambda x, n: x[n], [[1.0], 0]), (lambda x, n: sum(x for _ in range(n)), [1.0, 3])]
)
def test_an_error_about_a_number_that_is_not_known_says_how_to_bind_it(f, arguments):
    with pytest.raises(TypeError) as caught:
        autograd.compile(f)(*arguments)
    assert "functools.partial(f, n=3)" in caught.value.__notes__[0]
    assert autograd.compile(functools.partial(f, n=arguments[1]))(arguments[0]) == f(*arguments)


def test_a_gradient_needs_one_output():
    with pytest.raises(TypeError, match="for several outputs use jacobian"):
        autograd.compile(lambda x: [x, x]).grad(1.0)


def test_an_argument_that_argnums_does_not_reach_is_refused():
    with pytest.raises(TypeError, match="the call has 1 argument"):
        autograd.compile(lambda x: x, argnums=2).grad(1.0)


@pytest.mark.parametrize("vjp", [autograd.vjp, lambda f, *primals: autograd.compile(f).vjp(*primals)])
def test_a_pullback_keeps_the_arguments_that_it_was_made_for(vjp):
    array, numbers = np.array([1.0, 2.0]), [3.0]
    _, pullback = vjp(lambda x, y: x * x * y[0], array, numbers)
    array[:] = 100.0
    numbers[0] = 100.0
    assert_same(pullback(np.ones(2)), (np.array([6.0, 12.0]), [5.0]))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_compiled_function_is_not_copied_away_from_the_values_that_it_uses(copied):
    w = Value(2.0, "w")
    program = autograd.compile(lambda x: w * x, wrt=[w])
    for _ in range(2):
        with pytest.raises(TypeError, match="cannot be pickled or copied"):
            copied(program)
        assert program.grad(3.0) == [3.0]
