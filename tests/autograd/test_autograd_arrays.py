"""Arrays of Values: every ufunc is recorded, and matrix formulas have matrix gradients."""

import math

import numpy as np
import pytest

import autograd
from autograd import (
    Value,
    ValueArray,
    array,
    clip,
    data_of,
    derivative,
    exp,
    functions,
    grad,
    grad_of,
    leaky_relu,
    leaves,
    logsumexp,
    maximum,
    minimum,
    select,
    sigmoid,
    softplus,
    topological_order,
)

X = np.array([[0.5, -1.25, 2.0], [0.0, 3.0, -0.5]])
UFUNCS = {
    "exp": Value.exp, "expm1": Value.expm1, "sin": Value.sin, "cos": Value.cos, "tanh": Value.tanh, "sign": Value.sign,
    "absolute": abs, "fabs": abs, "negative": lambda v: -v, "positive": lambda v: v, "square": lambda v: v**2,
    "log": Value.log, "log1p": Value.log1p, "sqrt": Value.sqrt, "reciprocal": lambda v: 1.0 / v,
    "deg2rad": Value.radians, "rad2deg": Value.degrees, "rint": Value.round, "log2": Value.log2, "log10": Value.log10,
    **{
        name: getattr(Value, name)
        for name in (
            *("tan", "arctan", "sinh", "cosh", "arcsinh", "exp2", "cbrt", "degrees", "radians", "floor", "ceil"),
            *("trunc", "arcsin", "arccos", "arccosh", "arctanh"),
        )
    },
}  # fmt: skip
BINARY = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b, "true_divide": lambda a, b: a / b, "power": lambda a, b: a**b,
    "float_power": lambda a, b: a**b, "maximum": Value.maximum, "minimum": Value.minimum,
    "remainder": lambda a, b: a % b, "mod": lambda a, b: a % b, "floor_divide": lambda a, b: a // b,
    "arctan2": Value.arctan2, "hypot": Value.hypot, "logaddexp": Value.logaddexp, "copysign": Value.copysign,
    "fmod": Value.fmod,

}  # fmt: skip


@pytest.mark.parametrize("name", UFUNCS)
def test_a_ufunc_applies_the_method_to_every_element_including_its_gradient(name):
    point = X**2 + 0.5 if name in ("log", "log1p", "log2", "log10", "sqrt", "reciprocal", "arccosh") else X
    point = np.tanh(X) if name in ("arcsin", "arccos", "arctanh") else point
    x, y = array(point), array(point)
    result = getattr(np, name)(x)
    expected = [UFUNCS[name](v) for v in y.flat]
    assert isinstance(result, ValueArray)
    assert result.shape == X.shape
    np.testing.assert_array_equal(data_of(result).ravel(), [v.data for v in expected])
    sum(result.flat).backward()
    sum(expected).backward()
    np.testing.assert_array_equal(grad_of(x), grad_of(y))


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("kind", ["array and array", "array and floats", "floats and array", "array and number"])
def test_a_ufunc_of_two_arrays_records_the_operation_of_every_pair(name, kind):
    p = np.abs(X) + 0.5 if "power" in name else X
    a, b, c, d = array(p), array(X[::-1]), array(p), array(X[::-1])
    left = p if kind.startswith("floats") else a
    right = {"array and floats": X[::-1], "array and number": 2.0}.get(kind, b)
    result = getattr(np, name)(left, right)
    assert isinstance(result, ValueArray)
    lefts = p.ravel() if kind.startswith("floats") else c.ravel()
    rights = {"array and floats": X[::-1].ravel(), "array and number": [2.0] * 6}.get(kind, d.ravel())
    expected = [BINARY[name](Value.constant(left), right) for left, right in zip(lefts, rights, strict=True)]
    np.testing.assert_array_equal(data_of(result).ravel(), [v.data for v in expected])
    sum(result.flat).backward()
    sum(expected).backward()
    np.testing.assert_array_equal(grad_of(a), grad_of(c))
    np.testing.assert_array_equal(grad_of(b), grad_of(d))


@pytest.mark.parametrize("f", [np.maximum, np.minimum, lambda x, y: np.maximum(y, x), lambda x, y: np.clip(x, -y, y)])
def test_numpy_functions_that_compare_keep_the_graph(f):
    x = array([-2.0, 0.5, 3.0])
    y = f(x, 1.0)
    assert isinstance(y, ValueArray)
    assert all(v.op for v in y)
    y.sum().backward()
    assert all(v.has_grad for v in x)
    assert set(grad_of(x)) == {0.0, 1.0}


def test_matrix_products_have_matrix_gradients():
    generator = np.random.default_rng(0)
    a, b, g = generator.normal(size=(3, 4)), generator.normal(size=(4, 2)), generator.normal(size=(3, 2))
    left, right = array(a, "A"), array(b, "B")
    product = left @ right
    np.testing.assert_allclose(data_of(product), a @ b, rtol=1e-12, atol=1e-15)
    (product * g).sum().backward()
    np.testing.assert_allclose(grad_of(left), g @ b.T, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(grad_of(right), a.T @ g, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("product", [lambda w, x: w @ x, lambda w, x: np.matmul(w, x), lambda w, x: w.dot(x)])
def test_matrix_times_vector_and_vector_times_vector(product):
    w, x = array([[1.0, 2.0], [3.0, 4.0]]), array([5.0, 6.0])
    y = product(w, x)
    assert data_of(y).tolist() == [17.0, 39.0]
    square = x @ x
    assert isinstance(square, Value)
    (y.sum() + square).backward()
    assert grad_of(x).tolist() == [4.0 + 10.0, 6.0 + 12.0]
    assert grad_of(w).tolist() == [[5.0, 6.0], [5.0, 6.0]]


def test_the_gradient_of_a_bias_that_broadcasts_is_its_column_sums():
    b, g = array([0.5, -0.5, 1.0]), np.arange(6.0).reshape(2, 3)
    ((X + b) * g).sum().backward()
    assert grad_of(b).tolist() == g.sum(axis=0).tolist()
    column = array([[1.0], [2.0]])
    ((X * column) * g).sum().backward()
    assert grad_of(column).ravel().tolist() == (X * g).sum(axis=1).tolist()


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_sums_and_means_are_numpys(axis):
    x = array(X)
    for ours, theirs in ((x.sum(axis), X.sum(axis)), (x.mean(axis), X.mean(axis)), (x.prod(axis), X.prod(axis))):
        np.testing.assert_allclose(data_of(ours), theirs, rtol=1e-15)
    np.mean(x**2).backward()
    np.testing.assert_allclose(grad_of(x), 2 * X / 6, rtol=1e-15)


@pytest.mark.parametrize("largest", [lambda x: np.maximum.reduce(x), lambda x: x.max(), np.max])
def test_the_largest_of_an_array_passes_its_gradient_to_the_largest(largest):
    x = array([1.0, 5.0, 3.0])
    largest(x).backward()
    assert grad_of(x).tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("axis", [0, 1])
def test_reductions_along_an_axis_and_accumulations_are_recorded(axis):
    x = array(X)
    np.maximum.reduce(x, axis=axis).sum().backward()
    assert grad_of(x).tolist() == (np.max(X, axis, keepdims=True) == X).astype(float).tolist()
    totals = np.add.accumulate(array([1.0, 2.0, 3.0]))
    assert data_of(totals).tolist() == [1.0, 3.0, 6.0]


@pytest.mark.parametrize("f", [lambda v, x: v * x, lambda v, x: x * v, lambda v, x: v - x, lambda v, x: x / v])
@pytest.mark.parametrize("make", [np.asarray, array])
def test_a_value_and_an_array_combine_element_by_element(f, make):
    v, x = Value(4.0), np.array([1.0, 2.0])
    result = f(v, make(x))
    assert result.shape == (2,)
    assert data_of(result).tolist() == f(4.0, x).tolist()
    result.sum().backward()
    assert v.grad == pytest.approx(sum(derivative(r, v).data for r in result))


def test_in_place_operators_on_an_array_are_recorded():
    x = array([1.0, 2.0])
    y = x * 1.0
    y += x
    y *= 3.0
    y.sum().backward()
    assert isinstance(y, ValueArray)
    assert grad_of(x).tolist() == [6.0, 6.0]


def test_slices_and_shapes_keep_the_values():
    w = array(X, "W")
    assert isinstance(w[0], ValueArray)
    assert isinstance(w[0, 0], Value)
    assert w.T[2, 1] is w[1, 2]
    assert w.reshape(-1)[5] is w[1, 2]


@pytest.mark.parametrize("join", [np.concatenate, np.stack, np.vstack, np.hstack])
def test_joined_arrays_of_values_still_keep_the_graph(join):
    w = array(X)
    for joined in (join([w, w]), join([w, np.zeros((2, 3))]), join([np.zeros((2, 3)), w])):
        assert isinstance(joined, ValueArray)  # np.maximum of a plain array would compare, and so cut the graph


def test_a_label_names_an_element_by_its_position_counted_from_1():
    assert [v.label for v in array([[1, 2], [3, 4]], "W").flat] == ["W11", "W12", "W21", "W22"]
    assert [v.label for v in array([1, 2], "x")] == ["x1", "x2"]
    assert array(np.zeros((10, 2)), "W")[9, 1].label == "W10,2"
    assert array(3.0, "x")[()].label == "x"
    assert array([1.0])[0].label == ""


def test_values_in_an_array_stay_the_nodes_they_are():
    x = Value(2.0, "x")
    a = array([x, 3.0, x * 2], "a")
    assert a[0] is x
    assert [v.label for v in a] == ["x", "a2", ""]
    assert len(leaves(a.sum())) == 3  # x, a2 and the 2


def test_data_of_and_grad_of_read_nested_lists_too():
    x = Value(2.0)
    (x * 3).backward()
    assert data_of([[x, 1.0], [2, x]]).tolist() == [[2.0, 1.0], [2.0, 2.0]]
    assert grad_of([x, Value(1.0)]).tolist() == [3.0, 0.0]
    assert data_of(x).shape == ()
    assert data_of(array(X)).dtype == grad_of(array(X)).dtype == float


@pytest.mark.parametrize(
    "name",
    [
        "exp",
        "log1p",
        "expm1",
        "sqrt",
        "sin",
        "cos",
        "tanh",
        "sigmoid",
        "softplus",
        "relu",
        "sign",
        "heaviside",
        "absolute",
    ],
)
def test_functions_apply_to_the_elements_of_lists_and_arrays_of_floats(name):
    f, x = getattr(functions, name), [[0.5, 2.0], [0.25, 0.0]]
    expected = [[f(number) for number in row] for row in x]
    for made in (f(x), f(np.array(x)), f(tuple(map(tuple, x)))):
        assert made.dtype == float
        assert made.tolist() == expected
    values = f(array(x))
    assert isinstance(values, ValueArray)
    assert data_of(values).tolist() == expected
    assert f(np.float64(0.5)) == f(np.array(0.5)) == f(0.5)


@pytest.mark.parametrize("make", [np.array, list, array], ids=["floats", "list", "values"])
@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda x: maximum(x, 1.0), [1.0, 1.0, 3.0]),
        (lambda x: maximum(1.0, x), [1.0, 1.0, 3.0]),
        (lambda x: minimum(1.0, x), [-2.0, 0.5, 1.0]),
        (lambda x: minimum(x, x), [-2.0, 0.5, 3.0]),
        (lambda x: clip(x, -1.0, 1.0), [-1.0, 0.5, 1.0]),
        (lambda x: leaky_relu(x, 0.5), [-1.0, 0.5, 3.0]),
        (lambda x: leaky_relu(x), [-0.02, 0.5, 3.0]),
        (lambda x: select(x, 1.0, 0.0), [0.0, 1.0, 1.0]),
        (lambda x: select(x, x, 0.0), [0.0, 0.5, 3.0]),
        (lambda x: select(1.0, x, x), [-2.0, 0.5, 3.0]),
        (lambda x: functions.power(x, 2.0), [4.0, 0.25, 9.0]),
        (lambda x: functions.divide(x, 2.0), [-1.0, 0.25, 1.5]),
        (lambda x: functions.divide(3.0, x), [-1.5, 6.0, 1.0]),
    ],
)
def test_functions_of_several_numbers_apply_to_the_elements_of_arrays_and_lists(f, expected, make):
    assert data_of(f(make([-2.0, 0.5, 3.0]))).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("f", [maximum, minimum, np.maximum, np.minimum])
def test_a_number_first_and_an_array_second_is_one_operation_per_element(f):
    x = array([0.0, 2.0])
    assert [v.op for v in f(1.0, x)] == [f.__name__] * 2
    assert [v.op for v in f(x, 1.0)] == [f.__name__] * 2


def test_dividing_an_array_of_floats_by_0_is_ieee_and_silent():
    assert functions.divide(np.array([1.0, -1.0]), 0.0).tolist() == [math.inf, -math.inf]


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda x: x / 0.0, 1.0, math.inf),
        (np.log, 0.0, -math.inf),
        (np.log1p, -1.0, -math.inf),
        (np.sqrt, -1.0, math.nan),
        (lambda x: x**-1, 0.0, math.inf),
        (lambda x: x**0.5, -1.0, math.nan),
        (np.exp, 1000.0, math.inf),
        (functions.exp, 1000.0, math.inf),
        (functions.sqrt, -1.0, math.nan),
        (lambda x: x * 1e300, 1e300, math.inf),
    ],
)
def test_the_edges_of_an_array_of_values_are_ieee_and_silent(f, x, expected):
    np.testing.assert_array_equal(data_of(f(array([x]))), [expected])


def test_a_softmax_and_its_cross_entropy_have_the_gradient_of_the_course():
    logits, target = array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]]), np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    powers = np.exp(logits - np.max(data_of(logits), axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    (-(target * np.log(probabilities)).sum()).backward()
    np.testing.assert_allclose(grad_of(logits), data_of(probabilities) - target, atol=1e-15)


def test_sigmoid_and_softplus_take_arrays_and_their_gradients_flow():
    x = array([0.0, 1.0])
    (sigmoid(x) + softplus(x) + exp(x)).sum().backward()
    assert grad_of(x) == pytest.approx([0.25 + 0.5 + 1.0, 0.19661193324148185 + 0.7310585786300049 + math.e])


def test_comparisons_of_arrays_compare_data():
    x = array([1.0, -1.0])
    assert (x > 0).tolist() == [True, False]
    assert (x <= np.array([1.0, -2.0])).tolist() == [True, False]


@pytest.mark.parametrize(("a", "b"), [([1.0, 2.0], [1.0, 2.0, 3.0])])
def test_shapes_that_do_not_broadcast_are_refused(a, b):
    with pytest.raises(ValueError, match="broadcast"):
        array(a) + array(b)
    with pytest.raises(ValueError, match=r"mismatch|matmul"):
        array(a) @ array(b)


@pytest.mark.parametrize("name", ["maximum", "minimum", "add", "multiply", "divide", "power", "subtract"])
@pytest.mark.parametrize("other", [2.0, np.float64(2.0), np.longdouble(2.0), np.array([1.0, 2.0], np.longdouble)])
def test_a_ufunc_of_a_value_is_recorded_whatever_the_other_operand(name, other):
    x = Value(3.0)
    for result in (getattr(np, name)(x, other), getattr(np, name)(other, x)):
        assert isinstance(result, ValueArray if np.ndim(other) else Value)
        for node in np.ravel(result):
            assert node.op == name
            assert x in leaves(node)


@pytest.mark.parametrize("f", [np.sign, lambda x: np.clip(x, 0.0, 5.0), np.square, lambda x: np.where(True, x, 0.0)])
def test_numpys_functions_of_a_single_value_keep_the_graph(f):
    x = Value(3.0)
    result = array(f(x))[()]
    assert x in topological_order(result)


@pytest.mark.parametrize(
    "f",
    [
        lambda m: np.where(X > 0.0, m, 0.0),
        lambda m: np.einsum("ij,ij->i", m, X),
        lambda m: np.tensordot(m, X.T, 1),
        lambda m: np.concatenate([m, X]),
        lambda m: np.split(m, 2)[0],
        lambda m: np.outer(X, m),
        lambda m: Value(2.0) * X,
        lambda m: X * Value(2.0),
        lambda m: np.stack([Value(1.0), Value(2.0)]),
    ],
)
def test_a_result_that_contains_values_is_an_array_of_values(f):
    assert isinstance(f(array(X)), ValueArray)


@pytest.mark.parametrize("largest", [lambda m: m.max(), np.max, lambda m: -(-m).min(), lambda m: m.max(axis=(0, 1))])
def test_the_largest_of_a_matrix_passes_its_gradient_to_the_largest(largest):
    m = array(X)
    largest(m).backward()
    assert grad_of(m).tolist() == (X.max() == X).astype(float).tolist()


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("f", [np.std, np.var, np.linalg.norm])
def test_spreads_and_norms_are_numpys_and_recorded(f, axis):
    m = array(X)
    result = f(m, axis=axis)
    np.testing.assert_allclose(data_of(result), f(X, axis=axis), rtol=1e-14)
    np.sum(result).backward()
    step = np.zeros_like(X)
    step[1, 1] = 1e-6
    difference = (np.sum(f(X + step, axis=axis)) - np.sum(f(X - step, axis=axis))) / 2e-6
    assert grad_of(m)[1, 1] == pytest.approx(difference, rel=1e-6)


def plain(*values):
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda x: clip(plain(x, x), 0.0, 1.0), [1.0, 1.0]),
        (lambda x: clip(x, np.array([0.0, 4.0]), 5.0), [3.0, 4.0]),
        (lambda x: clip(x, np.float64(0.0), np.float64(1.0)), 1.0),
        (lambda x: maximum(x, np.array([1.0, 4.0])), [3.0, 4.0]),
        (lambda x: maximum(np.array([1.0, 4.0]), x), [3.0, 4.0]),
        (lambda x: select(x, np.array([1.0, 4.0]), 1.0), [1.0, 4.0]),
        (lambda x: functions.power(x, np.array([1.0, 2.0])), [3.0, 9.0]),
    ],
)
def test_functions_of_a_value_and_arrays_apply_element_by_element(f, expected):
    x = Value(3.0)
    result = f(x)
    assert data_of(result).tolist() == expected
    assert all(isinstance(node, Value) and x in leaves(node) for node in np.ravel(result))


def test_functions_of_a_float_with_numpy_scalars_are_floats():
    assert clip(1.5, np.float64(0), np.float64(1)) == 1.0


def test_division_with_remainder_and_rounding_of_arrays_are_numpys():
    a = np.array([7.5, -7.5, 6.0, -0.3])
    for made, expected in zip(divmod(array(a), 2.0), divmod(a, 2.0), strict=True):
        assert isinstance(made, ValueArray)
        np.testing.assert_array_equal(data_of(made), expected)
    np.testing.assert_array_equal(data_of(np.round(array(a * 1.11), 1)), np.round(a * 1.11, 1))
    np.testing.assert_array_equal(data_of(np.round(array(a))), np.round(a))


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
def test_logsumexp_is_the_logarithm_of_the_sum_with_softmax_as_gradient(axis):
    x = array(X)
    result = logsumexp(x, axis=axis)
    np.testing.assert_allclose(data_of(result), np.log(np.exp(X).sum(axis=axis)), rtol=1e-14)
    np.sum(result).backward()
    np.testing.assert_allclose(grad_of(x), np.exp(X) / np.exp(X).sum(axis=axis, keepdims=True), rtol=1e-14)


def test_logsumexp_neither_overflows_nor_turns_infinities_to_nan():
    x = [Value(1000.0), Value(999.0), Value(-math.inf)]
    y = logsumexp(x)
    y.backward()
    assert y.data == pytest.approx(1000.0 + math.log1p(math.exp(-1.0)))
    assert [v.grad for v in x] == pytest.approx([functions.sigmoid(1.0), functions.sigmoid(-1.0), 0.0])
    assert logsumexp([Value(-math.inf)] * 2).data == -math.inf
    assert logsumexp([math.inf, 1.0]) == math.inf
    assert autograd.compile(lambda a, b: logsumexp([a, b]), target="python")(3.0, 3.0) == 3.0 + math.log(2.0)


@pytest.mark.parametrize("make", [np.vectorize, lambda f: np.frompyfunc(f, 1, 1)])
def test_a_function_of_python_that_numpy_maps_is_recorded(make):
    assert grad(lambda x: np.sum(make(lambda v: v * v)(x)))(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]


def test_functions_that_skip_nan_do_so():
    row = array([1.0, math.nan, 3.0])
    assert (np.nansum(row).data, np.nanmean(row).data) == (4.0, 2.0)


@pytest.mark.parametrize("function", [np.real, np.sum, np.squeeze, np.positive])
def test_a_function_of_one_value_returns_a_value(function):
    assert isinstance(function(Value(2.0)), Value)
