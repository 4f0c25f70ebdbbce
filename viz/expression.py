"""Parsing arithmetic expressions into graphs of Values, without running them as Python."""

import ast
import inspect
import math
import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from keyword import iskeyword
from typing import Any

from autograd import Value, functions
from autograd.suggestions import nearest

__all__ = ["ExpressionError", "parse_expression"]

_MOST_CHARACTERS = 10_000
_MOST_NESTED = 200
_MOST_TERMS = 1_000
_MOST_DIGITS = 1_000  # fewer than Python's own limit on integers, which users can change

_CONSTANTS = {"pi": math.pi, "e": math.e}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: functions.add,
    ast.Sub: functions.subtract,
    ast.Mult: functions.multiply,
    ast.Div: functions.divide,
    ast.Pow: functions.power,
    ast.Mod: functions.remainder,
    ast.FloorDiv: functions.floor_divide,
    ast.USub: functions.negative,
    ast.UAdd: lambda x: x,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": functions.absolute} | {
    name: getattr(functions, name)
    for name in (*functions.__all__, *functions.OTHER_NAMES)
    if name not in ("add", "subtract", "multiply", "divide", "power", "negative", "absolute")
}
_ALLOWED = f"allowed are numbers, variables, pi, e, + - * / // % ** ( ), and {', '.join(sorted(_FUNCTIONS))}"

_DESCRIPTIONS: dict[type[ast.AST], str] = {
    ast.Attribute: "an attribute",
    ast.BoolOp: "a logical operation",
    ast.Compare: "a comparison; write select(x, a, b) for a where x > 0 and b elsewhere",
    ast.Constant: "not a real number",
    ast.IfExp: "a condition; write select(x, a, b) for a where x > 0 and b elsewhere",
    ast.JoinedStr: "a string",
    ast.Lambda: "a lambda",
    ast.List: "a list",
    ast.Subscript: "an index",
    ast.Tuple: "several expressions; write one",
}
_NAME = re.compile(r"(?P<name>[^\W\d]\w*)")
_KEYWORD_AFTER_A_NUMBER = re.compile(
    r"(?:(?<!\w)(?:0[xX][0-9a-fA-F_]*?|0[bBoO][0-7_]+|[0-9][0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]+)?[jJ]?)"
    r"|\.[0-9][0-9_]*(?:[eE][+-]?[0-9_]+)?[jJ]?)"
    r"(?P<name>and|else|for|if|in|is|not|or)"
)
_TOKEN = re.compile(
    r"(?P<number>0[xXbBoO]\w+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<opening>\()|(?P<closing>\))|(?P<other>\S)"
)
_TOO_LARGE = f"is too large; an expression may have at most {_MOST_TERMS:,} numbers, names and operations"


class ExpressionError(ValueError):
    """Raised if an expression cannot be read. The message quotes the error and says where it is and what is allowed."""


def parse_expression(text: str, /, **numbers: float) -> Value:
    """Reads an arithmetic expression and records it as a graph.

    An expression may contain numbers, variables, `+ - * / // % **`, parentheses, pi, e, and the functions of `autograd`
    by name, such as `tanh(x)`, `maximum(a, b)` and `clip(x, -1, 1)`; `abs` is the absolute value. It is computed in
    IEEE 754 arithmetic on floats, so `1 / 0` is inf. It is never run as Python.

    Arguments:
        text: the expression; at most 10,000 characters, 1,000 numbers, names and operations, and 200 levels of
            parentheses.
        numbers: the number of each variable, which becomes a leaf with that label and the role "input".

    Returns:
        The value of the whole expression.

    Raises:
        ExpressionError: if the text contains anything else, a variable has no number, or a number has no variable.
        TypeError: if the number of a variable is not a real number.

    >>> parse_expression("tanh(w*x + b)", w=0.7, x=1.5, b=-0.1)
    Value(0.739783, op='tanh')
    >>> parse_expression("1 + tanhh(x)", x=1.0)
    Traceback (most recent call last):
        ...
    viz.expression.ExpressionError: 'tanhh' at character 5 is not a known function; did you mean 'tanh'?
    """
    variables = {name: _variable(name, number) for name, number in numbers.items()}
    tree, text = _syntax_tree(text)
    result = _Reader(text, variables).read(tree)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for name in variables:
        if name not in used:
            raise ExpressionError(f"the variable {_shortened(name)} is given, but {_excerpt(text)} does not use it")
    return Value.constant(result)


def _variable(name: str, number: float) -> Value:
    if name in _CONSTANTS or name in _FUNCTIONS:
        raise ExpressionError(f"{name!r} cannot name a variable, because it already has a meaning; choose another name")
    real = functions.real(number)
    if type(real) is not float:
        raise TypeError(f"the variable {_shortened(name)} must be a real number, not {number!r}")
    return Value(real, name, role="input")


def _syntax_tree(text: str) -> tuple[ast.expr, str]:
    """The syntax tree of an expression, and the text that its positions refer to."""
    if not isinstance(text, str):
        raise ExpressionError(f"an expression must be a string, not {text!r}")
    if len(text) > _MOST_CHARACTERS:
        raise ExpressionError(f"an expression may have at most {_MOST_CHARACTERS:,} characters, not {len(text):,}")
    text = "".join(" " if character.isspace() else character for character in text).strip()
    if not text:
        raise ExpressionError("the expression is empty; write one, such as 'tanh(w*x + b)'")
    _check_characters(text)
    _check_numbers(text)
    try:
        return ast.parse(text, mode="eval").body, text
    except SyntaxError as error:
        _check_keywords(text, _NAME)
        _check_products(text)
        where = f"at character {error.offset}" if error.offset else "at its end"
        raise ExpressionError(f"{_excerpt(text)} is not an expression: {error.msg} {where}; {_ALLOWED}") from None
    except (ValueError, MemoryError, RecursionError):  # the parser's own limits, which differ between versions
        raise ExpressionError(f"{_excerpt(text)} {_TOO_LARGE}") from None


def _check_characters(text: str) -> None:
    """Rejects what the parser would ignore or warn about, unpaired parentheses, and nesting too deep for its stack."""
    opened: list[int] = []
    for position, character in enumerate(text, 1):
        if character in "#\\" or not character.isprintable():
            raise ExpressionError(f"{character!r} at character {position} is not part of an expression; {_ALLOWED}")
        if character == "(":
            opened.append(position)
        elif character == ")":
            if not opened:
                raise ExpressionError(f"the ')' at character {position} has no '(' before it")
            opened.pop()
        if len(opened) > _MOST_NESTED:
            raise ExpressionError(
                f"an expression may have at most {_MOST_NESTED} levels of parentheses; at character {position} "
                "it has more"
            )
    if opened:
        raise ExpressionError(f"the '(' at character {opened[-1]} is never closed")


def _check_numbers(text: str) -> None:
    for digits in re.finditer(r"[0-9_]+", text):
        if len(digits[0]) > _MOST_DIGITS:
            raise ExpressionError(
                f"a number may have at most {_MOST_DIGITS:,} digits; the one at character {digits.start() + 1} has "
                f"{len(digits[0]):,}"
            )
    _check_keywords(text, _KEYWORD_AFTER_A_NUMBER)  # the parser would warn


def _check_keywords(text: str, pattern: re.Pattern[str]) -> None:
    """Raises ExpressionError if a name that a pattern finds is a keyword, which cannot name a variable."""
    for word in pattern.finditer(text):
        if iskeyword(name := word["name"]):
            raise ExpressionError(
                f"{_excerpt(text)} is not an expression: {name!r} at character {word.start('name') + 1} is a Python "
                "keyword, which cannot name a variable"
            )


def _check_products(text: str) -> None:
    """Raises ExpressionError at the first number, name or parenthesis that directly follows another, as in 2w."""
    for left, right in pairwise(_TOKEN.finditer(text)):
        if left["number"] and right["number"] and left.end() == right.start():  # such as 1.2.3
            continue
        if left.lastgroup in ("number", "name", "closing") and right.lastgroup in ("number", "name", "opening"):
            a = "(...)" if left["closing"] else _shortened(left[0])
            b = "(...)" if right["opening"] else _shortened(right[0])
            if left["name"] not in _FUNCTIONS:
                advice = f"to multiply, write {a}*{b}"
            elif right["opening"]:
                continue
            else:
                advice = f"to call the function, write {a}({b})"
            where = f"{_excerpt(left[0] + text[left.end() : right.end()])} at character {left.start() + 1}"
            raise ExpressionError(f"{_excerpt(text)} is not an expression because of {where}; {advice}")


class _Reader:
    """Evaluates a syntax tree from its leaves up, without recursion, because a sum of many terms is a deep tree."""

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
            if len(order) > _MOST_TERMS:
                raise ExpressionError(f"{_excerpt(self.text)} {_TOO_LARGE}")
            waiting += operands
        results: dict[ast.expr, Any] = {}
        for node, operands in reversed(order):
            results[node] = self.result(node, [results[operand] for operand in operands])
        return results[tree]

    def operands(self, node: ast.expr) -> list[ast.expr]:
        """Returns the operands of a node; raises ExpressionError if the node is not allowed in an expression."""
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
                raise self.error(node, "is not a power; write ** instead of ^")
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
                except (TypeError, ValueError) as error:  # such as those of clip for its bounds
                    raise self.error(node, f"cannot be computed: {error}") from None
        raise AssertionError(f"operands() accepts {node!r}, but result() does not")

    def variable(self, node: ast.Name, name: str) -> Any:
        if name in self.variables:
            return self.variables[name]
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in _FUNCTIONS:
            raise self.error(node, f"is a function; write {name}(...)")
        near = _suggestion(name, [*self.variables, *_CONSTANTS])
        if len(name) > 1 and all(letter in self.variables for letter in name):
            near = f"; to multiply, write {_shortened('*'.join(name))}"
        raise self.error(node, f"is a variable without a number; give it one, such as {_shortened(name)}=1.0{near}")

    def check_call(self, call: ast.Call) -> None:
        if not isinstance(call.func, ast.Name):
            what = _shortened(ast.get_source_segment(self.text, call.func) or "")
            factor = what if isinstance(call.func, ast.Constant) else "(...)"
            raise self.error(call.func, f"is not a function; to multiply, write {factor}*(...)")
        name = call.func.id
        if name in self.variables or name in _CONSTANTS:
            product = f"{_shortened(name)} * (...)"
            raise self.error(call.func, f"is a number, not a function; to multiply, write {product}")
        if name not in _FUNCTIONS:
            raise self.error(call.func, f"is not a known function{_suggestion(name, _FUNCTIONS) or '; ' + _ALLOWED}")
        if call.keywords:
            raise self.error(call, "names an argument; write the arguments in order, without names")
        counts = _argument_counts(_FUNCTIONS[name])
        if len(call.args) not in counts:
            expected = " or ".join(map(str, counts))
            plural = "" if counts == [1] else "s"
            raise self.error(call, f"has {len(call.args)} arguments, but {name} takes {expected} argument{plural}")

    def error(self, node: ast.expr, what: str) -> ExpressionError:
        """Returns an error about a node of the tree, with its text, its position, and what is wrong with it."""
        source = ast.get_source_segment(self.text, node) or ""
        position = 1 + len(self.text.encode()[: node.col_offset].decode())  # the syntax tree counts bytes
        return ExpressionError(f"{_excerpt(source)} at character {position} {what}")


def _argument_counts(function: Callable[..., Any]) -> list[int]:
    """The numbers of arguments that a function takes."""
    parameters = inspect.signature(function).parameters.values()
    required = sum(1 for parameter in parameters if parameter.default is parameter.empty)
    return list(range(required, len(parameters) + 1))


def _suggestion(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else ""


def _excerpt(text: str) -> str:
    return repr(_shortened(text))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
