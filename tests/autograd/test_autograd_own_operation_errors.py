"""Operations from outside that cannot work: each says what must hold, and names the operation."""

import math

import pytest

import autograd
from autograd import Value, grad, operation


def own(function, rule=None, name="mine", **how):
    function.__name__ = function.__qualname__ = name
    made = operation(**how)(function)
    if rule is not None:
        made.derivative(rule)
    return made


X = Value(2.0, "x")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (lambda a, b, y: 1.0, r"must return 2 numbers, one for each operand \(a, b\), not 1.0"),
        (lambda a, b, y: (1.0,), r"must return 2 numbers, one for each operand \(a, b\), not a tuple of 1"),
        (lambda a, b, y: [1.0, 2.0, 3.0], r"must return 2 numbers, .* not a list of 3"),
        (lambda a, b, y: None, r"must return 2 numbers, .* not None"),
        (lambda a, b, y: (None, 1.0), r"must return a number, not None; is a return statement missing\?"),
        (lambda a, b, y: ("1", 1.0), r"must return a number, not '1'"),
        (lambda a, b, y: (1j, 1.0), r"must return a number, not 1j"),
        (lambda a, b, y: (autograd.array([1.0, 2.0]), 1.0), r"must return a number, not ValueArray"),
        (
            lambda a, b, y: (X, 1.0),
            r"must use no Values but its operands, not Value\(2.0, label='x'\), which would get no",
        ),
    ],
)
def test_what_a_rule_returns_is_checked(rule, message):
    product = own(lambda a, b: a * b, rule)
    with pytest.raises(TypeError, match="the rule of mine " + message) as caught:
        product(Value(1.0, "w"), 3.0)
    assert caught.value.__notes__ == ["in the operation mine(w=1.0, 3.0)"]


@pytest.mark.parametrize("rule", [lambda x: 1.0, lambda x, y, z: 1.0, lambda: 1.0, 3.0, lambda x, *, y: 1.0])
def test_a_rule_must_take_the_operands_and_the_result(rule):
    with pytest.raises(TypeError, match="the rule of mine must be a function of x and the result, not "):
        own(lambda x: x, rule)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: None, r"mine must return a number, not None; is a return statement missing\?"),
        (lambda x: "s", r"mine must return a number, not 's'"),
        (lambda x: [x], r"mine must return a number, not \["),
        (lambda x: X * x, r"mine must use no Values but its operands, .* make it an operand"),
    ],
)
def test_what_a_function_returns_is_checked(function, message):
    for argument in (2.0, Value(3.0)):
        with pytest.raises(TypeError, match=message):
            own(function)(argument)
        with pytest.raises(TypeError, match=message):
            own(function, lambda x, y: 1.0)(argument)


def test_an_exception_of_the_function_or_the_rule_names_the_operation_and_the_node():
    logarithm = own(lambda x: math.log(x), lambda x, y: 1.0 / x)
    with pytest.raises(ValueError, match=r".") as caught:
        logarithm(Value(-1.0, "speed"))
    assert caught.value.__notes__ == ["in the operation mine(speed=-1.0)"]
    x = Value(1.0, "speed")
    with autograd.scope("layer1"):
        y = logarithm(x)
    y.label = "y"
    x.data = -1.0
    with pytest.raises(ValueError, match=r".") as caught:
        (y * 2.0).forward()
    assert caught.value.__notes__ == ["in the operation mine(speed=-1.0)", "at the node 'y' in 'layer1'"]
    with pytest.raises(ZeroDivisionError) as caught:
        own(lambda x: x, lambda x, y: 1 / 0)(x)
    assert caught.value.__notes__ == ["in the operation mine(speed=-1.0)"]


def test_a_formula_of_plain_python_needs_a_rule():
    sine = own(lambda x: math.sin(float(x)))
    assert sine(0.0) == 0.0
    with pytest.raises(TypeError, match="cannot be converted to float") as caught:
        sine(Value(0.0))
    assert caught.value.__notes__[0] == (
        "mine has no rule, so its formula runs on Values: write it with the functions of autograd, or add a rule by "
        "@mine.derivative"
    )


def test_a_rule_of_plain_python_has_no_second_derivative():
    sine = own(lambda x: math.sin(x), lambda x, y: math.cos(x))
    assert grad(sine)(0.0) == 1.0
    with pytest.raises(TypeError, match="cannot be converted to float") as caught:
        grad(grad(sine))(0.0)
    assert caught.value.__notes__[0] == (
        "to be differentiated, the rule of mine must be written with the functions of autograd, or with operations "
        "that have rules of their own"
    )


def test_recursion_without_end_is_a_clear_error():
    def endless(x):
        return made(x)

    made = own(endless)
    for argument in (2.0, Value(2.0)):
        with pytest.raises(RecursionError, match=r"^the operation 'mine' calls itself without end, or too deeply$"):
            made(argument)
    with pytest.raises(RecursionError, match=r"^the operation 'mine' calls itself without end"):
        grad(made)(2.0)


def test_an_operation_may_call_itself():
    def power(x, *, n):
        return 1.0 if n < 1.0 else x * made(x, n=n - 1.0)

    made = own(power)
    assert (made(3.0, n=4), grad(lambda x: made(x, n=4))(3.0)) == (81.0, 108.0)


@pytest.mark.parametrize("name", ["tanh", "add", "select", "relu", "square", "expit", "round"])
def test_the_name_of_a_built_in_operation_is_refused(name):
    with pytest.raises(
        ValueError, match=f"'{name}' is the name of a built-in operation; give the function another name"
    ):
        own(lambda x: x, name=name)


@pytest.mark.parametrize("thing", [3, int, Value(1.0), None])
def test_an_operation_must_be_a_function(thing):
    with pytest.raises(TypeError, match="an operation must be a function"):
        operation()(thing)


def test_an_operation_must_have_a_name():
    with pytest.raises(TypeError, match="a function with a name, made by def, not <function"):
        operation(lambda x: x)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            lambda x, alpha=0.1: x,
            r"the operand alpha of mine must have no default, not 0.1; .* keyword-only by a \* before",
        ),
        (lambda x, **more: x, r"a plain number of mine must be a keyword-only argument, not one of \*\*more"),
        (lambda *, a: a, r"mine must have a positional argument, its operand, not only \(\*, a\)"),
        (lambda x, *, a=X: x, r"the default of a of mine must be a plain number, not Value"),
    ],
)
def test_the_arguments_of_a_function_are_checked(function, message):
    with pytest.raises(TypeError, match=message):
        own(function)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: f(X), r"mine\(x, \*, t\): missing a required (keyword-only )?argument: 't'"),
        (lambda f: f(X, X, t=1.0), r"mine\(x, \*, t\): too many positional arguments"),
        (lambda f: f(X, u=1.0, t=1.0), r"mine\(x, \*, t\): got an unexpected keyword argument 'u'"),
        (lambda f: f(X, t=X), r"t of mine must be a plain number, not Value\(2.0, label='x'\)"),
        (lambda f: f(X, t="3"), r"t of mine must be a plain number, not the string '3'"),
        (
            lambda f: f("x", t=1.0),
            r"an operand of mine must be a real number, a Value, or an array of them, not the string",
        ),
        (lambda f: f([X, None], t=1.0), r"an operand of mine must be a real number, .* not None"),
    ],
)
def test_the_arguments_of_a_call_are_checked(call, message):
    with pytest.raises(TypeError, match=message):
        call(own(lambda x, *, t: x * t))


def test_an_operation_of_any_number_of_operands_needs_one():
    with pytest.raises(TypeError, match=r"mine\(\*xs\): an operation needs at least one operand"):
        own(lambda *xs: sum(xs))()


@pytest.mark.parametrize(
    ("how", "error", "message"),
    [
        ({"latex": r"\frac{x"}, ValueError, "the latex of mine must have braces in pairs, not "),
        ({"latex": r"x}{"}, ValueError, "the latex of mine must have braces in pairs, not "),
        ({"latex": r"\left({x}"}, ValueError, r"the latex of mine must have \\left and \\right in pairs"),
        ({"latex": 3}, TypeError, "latex must be a string, not 3"),
        ({"symbol": None}, TypeError, "symbol must be a string, not None"),
    ],
)
def test_how_an_operation_is_written_is_checked(how, error, message):
    with pytest.raises(error, match=message):
        own(lambda x: x, **how)
    assert own(lambda x: x, latex=r"\leftarrow\{\\{x}") is not None
