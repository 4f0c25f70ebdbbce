"""A wrong argument raises an error of the right class that names the value and what would be right."""

import copy
import math
import pickle
import re

import numpy as np
import pytest
from support.core import VALUE

from autograd import (
    NonFiniteError,
    Value,
    array,
    data_of,
    exp,
    gradcheck,
    leaky_relu,
    leaves,
    logsumexp,
    numerical_derivative,
    rebuild,
    scope,
    select,
    topological_order,
)


def v():
    return Value(2.0, "speed")


TABLE = {  # name: the call, the class of the error, its message
    "a string": (lambda: Value("3"), TypeError, "must be a real number, not the string '3'"),
    "None": (lambda: Value(None), TypeError, "must be a real number, not None"),
    "a complex number": (lambda: Value(1j), TypeError, "not the complex number 1j"),
    "a NumPy complex number": (lambda: Value(np.complex128(1j)), TypeError, "complex"),
    "an array": (lambda: Value(np.array([1, 2])), TypeError, r"not array\(\[1, 2\]\).*autograd.array\(\)"),
    "an array of one": (lambda: Value(np.array([1.0])), TypeError, r"autograd.array\(\)"),
    "a list": (lambda: Value([1]), TypeError, r"not \[1\]; use autograd.array\(\)"),
    "a Value": (lambda: Value(v()), TypeError, "use it as it is, or its .data for a leaf of its own"),
    "bytes": (lambda: Value(b"3"), TypeError, "b'3'"),
    "a NumPy string": (lambda: Value(np.str_("3")), TypeError, "3"),
    "a date": (lambda: Value(np.datetime64("2020-01-01")), TypeError, "2020"),
    "a label of another type": (lambda: Value(1.0, 3), TypeError, "label of a Value must be a string, not 3"),
    "an unknown role": (lambda: Value(1.0, role="wheel"), ValueError, "plain, input, parameter, constant, not 'wheel'"),
    "a positional role": (lambda: Value(1.0, "x", "input"), TypeError, "positional"),
    "math.exp": (lambda: math.exp(v()), TypeError, r"speed.*v\.exp\(\).*v\.data"),
    "float": (lambda: float(v()), TypeError, r"v\.data"),
    "int": (lambda: int(v()), TypeError, "int"),
    "v + str": (lambda: v() + "x", TypeError, "a Value or a real number, not the string 'x'"),
    "str + v": (lambda: "x" + v(), TypeError, "the string 'x'"),
    "v + None": (lambda: v() + None, TypeError, "not None"),
    "None + v": (lambda: None + v(), TypeError, "not None"),
    "v * 1j": (lambda: v() * 1j, TypeError, "the complex number 1j"),
    "1j * v": (lambda: 1j * v(), TypeError, "the complex number 1j"),
    "v + [1]": (lambda: v() + [1], TypeError, r"not \[1\]; use autograd.array\(\)"),  # noqa: RUF005
    "[1] + v": (lambda: [1] + v(), TypeError, r"not \[1\]; use autograd.array\(\)"),  # noqa: RUF005
    "v ** str": (lambda: v() ** "2", TypeError, "the string '2'"),
    "str / v": (lambda: "2" / v(), TypeError, "the string '2'"),
    "v - {}": (lambda: v() - {}, TypeError, r"not \{\}"),
    "v + an object": (lambda: v() + object(), TypeError, "unsupported operand"),
    "v < str": (lambda: v() < "x", TypeError, f"not supported between instances of '{VALUE}' and 'str'"),
    "sum of strings": (lambda: sum(["x", v()]), TypeError, "str"),
    "clip upside down": (lambda: v().clip(2, 1), ValueError, "low ≤ high, not low=2.0, high=1.0"),
    "clip at nan": (lambda: v().clip(math.nan, 1), ValueError, "low=nan"),
    "clip at a string": (lambda: v().clip("a", 1), TypeError, "lower bound of clip must be a plain number.*'a'"),
    "clip at None": (lambda: v().clip(0, None), TypeError, "upper bound of clip.*None"),
    "leaky_relu of a string": (lambda: v().leaky_relu("a"), TypeError, "slope alpha of leaky_relu.*'a'"),
    "leaky_relu of a Value": (lambda: v().leaky_relu(v()), TypeError, "slope alpha .* plain number.*speed"),
    "leaky_relu function": (lambda: leaky_relu(v(), None), TypeError, "slope alpha.*None"),
    "maximum with a string": (lambda: v().maximum("a"), TypeError, "the string 'a'"),
    "select a string": (lambda: v().select("a", 1.0), TypeError, "the string 'a'"),
    "select by a string": (lambda: select("a", 1.0, 2.0), TypeError, "'a'"),
    "exp of a string": (lambda: exp("a"), TypeError, "exp takes a real number, a Value, or an array.*'a'"),
    "exp of None": (lambda: exp(None), TypeError, "exp.*None"),
    "exp of a list with a string": (lambda: exp([1.0, "a"]), TypeError, "exp.*'a'"),
    "backward from a string": (lambda: v().backward("x"), TypeError, "must be a real number, not the string 'x'"),
    "backward from a list": (lambda: v().backward([1.0]), TypeError, r"must be a real number, not \[1.0\]"),
    "a ragged array": (lambda: array([[1.0, 2.0], [3.0]]), ValueError, "same length"),
    "a raggeder array": (lambda: array([[1.0, 2.0], [[3.0], [4.0]]]), ValueError, "same length"),
    "an array of strings": (lambda: array(["a", "b"]), TypeError, "the string 'a'"),
    "an array of None": (lambda: array([1.0, None]), TypeError, "None"),
    "data of strings": (lambda: data_of(["a"]), TypeError, "'a'"),
    "an unsupported ufunc": (lambda: np.nextafter(array([1.0]), 2.0), TypeError, "np.nextafter has no derivative"),
    "a scope by a number": (lambda: scope(3), TypeError, "name of a scope must be a string, not 3"),
    "the order of a number": (lambda: topological_order(3), TypeError, "topological_order must be a Value, not 3"),
    "the leaves of a number": (lambda: leaves(3), TypeError, "given to leaves must be a Value, not 3"),
    "a number run again": (lambda: rebuild(3, lambda v: v), TypeError, "given to rebuild must be a Value, not 3"),
    "logsumexp of nothing": (lambda: logsumexp([]), ValueError, "at least one number"),
    "digits of a string": (lambda: round(v(), "2"), TypeError, "number of digits to round to must be"),
    "a step of 0": (lambda: numerical_derivative(exp, 1.0, step=0.0), ValueError, "must be positive, not 0.0"),
    "a step below 0": (lambda: numerical_derivative(exp, 1.0, step=-1.0), ValueError, "must be positive, not -1.0"),
    "a step of nan": (lambda: numerical_derivative(exp, 1.0, step=math.nan), ValueError, "must be positive, not nan"),
    "gradcheck's step": (lambda: gradcheck(exp, 1.0, step=-1.0), ValueError, "must be positive, not -1.0"),
    "gradcheck of a number": (lambda: gradcheck(3.0, 1.0), TypeError, "3.0"),
    "derivative at a string": (lambda: numerical_derivative(exp, "1"), TypeError, "the string '1'"),
    "derivative of strings": (lambda: numerical_derivative(lambda x: "y", 1.0), TypeError, "the string 'y'"),
    "an unknown attribute": (lambda: setattr(v(), "gradient", 1.0), AttributeError, "gradient"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_bad_input_raises_an_error_that_helps(name):
    action, kind, message = TABLE[name]
    with pytest.raises(kind, match=message):
        action()


WHOLE = {  # the message, from beginning to end: the call
    "an operand must be a Value or a real number, not <class 'object'>": lambda: v().maximum(object),
    "the slope alpha of leaky_relu must be a plain number, not the string 'a'": lambda: v().leaky_relu("a"),
    "the lower bound of clip must be a plain number, not None": lambda: v().clip(None, 1.0),
    "the upper bound of clip must be a plain number, not Value(2.0, label='speed')": lambda: v().clip(1.0, v()),
}


@pytest.mark.parametrize("message", WHOLE)
def test_a_message_reads_as_a_sentence(message):
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        WHOLE[message]()


@pytest.mark.parametrize(
    "action",
    [
        lambda x, y: y.backward("x"),
        lambda x, y: y + "x",
        lambda x, y: y.clip(2, 1),
        lambda x, y: y.select(x, None),
        lambda x, y: math.exp(y),
        lambda x, y: gradcheck(lambda z: y * z * "x", 1.0),
    ],
)
def test_a_call_that_raises_changes_nothing(action):
    x = Value(2.0)
    y = x * x + 1
    y.backward()
    before = [(node.data, node.grad, node.op) for node in topological_order(y)]
    with pytest.raises((TypeError, ValueError)):
        action(x, y)
    assert [(node.data, node.grad, node.op) for node in topological_order(y)] == before


def test_check_finite_names_operation_operands_label_and_scope():
    w = Value(0.0, "w", role="parameter")
    with scope("layer1"), scope("neuron2"):
        norm = (w**2).sqrt()
    norm.label = "norm"
    with pytest.raises(NonFiniteError, match=r"derivative of sqrt is inf: norm = sqrt\(0.0\) = 0.0, in layer1.neuron2"):
        (norm + 1).check_finite()
    with pytest.raises(NonFiniteError, match=r"log is -inf: log\(w=0.0\) = -inf"):
        (w.log() * 2).check_finite()
    with pytest.raises(NonFiniteError, match=r"parameter leaf is nan: w=nan"):
        (Value(math.nan, "w", role="parameter") + 1).check_finite()
    with pytest.raises(NonFiniteError, match=r"power is inf: power\(x=1e\+200, 2.0\) = inf"):
        (Value(1e200, "x") ** 2).check_finite()
    w.data = np.float64("nan")
    with pytest.raises(NonFiniteError, match="parameter leaf is nan"):
        w.check_finite()
    w.data = 3
    assert (w.exp() + 1).check_finite() is None


def test_forward_on_a_leaf_that_is_not_a_number_names_the_leaf_and_changes_nothing():
    x, w = Value(2.0), Value(3.0, "w", role="parameter")
    y = x * w
    x.data, w.data = 5.0, "4"
    with pytest.raises(TypeError, match="data of the parameter leaf 'w' must be a real number, not the string '4'"):
        y.forward()
    assert (y.data, y.local_derivatives) == (6.0, (3.0, 2.0))
    w.data = np.float32(4.0)
    assert y.forward() == 20.0
    assert [type(number) for number in (w.data, y.data)] == [float, float]


def test_a_truncated_pickle_is_refused():
    data = pickle.dumps(Value(1.0) + 2.0)
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        pickle.loads(data[: len(data) // 2])


def test_a_value_cannot_carry_an_array():
    with pytest.raises(TypeError, match=r"the data of a Value must be a real number"):
        Value(array([1.0, 2.0]))
    assert copy.deepcopy(Value(1.0)).data == 1.0
