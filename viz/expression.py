"""Expressions typed as text, read into recorded Values without ever being run as Python."""

import ast
import math
import re
import warnings
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from keyword import iskeyword
from typing import Any

from autograd import Value, functions

__all__ = ["ExpressionError", "parse_expression"]

LONGEST_TEXT = 10_000
DEEPEST_BRACKETS = 200
MOST_PARTS = 1_000
MOST_DIGITS = 1_000  # fewer than Python's own limit on integers, which can be set

_CONSTANTS = {"pi": math.pi, "e": math.e}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: functions.add,
    ast.Sub: functions.subtract,
    ast.Mult: functions.multiply,
    ast.Div: functions.divide,
    ast.Pow: functions.power,
    ast.USub: functions.negative,
    ast.UAdd: lambda x: x,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": functions.absolute} | {
    name: getattr(functions, name)
    for name in functions.__all__
    if name not in ("add", "subtract", "multiply", "divide", "power", "negative", "absolute")
}
_ARGUMENTS = {"maximum": (2,), "minimum": (2,), "select": (3,), "clip": (3,), "leaky_relu": (1, 2)}
_ALLOWED = f"allowed are numbers, variables, pi, e, + - * / ** ( ), and {', '.join(sorted(_FUNCTIONS))}"

_DESCRIPTIONS: dict[type[ast.AST], str] = {
    ast.Attribute: "an attribute",
    ast.BoolOp: "a logical operation",
    ast.Compare: "a comparison; select(x, a, b) is a where x > 0, else b",
    ast.Constant: "no real number",
    ast.IfExp: "a condition; select(x, a, b) is a where x > 0, else b",
    ast.JoinedStr: "a string",
    ast.Lambda: "a lambda",
    ast.List: "a list",
    ast.Subscript: "an index",
    ast.Tuple: "several expressions; one is read",
}
_TOO_LARGE = f"is too large: an expression has at most {MOST_PARTS:,} numbers, names and operations"


class ExpressionError(ValueError):
    """An expression that cannot be read; the message names the piece, its place, and what is allowed."""


def parse_expression(text: str, /, **numbers: float) -> Value:
    """The Value that an arithmetic expression computes, recorded from its variables on.

    Known are numbers, `+ - * / **` and brackets, pi, e, and the functions of `autograd` by their names: `tanh(x)`,
    `maximum(a, b)`, `clip(x, -1, 1)`, ..., with `abs` for the absolute value. All of it is IEEE 754 arithmetic on
    floats, so `1 / 0` is inf. Nothing is run as Python.

    Arguments:
        text: the expression, of at most 10,000 characters, 1,000 numbers, names and operations, and 200 brackets
            within each other.
        numbers: the number of each variable in it. Each becomes a leaf of that label and the role "input".

    Returns:
        The value of the whole expression.

    Raises:
        ExpressionError: for anything else in the text, a variable without a number, or a number without a
            variable; it says where.
        TypeError: for a variable whose number is not a real number.

    >>> parse_expression("tanh(w*x + b)", w=0.7, x=1.5, b=-0.1)
    Value(0.739783, op='tanh')
    >>> parse_expression("1 + tan(x)", x=1.0)
    Traceback (most recent call last):
        ...
    viz.expression.ExpressionError: 'tan' at character 5 is not a known function; did you mean 'tanh'?
    """
    variables = {name: _variable(name, number) for name, number in numbers.items()}
    tree, text = _syntax_tree(text)
    result = _Reader(text, variables).read(tree)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for name in variables:
        if name not in used:
            raise ExpressionError(f"{name} is given a number, but {_excerpt(text)} does not use it")
    return Value.constant(result)


def _variable(name: str, number: float) -> Value:
    if name in _CONSTANTS or name in _FUNCTIONS:
        raise ExpressionError(f"{name!r} has a meaning of its own here; give the variable another name")
    real = functions.real(number)
    if type(real) is not float:
        raise TypeError(f"the variable {name} takes a real number, not {number!r}")
    return Value(real, name, role="input")


def _syntax_tree(text: str) -> tuple[ast.expr, str]:
    """The tree of an expression, and the text its places refer to."""
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is a string, not {text!r}")
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"the expression has {len(text):,} characters; at most {LONGEST_TEXT:,} are read")
    text = "".join(" " if character.isspace() else character for character in text).strip()
    if not text:
        raise ExpressionError("the expression is empty; write one such as 'tanh(w*x + b)'")
    _check_characters(text)
    _check_numbers(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on programs, as on "1or 2"
            return ast.parse(text, mode="eval").body, text
    except SyntaxError as error:
        _check_keywords(text)
        place = f" at character {error.offset}" if error.offset else ""
        raise ExpressionError(f"{_excerpt(text)} is not an expression: {error.msg}{place}; {_ALLOWED}") from None
    except (ValueError, MemoryError, RecursionError):  # the parser's own limits, which differ between versions
        raise ExpressionError(f"{_excerpt(text)} {_TOO_LARGE}") from None


def _check_characters(text: str) -> None:
    """Refuses what the parser would drop or spend its stack on, and brackets that do not pair."""
    opened: list[int] = []
    for place, character in enumerate(text, 1):
        if character == "#" or not character.isprintable():
            raise ExpressionError(
                f"the character {character!r} at character {place} is none of an expression; {_ALLOWED}"
            )
        if character == "(":
            opened.append(place)
        elif character == ")":
            if not opened:
                raise ExpressionError(f"the bracket ')' at character {place} closes nothing")
            opened.pop()
        if len(opened) > DEEPEST_BRACKETS:
            raise ExpressionError(f"more than {DEEPEST_BRACKETS} brackets within each other, at character {place}")
    if opened:
        raise ExpressionError(f"the bracket '(' at character {opened[-1]} is never closed")


def _check_numbers(text: str) -> None:
    for digits in re.finditer(r"[0-9_]+", text):
        if len(digits[0]) > MOST_DIGITS:
            place = digits.start() + 1
            raise ExpressionError(
                f"the number at character {place} is too long: it has {len(digits[0]):,} digits; "
                f"at most {MOST_DIGITS:,} are read"
            )


def _check_keywords(text: str) -> None:
    """Of a text that is no expression: refuses the first word that cannot be a name."""
    for word in re.finditer(r"[^\W\d]\w*", text):
        if iskeyword(word[0]):
            raise ExpressionError(
                f"{_excerpt(text)} is not an expression: {word[0]!r} at character {word.start() + 1} is a Python "
                "keyword, which cannot name a variable"
            )


class _Reader:
    """Computes a syntax tree from its leaves up, without recursion: a sum of many terms is a deep tree."""

    def __init__(self, text: str, variables: dict[str, Value]) -> None:
        self.text = text
        self.variables = variables

    def read(self, tree: ast.expr) -> Any:
        order = []
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            operands = self.operands(node)
            order.append((node, operands))
            if len(order) > MOST_PARTS:
                raise ExpressionError(f"{_excerpt(self.text)} {_TOO_LARGE}")
            waiting += operands
        results: dict[ast.expr, Any] = {}
        for node, operands in reversed(order):
            results[node] = self.result(node, [results[operand] for operand in operands])
        return results[tree]

    def operands(self, node: ast.expr) -> list[ast.expr]:
        """The parts that a node is computed from; an error if it is not one of the allowed."""
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return []
            case ast.Name():
                return []
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
                return [operand]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return [left, right]
            case ast.Call(args=arguments):
                self.check_call(node)
                return arguments
            case ast.BinOp(op=ast.BitXor()):
                raise self.error(node, "is not a power; write ** for ^")
        raise self.error(node, f"is {_DESCRIPTIONS.get(type(node), 'not part of an expression')}; {_ALLOWED}")

    def result(self, node: ast.expr, operands: list[Any]) -> Any:
        match node:
            case ast.Constant(value=number):
                return functions.real(number)
            case ast.Name(id=name):
                return self.variable(node, name)
            case ast.UnaryOp(op=op) | ast.BinOp(op=op):
                return _OPERATORS[type(op)](*operands)
            case ast.Call(func=ast.Name(id=name)):
                try:
                    return _FUNCTIONS[name](*operands)
                except (TypeError, ValueError) as error:  # bounds of clip that are variables, or cross each other
                    raise self.error(node, f"cannot be computed: {error}") from None
        raise AssertionError(f"operands() lets {node!r} pass")

    def variable(self, node: ast.Name, name: str) -> Any:
        if name in self.variables:
            return self.variables[name]
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in _FUNCTIONS:
            raise self.error(node, f"is a function; write {name}(...)")
        near = _suggestion(name, [*self.variables, *_CONSTANTS])
        raise self.error(node, f"is a variable without a number; give it one, as {name}=1.0{near}")

    def check_call(self, call: ast.Call) -> None:
        if not isinstance(call.func, ast.Name):
            raise self.error(call.func, f"is not a function, but is called; to multiply write *; {_ALLOWED}")
        name = call.func.id
        if name in self.variables or name in _CONSTANTS:
            raise self.error(call.func, f"is a number, not a function; to multiply write {name} * (...)")
        if name not in _FUNCTIONS:
            raise self.error(call.func, f"is not a known function{_suggestion(name, _FUNCTIONS) or '; ' + _ALLOWED}")
        if call.keywords:
            raise self.error(call, "names an argument; write the arguments in their order, without names")
        counts = _ARGUMENTS.get(name, (1,))
        if len(call.args) not in counts:
            expected = " or ".join(map(str, counts))
            plural = "" if counts == (1,) else "s"
            raise self.error(call, f"has {len(call.args)} arguments, but {name} takes {expected} argument{plural}")

    def error(self, node: ast.expr, what: str) -> ExpressionError:
        """An error about a part of the expression: the part as written, where it starts, and what is wrong."""
        piece = ast.get_source_segment(self.text, node) or ""
        place = 1 + len(self.text.encode()[: node.col_offset].decode())  # the syntax tree counts bytes
        return ExpressionError(f"{_excerpt(piece)} at character {place} {what}")


def _suggestion(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
