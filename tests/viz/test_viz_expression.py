"""Expressions: what they compute, and what is rejected and how."""

import math

import pytest
from support.exact import arity

from autograd import functions, leaves
from viz.expression import ExpressionError, parse_expression
from viz.text.listing import code

NUMBERS = {"x": 1.5, "w": -0.5}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7.0),
        ("-2 ** 2", -4.0),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512.0),
        ("8 - 4 - 2", 2.0),
        ("+(1)", 1.0),
        (" \n 1 +\n 1 ", 2.0),
        ("1_000 + 0x10", 1016.0),
        ("pi", math.pi),
        ("log(e)", 1.0),
        ("abs(-3)", 3.0),
        ("maximum(1, 2) + minimum(1, 2)", 3.0),
        ("clip(5, -1, 1)", 1.0),
        ("leaky_relu(-2, 0.1)", -0.2),
        ("select(1, 10, 20)", 10.0),
        ("1 / 0", math.inf),
        ("10 ** 10 ** 10", math.inf),
        ("9" * 400, math.inf),
    ],
)
def test_an_expression_is_ieee_arithmetic_with_the_precedence_of_python(text, expected):
    assert parse_expression(text).data == expected


def test_variables_are_labelled_inputs_and_one_node_wherever_they_occur():
    y = parse_expression("x*x + w", **NUMBERS)
    assert {(leaf.label, leaf.role, leaf.data) for leaf in leaves(y)} == {("x", "input", 1.5), ("w", "input", -0.5)}
    y.backward()
    assert {leaf.label: leaf.grad for leaf in leaves(y)} == {"x": 3.0, "w": 1.0}


@pytest.mark.parametrize("name", sorted(set(functions.__all__) - {"add", "subtract", "multiply", "divide", "power"}))
def test_every_function_of_the_engine_is_recorded(name):
    if name in ("negative", "absolute"):
        return
    more = {"select": ", x, w", "clip": ", -1, 1", "leaky_relu": ", 0.1"}.get(name, ", w" * (arity(name) - 1))
    text = f"{name}(x{more}) + 0*w"
    y = parse_expression(text, **NUMBERS)
    assert name in [node.op for node in y.operands]


def test_a_sum_of_many_terms_is_not_too_deep():
    assert parse_expression("+".join(["x"] * 500), x=1.0).data == 500.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tann(x)", "'tann' at character 1 is not a known function; did you mean 'tan'"),
        ("x + qqqq(x)", "'qqqq' at character 5 is not a known function; allowed are"),
        ("x + y", "'y' at character 5 is a variable without a number; give it one, such as y=1.0"),
        ("x + X1", "'X1' at character 5"),
        ("x + tanh", "'tanh' at character 5 is a function; write tanh"),
        ("x(3)", "'x' at character 1 is a number, not a function; to multiply"),
        ("2(x)", r"'2' at character 1 is not a function; to multiply, write 2\*\(\.\.\.\)"),
        ("(1 + x)(2)", r"'1 \+ x' at character 2 is not a function; to multiply, write \(\.\.\.\)\*\(\.\.\.\)"),
        ("tanh(2x)", r"'2x' at character 6; to multiply, write 2\*x"),
        ("1 + x 3", r"'x 3' at character 5; to multiply, write x\*3"),
        ("2pi", r"'2pi' at character 1; to multiply, write 2\*pi"),
        ("1.5e3x", r"to multiply, write 1\.5e3\*x"),
        ("(x)2", r"'\)2' at character 3; to multiply, write \(\.\.\.\)\*2"),
        ("(x) x", r"to multiply, write \(\.\.\.\)\*x"),
        ("xx", r"such as xx=1\.0; to multiply, write x\*x"),
        ("tanh x", r"'tanh x' at character 1; to call the function, write tanh\(x\)"),
        ("1.2.3 + x", "invalid syntax"),
        ("x.real", "'x.real' at character 1 is an attribute"),
        ("x.__class__.__mro__", "is an attribute"),
        ("x[0]", "is an index"),
        ("x > 0", "is a comparison; write select"),
        ("x if x else 1", "is a condition"),
        ("x and 1", "is a logical operation"),
        ("'x'", "is not a real number"),
        ("f'{x}'", "is a string"),
        ("True + x", "'True' at character 1 is not a real number"),
        ("1j", "is not a real number"),
        ("lambda: x", "is a lambda"),
        ("[x]", "is a list"),
        ("x, x", "is several expressions"),
        ("(x := 1)", "not part of an expression"),
        ("x @ 2", "not part of an expression"),
        ("x ^ 2", r"write \*\* instead of \^"),
        ("x @ x", "not part of an expression"),
        ("__import__('os')", "is not a known function"),
        ("().__class__", "is an attribute"),
        ("tanh(x=x)", "names an argument"),
        ("tanh(*x)", r"'\*x' at character 6"),
        ("tanh()", "has 0 arguments, but tanh takes 1 argument"),
        ("clip(x)", "has 1 arguments, but clip takes 3 arguments"),
        ("leaky_relu(x, 1, 2)", "takes 1 or 2 arguments"),
        ("clip(x, x, 1)", "lower bound of clip must be a plain number"),
        ("clip(x, 2, 1)", "low ≤ high"),
        ("x # + 1", "'#' at character 3"),
        ("'\\d'", r"'\\\\' at character 2"),
        ("2or x", "'or' at character 2 is a Python keyword"),
        ("0xfor x", "'for' at character 3 is a Python keyword"),
        ("1.5e3if x else 2", "'if' at character 6 is a Python keyword"),
        ("x\0", "character 2"),
        ("x +", "is not an expression"),
        ("2x", "is not an expression"),
        ("x = 1", "is not an expression"),
        ("import os", "is not an expression"),
        ("x; x", "is not an expression"),
        ("(x", r"'\(' at character 1 is never closed"),
        ("x)", r"'\)' at character 2 has no '\(' before it"),
        ("", "is empty"),
        ("  ", "is empty"),
        ("é + é.b", "'é.b' at character 5"),
    ],
)
def test_an_error_names_what_is_wrong_and_its_position(text, message):
    with pytest.raises(ExpressionError, match=message):
        parse_expression(text, x=1.0)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "(" * 4_000 + "x" + ")" * 4_000,
        "tanh(" * 1_900 + "x" + ")" * 1_900,
        "-" * 9_999 + "x",
        "+".join(["x"] * 501),
        "+".join(["x"] * 5_000),
        "**".join(["x"] * 3_300),
        "x" + ".a" * 4_000,
        "x" + "[0]" * 3_000,
        "[" * 5_000,
        "{" * 300 + "}" * 300,
        "9" * 9_999,
        "x" * 10_001,
    ],
)
def test_nothing_is_too_deep_or_too_long_for_a_short_error(text):
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text, x=1.0)
    assert len(str(caught.value)) < 600


def test_a_number_without_a_variable_is_rejected():
    with pytest.raises(ExpressionError, match="the variable b is given, but 'x' does not use it"):
        parse_expression("x", x=1.0, b=2.0)


@pytest.mark.parametrize("name", ["pi", "e", "tanh"])
def test_a_variable_cannot_take_a_known_name(name):
    with pytest.raises(ExpressionError, match="choose another name"):
        parse_expression("1", **{name: 1.0})


@pytest.mark.parametrize("number", ["3", None, 1j, [1.0]])
def test_a_variable_must_be_a_real_number(number):
    with pytest.raises(TypeError, match="the variable x must be a real number"):
        parse_expression("x", x=number)


def test_only_text_is_an_expression():
    with pytest.raises(ExpressionError, match="must be a string"):
        parse_expression(3.0)


def test_what_is_read_is_written_as_code_again():
    y = parse_expression("tanh(w*x + 1)", **NUMBERS)
    assert code(y).splitlines()[-3:] == ["t1 = w * x", "t2 = t1 + 1.0", "t3 = tanh(t2)"]


@pytest.mark.parametrize("text", ["x + " + "9" * 9_000, "x + 1" + "_0" * 2_000, "x + 0." + "1" * 1_001])
def test_a_number_of_very_many_digits_is_too_long(text):
    with pytest.raises(ExpressionError, match=r"at most 1,000 digits; the one at character \d+ has "):
        parse_expression(text, x=1.0)


@pytest.mark.parametrize(("text", "word", "position"), [("lambda*x", "lambda", 1), ("x * class", "class", 5)])
def test_a_keyword_is_named_as_such(text, word, position):
    with pytest.raises(ExpressionError, match=f"{word!r} at character {position} is a Python keyword"):
        parse_expression(text, x=1.0)


@pytest.mark.parametrize(("text", "numbers"), [("0A" * 253, {}), ("a" * 300, {"a": 1.0}), ("a" * 300 + " b", {})])
def test_a_message_quotes_only_the_beginning_of_a_long_text(text, numbers):
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text, **numbers)
    assert len(str(refused.value)) < 300
