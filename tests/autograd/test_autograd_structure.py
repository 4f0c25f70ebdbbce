"""Nested arguments and outputs: what is taken, what it becomes, and what an error names."""

import copy
import pickle
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import InitVar, asdict, dataclass, field
from typing import Any, ClassVar

import numpy as np
import pytest

import autograd
from autograd import Value, grad, gradcheck, hessian, hvp, jacobian, jvp, numerical_derivative, value_and_grad, vjp
from autograd.structure import Structure, flatten, unflatten

Point = namedtuple("Point", "x y")


@dataclass(frozen=True)
class Model:
    """Two numbers, a name, and a number that the constructor computes."""

    weight: Any
    bias: Any
    kind: str = field(default="linear", metadata={"static": True})
    double: Any = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "double", 2.0 * self.weight)


NESTED = [
    3.0,
    [],
    (),
    {},
    [1.0, (2.0, [3.0])],
    Point(1.0, [2.0]),
    {"b": 1.0, "a": {"c": 2.0}, 3: 4.0},
    OrderedDict(b=1.0, a=2.0),
    [None, 1.0, {"w": None}],
    Model(1.0, [2.0], "other"),
]


@pytest.mark.parametrize("data", NESTED, ids=str)
def test_unflatten_is_the_inverse_of_flatten(data):
    numbers, structure = flatten(data)
    assert unflatten(structure, numbers) == data
    assert structure == flatten(data)[1]
    assert hash(structure) == hash(flatten(data)[1])
    assert structure.leaves_of(data, "x") == numbers
    assert len(structure.paths("x")) == len(numbers)


def test_structures_differ_by_container_keys_and_shapes():
    kinds = [*NESTED, [3.0], (3.0,), {"b": 1.0}, Point(1.0, 2.0), np.zeros(3), np.zeros((3, 1)), Model(1.0, 2.0)]
    assert len({flatten(data)[1] for data in kinds}) == len(kinds)
    assert flatten(Model(1.0, 2.0))[1] != flatten(Model(1.0, 2.0, "other"))[1]
    assert Structure() != ()


def test_a_path_is_what_one_would_write():
    data = {"w": [1.0, (2.0,)], 3: Model(1.0, Point(2.0, np.zeros((2, 1))))}
    for path, number in zip(flatten(data)[1].paths("data"), flatten(data)[0], strict=True):
        assert eval(path, {"data": data}) == number
    assert flatten({"w": [1.0, [2.0]]})[1].paths("p") == ['p["w"][0]', 'p["w"][1][0]']
    assert flatten({'"': 1.0, "\n": 2.0})[1].paths("p") == ["p['\"']", "p['\\n']"]  # on one line


def test_leaves_are_found_by_key_in_any_order():
    assert flatten({"a": 1.0, "b": 2.0})[1].leaves_of({"b": 3.0, "a": 4.0}, "x") == [4.0, 3.0]


def test_a_default_dict_keeps_its_factory():
    gradient = grad(lambda p: p["w"] * p["unset"])(defaultdict(lambda: 5.0, w=2.0))
    assert gradient == {"w": 5.0}
    assert gradient["another"] == 5.0


def test_gradients_of_containers_are_containers():
    assert grad(lambda p: p["w"][0] * p["b"])({"w": [2.0, 1.0], "b": 3.0, "n": None}) == {
        "w": [3.0, 0.0],
        "b": 2.0,
        "n": None,
    }
    gradient = grad(lambda m: m.weight * m.bias[0] * m.double)(Model(3.0, [2.0], "kept"))
    assert gradient == Model(24.0, [18.0], "kept")
    assert grad(lambda x: 1.0)(None) is None
    assert grad(lambda x: 1.0)([]) == []


def test_a_result_has_an_array_for_each_pair_of_arrays():
    def f(p):
        return {"y": p["a"] * p["k"], "z": p["k"] ** 2, "both": np.outer(p["a"], p["a"])}

    result = jacobian(f)({"a": np.array([1.0, 2.0]), "k": 3.0})
    assert result["y"]["a"].tolist() == [[3.0, 0.0], [0.0, 3.0]]
    assert result["y"]["k"].tolist() == [1.0, 2.0]
    assert result["z"]["a"].tolist() == [0.0, 0.0]
    assert result["z"]["k"] == 6.0
    assert result["both"]["a"].shape == (2, 2, 2)


def test_outputs_in_an_array_of_values_of_a_list():
    rows = jacobian(lambda p: np.array([p[0] * p[1], p[0]]))([1.0, 2.0])
    assert [row.tolist() for row in rows] == [[2.0, 1.0], [1.0, 0.0]]


def test_hessians_of_arrays_and_numbers_in_one_list():
    rows = hessian(lambda p: (p[0] ** 2).sum() * p[1])([np.array([1.0, 2.0]), 3.0])
    assert rows[0][0].tolist() == [[6.0, 0.0], [0.0, 6.0]]
    assert rows[0][1].tolist() == rows[1][0].tolist() == [2.0, 4.0]
    assert rows[1][1] == 0.0


def test_several_arguments_are_a_tuple_inside_of_the_outputs():
    assert jacobian(lambda x, y: {"z": x * y}, (1, 0))(2.0, 3.0) == {"z": (2.0, 3.0)}
    assert hessian(lambda x, y: x * x * y, (0, 1))(2.0, 3.0) == ((6.0, 4.0), (4.0, 0.0))


def test_an_output_without_axes_is_one_number():
    assert grad(lambda x: np.tensordot(np.arange(3.0), x, 1))(np.ones(3)).tolist() == [0.0, 1.0, 2.0]
    assert grad(lambda x: np.array(x * x))(3.0) == 6.0


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_an_output_that_does_not_depend_on_the_input_has_derivative_0_in_the_right_shape(shape):
    x = np.ones(shape)
    for result in (
        grad(lambda x: 1.0)(x),
        jacobian(lambda x: Value(1.0))(x),
        vjp(lambda x: 1.0, x)[1](1.0)[0],
        hvp(lambda x: 1.0, (x,), (x,)),
        numerical_derivative(lambda x: 1.0, x),
    ):
        assert np.shape(result) == shape
        assert not np.any(result)
    assert np.shape(hessian(lambda x: 1.0)(x)) == shape + shape
    assert jvp(lambda x: 1.0, (x,), (x,)) == (1.0, 0.0)
    assert jacobian(lambda x: np.ones(2))(x).shape == (2, *shape)


def in_place(x):
    x *= 2.0
    x[0] = 0.0
    return (x * x).sum()


def test_what_a_function_changes_in_place_is_its_own():
    x = np.array([1.0, 2.0, 3.0])
    for gradient in (grad(in_place)(x), vjp(in_place, x)[1](1.0)[0], numerical_derivative(in_place, x)):
        np.testing.assert_allclose(gradient, [0.0, 16.0, 24.0], rtol=1e-8)
    assert x.tolist() == [1.0, 2.0, 3.0]

    def f(p):
        p["w"].append(p["w"].pop() ** 2)
        return p.pop("w")[0]

    parameters = {"w": [3.0]}
    assert value_and_grad(f)(parameters) == (9.0, {"w": [6.0]})
    assert parameters == {"w": [3.0]}


class TestAuxiliaryData:
    """A second output that is not differentiated."""

    def test_values_become_numbers_and_the_rest_stays_what_it_is(self):
        kept = object()
        labels = np.array(["a"])

        def f(x):
            return x * x, {"y": x + 1.0, "array": autograd.array([x, 1.0]), "kept": kept, "labels": labels, "n": None}

        value, auxiliary = grad(f, has_aux=True)(3.0)
        assert value == 6.0
        assert (type(auxiliary["y"]), auxiliary["y"]) == (float, 4.0)
        assert type(auxiliary["array"]) is np.ndarray
        assert auxiliary["array"].tolist() == [3.0, 1.0]
        assert auxiliary["kept"] is kept
        assert auxiliary["labels"] is labels

    def test_every_function_returns_them_last(self):
        f = lambda x: (x**3, x + 1.0)  # noqa: E731
        assert value_and_grad(f, has_aux=True)(2.0) == ((8.0, 3.0), 12.0)
        assert jacobian(f, has_aux=True)(2.0) == (12.0, 3.0)
        assert hessian(f, has_aux=True)(2.0) == (12.0, 3.0)
        assert hvp(f, (2.0,), (1.0,), has_aux=True) == (12.0, 3.0)
        assert jvp(f, (2.0,), (1.0,), has_aux=True) == (8.0, 12.0, 3.0)
        value, pullback, auxiliary = vjp(f, 2.0, has_aux=True)
        assert (value, pullback(1.0), auxiliary) == (8.0, (12.0,), 3.0)

    def test_at_values_they_are_connected(self):
        x = Value(2.0)
        _, auxiliary = grad(lambda x: (x, [x * x]), has_aux=True)(x)
        auxiliary[0].backward()
        assert x.grad == 4.0

    @pytest.mark.parametrize("wrong", [3.0, [1.0], (1.0, 2.0, 3.0), None])
    def test_without_a_pair_the_error_says_so(self, wrong):
        with pytest.raises(TypeError, match=r"must return a pair \(output, auxiliary data\), not"):
            grad(lambda x: wrong, has_aux=True)(2.0)


class TestCopies:
    """A copy inside a function that is differentiated keeps the graph, or raises."""

    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
    def test_a_copy_of_an_input_or_of_a_result_keeps_the_graph(self, copied):
        derivatives = [
            grad(lambda x: copied(x) * x)(3.0),
            grad(lambda x: copied(x * x))(3.0),
            grad(lambda x: sum(map(copied, [x, x * x])))(3.0),
            value_and_grad(lambda x: copied(x) * x)(3.0)[1],
            jacobian(lambda x: [copied(x) * x])(3.0)[0],
            hessian(lambda x: copied(x) ** 3)(1.0),
            jvp(lambda x: copied(x) * x, (3.0,), (1.0,))[1],
            vjp(lambda x: copied(x) * x, 3.0)[1](1.0)[0],
            hvp(lambda x: copied(x) ** 3, (1.0,), (1.0,)),
            autograd.compile(lambda x: copied(x) * x).grad(3.0),
        ]
        assert derivatives == [6.0, 6.0, 7.0, *[6.0] * 7]
        assert {type(derivative) for derivative in derivatives} == {float}
        assert gradcheck(lambda x: copied(x) * x, 3.0)

    def test_a_deep_copy_of_data_that_hold_an_input_keeps_the_graph(self):
        assert grad(lambda p: copy.deepcopy(p)["w"][0] * p["w"][0])({"w": [3.0]}) == {"w": [6.0]}
        assert grad(lambda m: asdict(m)["bias"] ** 2)(Model(1.0, 3.0)) == Model(0.0, 6.0)  # it copies deeply
        assert grad(lambda a: (copy.deepcopy(a) * a).sum())(np.array([3.0, 4.0])).tolist() == [6.0, 8.0]
        assert grad(lambda a: (a.copy() * a).sum())(np.array([3.0, 4.0])).tolist() == [6.0, 8.0]

    def test_the_input_of_an_outer_function_counts_too(self):
        assert grad(lambda x: grad(lambda y: copy.deepcopy(x) * y)(2.0))(3.0) == 1.0

    def test_what_does_not_depend_on_an_input_is_copied_as_elsewhere(self):
        w = Value(2.0)

        def f(x):
            mine = copy.deepcopy(w)
            assert mine is not w
            mine.data = 5.0
            return mine * x

        assert grad(f)(3.0) == 5.0
        assert w.data == 2.0

    def test_pickling_raises_and_says_why(self):
        for f in (lambda x: pickle.loads(pickle.dumps(x)) * x, lambda x: pickle.loads(pickle.dumps([x * x]))[0]):
            for call in (grad(f), autograd.compile(f), autograd.compile(f).grad):
                with pytest.raises(TypeError, match=r"cannot be pickled inside the function .* cut the graph"):
                    call(3.0)

    def test_afterwards_and_outside_copies_are_independent(self):
        kept = []
        grad(lambda x: kept.append(x) or x * x)(3.0)
        assert copy.deepcopy(kept[0]) is not kept[0]
        x = Value(3.0)
        y = copy.deepcopy(x) * x
        y.backward()
        assert x.grad == 3.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grad(lambda params: 1.0)({"w": [1.0, 2.0, "x"]}), r'params\["w"\]\[2\] must be a real number.*\'x\''),
        (lambda: grad(lambda *xs: 1.0, 1)(1.0, ["x"]), r"xs\[1\]\[0\] must be a real number"),
        (lambda: grad(lambda a: 1.0)(np.array([[1.0, 1j]])), r"a\[0, 0\] must be a real number"),
        (lambda: grad(lambda a: 1.0)(np.array([[1.0], [2.0, 3.0]], dtype=object)), r"a\[0\] must be a real number"),
        (lambda: grad(lambda p: 1.0)(Point(1.0, "x")), r"p\.y must be a real number"),
        (lambda: grad(lambda p: 1.0)({1.0, 2.0}), r"p must be a real number, not \{1.0, 2.0\}"),
        (lambda: grad(lambda p: 1.0)(list("a")), r"p\[0\] must be a real number"),
        (lambda: grad(lambda x: 1.0)(), r"the call has 0 arguments"),
        (lambda: gradcheck(lambda p: p["w"], {"w": "x"}), r'p\["w"\] must be a real number'),
        (lambda: numerical_derivative(lambda p: p["w"], {"w": "x"}), r'p\["w"\] must be a real number'),
        (lambda: jacobian(lambda x: None)(1.0), r"must return a Value, not None"),
        (lambda: jacobian(lambda x: "x")(1.0), r"must return a Value, or nested data of Values, not 'x'"),
        (lambda: jacobian(lambda x: {"a": [x, "y"]})(1.0), r'output\["a"\]\[1\] is \'y\'; for other data use has_aux'),
        (lambda: grad(lambda x: {"a": x})(1.0), r"a Value, not a dict with the keys 'a'; for several outputs use jac"),
        (lambda: grad(lambda x: x)(np.ones(1)), r"must return a Value, not an array of shape \(1,\); .*jacobian"),
        (
            lambda: jvp(lambda p: p["a"], ({"a": 1.0},), ({"b": 1.0},)),
            r"tangents\[0\] must be a dict with the key",
        ),
        (lambda: jvp(lambda p: p[0], ([1.0],), ((1.0,),)), r"tangents\[0\] must be a list of 1, not a tuple of 1"),
        (
            lambda: jvp(lambda x: x, (1.0,), (np.ones(2),)),
            r"tangents\[0\] must be a number, not an array of",
        ),
        (lambda: jvp(lambda x: x, (np.ones(3),), (np.ones(2),)), r"must be an array of shape \(3,\), not an array of"),
        (lambda: jvp(lambda x: x, (1.0,), ("x",)), r"tangents\[0\] must be a real number"),
        (lambda: jvp(lambda x: x, (1.0,), (1.0, 2.0)), r"tangents must be a tuple of 1"),
        (lambda: jvp(lambda x: x, 1.0, 1.0), r"primals must be a tuple with one entry for each argument"),
        (lambda: jvp(Value(1.0), (1.0,), (1.0,)), r"first argument of jvp must be a function"),
        (lambda: vjp(3.0, 1.0), r"first argument of vjp must be a function, not 3.0"),
        (lambda: hvp("f", (1.0,), (1.0,)), r"must be a function, not 'f'"),
        (lambda: vjp(lambda x: [x, x], 1.0)[1](1.0), r"cotangent must be a list of 2, not 1.0"),
        (lambda: vjp(lambda x: [x], 1.0)[1](["x"]), r"cotangent\[0\] must be a real number"),
    ],
)
def test_an_error_names_the_place(call, message):
    with pytest.raises(TypeError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("read", [autograd.array, autograd.data_of, autograd.grad_of])
def test_arrays_are_made_and_read_of_numbers_only(read):
    for ragged in ([[1.0], [2.0, 3.0]], [1.0, [2.0]]):
        with pytest.raises(ValueError, match="rows of an array must have the same length"):
            read(ragged)
    for wrong in (None, [None], ["2"], {"w": 1.0}, [1j]):
        with pytest.raises(TypeError, match="must be a"):
            read(wrong)
    assert read([]).shape == (0,)


def test_data_that_contain_themselves_are_refused():
    circle = [1.0]
    circle.append({"again": circle})
    for call in (grad(lambda x: 1.0), jacobian(lambda x: circle)):
        with pytest.raises(ValueError, match="must not contain itself, but a list in it does"):
            call(circle)
    shared = [2.0]
    assert grad(lambda x: x[0][0] * x[1][0])([shared, shared]) == [[2.0], [2.0]]


def test_data_that_are_nested_too_deeply_are_refused():
    data = 1.0
    for _ in range(20_000):
        data = [data]
    with pytest.raises(RecursionError, match="must be nested less deeply"):
        grad(lambda x: 1.0)(data)


def test_recursion_without_end_is_reported_and_leaves_the_next_call_right():
    def endless(x):
        return endless(x) * x

    with pytest.raises(RecursionError):
        grad(endless)(1.0)
    assert grad(lambda x: copy.deepcopy(Value(2.0)) * x)(1.0) == 2.0


class TestOtherLibraries:
    """Arrays of other libraries count as NumPy arrays."""

    def check(self, array):
        f = lambda a: (a * a).sum() * a[0]  # noqa: E731
        numbers = np.asarray(array)
        for derivative in (grad, jacobian):
            result = derivative(f)(array)
            assert type(result) is np.ndarray
            np.testing.assert_array_equal(result, derivative(f)(numbers))
        np.testing.assert_array_equal(hessian(f)(array), hessian(f)(numbers))
        assert gradcheck(f, array)
        nested = grad(lambda p: f(p["w"]))({"w": array})
        np.testing.assert_array_equal(nested["w"], grad(f)(numbers))

    def test_pandas(self):
        pandas = pytest.importorskip("pandas")
        self.check(pandas.Series([1.0, 2.0], index=["a", "b"]))
        result = grad(lambda a: (a**2).sum())(pandas.DataFrame({"a": [1, 2], "b": [3.0, 4.0]}))
        assert result.tolist() == [[2.0, 6.0], [4.0, 8.0]]
        with pytest.raises(TypeError, match=r"a\[0, 1\] must be a real number, not the string 'x'"):
            grad(lambda a: 1.0)(pandas.DataFrame({"a": [1.0], "b": ["x"]}))

    def test_torch(self):
        torch = pytest.importorskip("torch")
        self.check(torch.tensor([1.0, 2.0], dtype=torch.float64))
        self.check(torch.tensor([1.0, 2.0]))
        with pytest.raises(TypeError, match=r"readable by numpy.asarray, but Tensor is not: .*detach"):
            grad(lambda a: a.sum())(torch.ones(2, requires_grad=True))

    def test_jax(self):
        jax = pytest.importorskip("jax")
        self.check(jax.numpy.array([1.0, 2.0]))

    def test_what_numpy_cannot_read_is_refused(self):
        class Sparse:
            shape = (2, 2)

        with pytest.raises(TypeError, match=r"must be readable by numpy.asarray, but Sparse is not"):
            grad(lambda a: 1.0)(Sparse())


class TestNorms:
    """The gradient of a norm at 0 is 0, as in PyTorch."""

    @pytest.mark.parametrize("order", [None, 2, 3, 1.5, 1, np.inf])
    def test_the_gradient_at_0_is_0_at_every_order(self, order):
        norm = lambda x: np.linalg.norm(x, order)  # noqa: E731
        gradient = grad(norm)(np.zeros(3))
        assert gradient.tolist() == [0.0, 0.0, 0.0]
        assert not hessian(norm)(np.zeros(2)).any()
        assert np.isnan(value_and_grad(norm)(np.array([np.nan, 1.0]))[0])

    def test_that_of_a_zero_row_too(self):
        gradient = grad(lambda a: np.linalg.norm(a, axis=1).sum())(np.array([[3.0, 4.0], [0.0, 0.0]]))
        np.testing.assert_allclose(gradient, [[0.6, 0.8], [0.0, 0.0]], rtol=1e-15)

    @pytest.mark.parametrize("keepdims", [False, True])
    @pytest.mark.parametrize("axis", [None, 0, -1, (0, 1), (1, 0)])
    @pytest.mark.parametrize("order", [None, 0, 1, 2, 3, -1, -2, 0.5, np.inf, -np.inf, "fro"])
    def test_norms_are_those_of_numpy_or_refused(self, order, axis, keepdims):
        a = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
        arguments = order, axis, keepdims
        try:
            expected = np.linalg.norm(a, *arguments)
        except ValueError as error:
            expected = error
        if isinstance(expected, ValueError) or (order in (2, -2) and axis in (None, (0, 1), (1, 0))):
            with pytest.raises(ValueError if isinstance(expected, ValueError) else TypeError, match="norm"):
                np.linalg.norm(autograd.array(a), *arguments)
        else:
            norms = autograd.data_of(np.linalg.norm(autograd.array(a), *arguments))
            assert norms.shape == np.shape(expected)
            np.testing.assert_allclose(norms, expected, rtol=1e-14)


class TestTheEdgeOfADomain:
    """A step of gradcheck that leaves the domain is reported as that, not as a wrong derivative."""

    @pytest.mark.parametrize(
        ("f", "x"), [(autograd.sqrt, 1e-9), (autograd.log, 1e-9), (autograd.log, 0.0), (autograd.exp, 709.78271289338)]
    )
    def test_it_says_so(self, f, x):
        with pytest.raises(autograd.GradcheckError, match="the step leaves the domain") as caught:
            gradcheck(f, x)
        assert "differ" not in str(caught.value)
        assert "smaller step" in str(caught.value)

    @pytest.mark.parametrize(("f", "x"), [(autograd.sqrt, -1.0), (lambda x: x * x, 1e200), (lambda x: x * x, np.nan)])
    def test_a_point_outside_of_it_is_named(self, f, x):
        with pytest.raises(autograd.GradcheckError, match=r"x: the function is (nan|inf) at .*; check it at a point"):
            gradcheck(f, x)

    def test_a_smaller_step_stays_inside(self):
        assert gradcheck(autograd.sqrt, 1e-9, step=1e-13)

    def test_wrong_derivatives_are_listed_beside_it(self):
        with pytest.raises(autograd.GradcheckError) as caught:
            gradcheck(lambda p: p["a"].sqrt() + p["b"].relu(), {"a": 1e-9, "b": 0.0})
        note, title, _, row = str(caught.value).splitlines()
        assert note.startswith('p["a"]: the step leaves the domain')
        assert title.startswith("1 of 2 derivatives differ")
        assert row.startswith('p["b"] ')


def test_a_dataclass_with_a_variable_that_it_does_not_keep_is_refused():
    @dataclass
    class Scaled:
        kind: ClassVar[str] = "a class variable is no field"
        x: float
        scale: InitVar[float] = 1.0
        y: float = field(init=False)

        def __post_init__(self, scale):
            self.y = self.x * scale

    for derivative in (grad(lambda p: p.y), autograd.compile(lambda p: p.y).grad):
        with pytest.raises(TypeError, match="Scaled must not have the InitVar 'scale'"):
            derivative(Scaled(2.0, scale=5.0))


def test_a_collection_that_cannot_be_made_of_its_content_is_refused():
    class Named(dict):
        def __init__(self, name, **items):
            super().__init__(**items)

    class Empty(list):
        def __init__(self):
            super().__init__()

    numbers = Empty()
    numbers.append(2.0)
    for data in (Named("n", a=2.0), numbers):
        with pytest.raises(TypeError, match="must have a constructor that takes its content"):
            grad(lambda p: p["a"] if isinstance(p, dict) else p[0])(data)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_arrays_of_a_subclass_are_read_as_arrays():
    numbers = np.arange(6.0).reshape(2, 3)
    subclass = type("Subclass", (np.ndarray,), {})
    for array in (np.matrix(numbers), np.ma.array(numbers), numbers.view(subclass)):
        np.testing.assert_array_equal(grad(lambda x: (x * x).sum())(array), 2.0 * numbers)
        assert autograd.compile(lambda x: (x @ np.ones(3)).sum())(array) == 15.0
