"""Any text is an expression, whose value is that of its operations, or is refused in one line that says where."""

import contextlib
import io
import re
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import bits, edge_numbers
from support.texts import texts

from autograd import Value, functions
from viz.command import main
from viz.expression import ExpressionError, parse_expression

MOST_SECONDS = 20.0  # for a text of 10,000 characters on a busy machine; most take milliseconds

UNARY = ["exp", "log", "sqrt", "sin", "tanh", "sigmoid", "softplus", "relu", "sign", "detach", "neg"]
BINARY = ["maximum", "minimum"]
OPERATORS = {"+": functions.add, "-": functions.subtract, "*": functions.multiply, "/": functions.divide}
OPERATORS |= {"**": functions.power}
CONSTANTS = ["0", "1", "2.5", "1e400", ".5", "1_000", "0x1F", "7" * 30, "pi", "e", "1E-3", "00", "0b11"]
VARIABLES = ["x", "w", "é", "x1"]

trees = st.recursive(
    st.sampled_from([*VARIABLES, *CONSTANTS]).map(lambda text: [text]),
    lambda tree: st.one_of(
        st.tuples(st.sampled_from([*OPERATORS, *BINARY]), tree, tree).map(list),
        st.tuples(st.sampled_from(UNARY), tree).map(list),
        st.tuples(st.just("select"), tree, tree, tree).map(list),
    ),
    max_leaves=15,
)
points = st.tuples(*[edge_numbers] * len(VARIABLES))


def written(tree):
    """The text of an expression with every bracket."""
    head, *operands = tree
    texts = [written(operand) for operand in operands]
    if head in OPERATORS:
        return f"({texts[0]} {head} {texts[1]})"
    if head == "neg":
        return f"(-{texts[0]})"
    return f"{head}({', '.join(texts)})" if operands else head


def computed(tree, numbers):
    """The value of an expression, computed by the functions of the engine from its operands."""
    head, *operands = tree
    if not operands:
        return numbers[head] if head in numbers else parse_expression(head).data
    values = [computed(operand, numbers) for operand in operands]
    return {**OPERATORS, "neg": functions.negative}.get(head, getattr(functions, head, None))(*values)


@given(trees, points)
@settings(deadline=None, max_examples=100)
def test_an_expression_has_the_value_of_its_operations(tree, point):
    text, numbers = written(tree), dict(zip(VARIABLES, point, strict=True))
    used = {name: number for name, number in numbers.items() if re.search(rf"\b{name}\b", text)}
    assert bits(parse_expression(text, **used).data) == bits(computed(tree, numbers))


TOKENS = [
    *OPERATORS,
    *UNARY,
    *BINARY,
    *CONSTANTS,
    *VARIABLES,
    "(",
    ")",
    ",",
    " ",
    ".",
    "=",
    ":=",
    "==",
    "<",
    "and",
    "if",
    "else",
]
TOKENS += [
    "lambda",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "'''",
    "f'",
    "\\",
    "#",
    ";",
    "@",
    "^",
    "//",
    "_",
    "__class__",
    "await",
]
TOKENS += [
    "for",
    "in",
    "*x",
    "**x",
    "clip(x, -1, 1)",
    "leaky_relu(x)",
    "abs",
    "!",
    "?",
    "~",
    "`",
    "$",
    "->",
    "...",
    "\n",
]
mutations = st.lists(
    st.tuples(st.floats(0.0, 1.0), st.integers(0, 4), st.one_of(st.sampled_from(TOKENS), texts)), max_size=4
)
times = st.one_of(st.just(1), st.integers(1, 3_000))


def mutated(text, changes):
    """A text in which each change replaces some characters at a place by another text."""
    for where, removed, inserted in changes:
        place = int(where * len(text))
        text = text[:place] + inserted + text[place + removed :]
    return text


def position_in(message):
    """The position that an error names; 1 if it is about the whole text."""
    whole = ("is empty", "characters, not", "numbers, names and operations", "is given, but", "at its end")
    found = re.search(r"character (\d+)", re.sub(r"'.*?' (?=at character)", "", message))
    if found:
        return int(found[1])
    assert any(words in message for words in whole), message
    return 1


def read(text, numbers):
    """Reads a text; if it is refused, then soon, in one short line with a position in the text."""
    start = time.perf_counter()
    try:
        value = parse_expression(text, **numbers)
    except ExpressionError as error:
        value, message = None, str(error)
    assert time.perf_counter() - start < MOST_SECONDS
    if value is None:
        assert message.isprintable()
        assert len(message) < 700
        assert 1 <= position_in(message) <= len(text) + 1
    return value


@given(trees, mutations, times)
@settings(deadline=None, max_examples=150)
def test_a_mutated_expression_is_a_graph_or_refused_with_a_position(tree, changes, repeated):
    text = mutated(written(tree), changes) * repeated
    value = read(text, dict.fromkeys(VARIABLES, 0.5)) or read(text, {})
    assert value is None or isinstance(value, Value)


@given(st.one_of(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join), texts), times)
@settings(deadline=None, max_examples=150)
def test_any_text_is_a_graph_or_refused_with_a_position(text, repeated):
    read(text * repeated, {})


def command(arguments):
    """The exit code of the command line, and what it prints."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = main(arguments)
    return code, output.getvalue(), errors.getvalue()


variables = st.builds(
    lambda name, sign, number: f"{name}{sign}{number}",
    st.one_of(st.sampled_from(VARIABLES), texts),
    st.sampled_from(["=", "=", "=", "==", "", ":"]),
    st.one_of(edge_numbers, st.sampled_from(["1_0", "0x1", "1e999", "-", "nan", "٣", " 2 ", "1+1"]), texts),
)


@pytest.mark.parametrize(("name", "suffix"), [("draw", ".dot"), ("draw", ".svg"), ("explore", ".html")])
@given(trees, mutations, st.lists(variables, max_size=5))
@settings(deadline=None, max_examples=25)
def test_a_command_writes_its_file_or_prints_one_line(name, suffix, tree, changes, variables):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        text = mutated(written(tree), changes)
        code, output, errors = command([name, *variables, "-o", str(path), "--", text])
        assert code == (0 if path.exists() else 2)
        if code:
            assert output == ""
            assert errors.startswith("scalar-autograd: error: ")
            assert len(errors.splitlines()) == 1
            assert errors[:-1].isprintable()
            assert len(errors) < 1_000
        else:
            assert errors == ""
            assert str(path) in output
