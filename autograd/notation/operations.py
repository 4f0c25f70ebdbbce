r"""The table of operations: the name and symbol of each, and how it is written in math and in code.

It says how an operation looks, not how it is differentiated: the rules are in `Value`.

>>> from autograd import Value
>>> w, x, n = Written("w", ATOM), Written("x", ATOM), Value(3.0) ** 2
>>> product = OPERATIONS["multiply"].code.write([w, x], CODE_BRACKETS)
>>> write_code(n, [product]).text, write_latex(n, [product]).text
('(w * x) ** 2.0', '{\\left(w * x\\right)}^{2}')
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from autograd.notation.expression import (
    ANY,
    ATOM,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Form,
    Written,
    code_number,
    latex_number,
)
from autograd.notation.own import own_code, own_latex, own_symbol
from autograd.value import Value

__all__ = [
    "CODE_BRACKETS",
    "LATEX_BRACKETS",
    "OPERATIONS",
    "Operation",
    "operation_of",
    "symbol",
    "write_code",
    "write_latex",
]

CODE_BRACKETS = "({})"
LATEX_BRACKETS = r"\left({}\right)"


class Operation(NamedTuple):
    """How an operation that a Value records appears in pictures, formulas and programs.

    Attributes:
        name: the name of the function of `autograd.functions`, which is `value.op`.
        symbol: the text of its node in a picture, a template over its plain numbers.
        latex: how it is written in LaTeX.
        code: how it is written in Python.
        style: the kind of expression in Python: "infix" for an operator between two operands, "prefix" for
            a sign, "builtin" for a call to a builtin function, "function" for a call to the function named `name`,
            which a program imports from `autograd`, "own" for one that the user defined.
    """

    name: str
    symbol: str
    latex: Form
    code: Form
    style: Literal["infix", "prefix", "builtin", "function", "own"]


def operation_of(node: Value) -> Operation:
    """Returns how the operation of a node appears, also if it is one of the user's own."""
    if type(node.op) is str:
        return OPERATIONS[node.op]
    return _own_operation(node.op.operation, len(node.operands))  # type: ignore[attr-defined]


@lru_cache(1000)
def _own_operation(operation: Any, operands: int) -> Operation:
    name, numbers = operation.__name__, operation.numbers
    given = operation.operands
    names = (*given, *given[-1:] * (operands - len(given)))[:operands]  # all of *xs are called xs
    return Operation(
        name,
        own_symbol(operation.symbol, name, numbers),
        own_latex(operation.latex, name, names, numbers),
        own_code(name, operands, numbers),
        "own",
    )


def symbol(node: Value) -> str:
    """Returns the text for the operation of a node in a picture; "" for a leaf.

    >>> x = Value(3.0)
    >>> [symbol(node) for node in (x + x, x * x, x**2, x**-0.5, x**x, x.tanh(), x.clip(-1, 1), x)]
    ['+', '×', 'x²', 'x^−0.5', 'xⁿ', 'tanh', 'clip [−1, 1]', '']
    """
    if not node.op:
        return ""
    if node.op == "power" and node.numbers:
        return "x" + _superscript(node.numbers[0])
    return operation_of(node).symbol.format(*map(_signed, node.numbers))


def write_code(node: Value, operands: Sequence[Written]) -> Written:
    """Writes the operation of `node` in Python, applied to written operands.

    >>> x = Value(-2.0)
    >>> write_code(x / x, [code_number(-2.0), Written("a + b", SUM)]).text
    '-2.0 / (a + b)'
    """
    numbers = node.numbers
    written = [*operands, *map(code_number, numbers)] if numbers else operands
    return operation_of(node).code.write(written, CODE_BRACKETS)


def write_latex(node: Value, operands: Sequence[Written], precision: int = 6) -> Written:
    r"""Writes the operation of `node` in LaTeX, applied to written operands; its numbers to `precision` digits.

    >>> x = Value(2.0)
    >>> print(write_latex(x / x, [Written("a + b", SUM), Written("c", ATOM)]).text)
    \frac{a + b}{c}
    """
    numbers = [latex_number(number, precision) for number in node.numbers]
    return operation_of(node).latex.write([*operands, *numbers], LATEX_BRACKETS)


def _signed(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def _superscript(exponent: float) -> str:
    """An integral exponent in superscript digits, any other after a caret."""
    if exponent.is_integer() and abs(exponent) < 1000:
        return str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"^{_signed(exponent)}"


def _infix(name: str, symbol: str, latex: Form, operator: str, precedence: int, needed: tuple[int, int]) -> Operation:
    """An operation written in Python as an operator between its operands."""
    return Operation(name, symbol, latex, Form(f"{{}} {operator} {{}}", precedence, needed), "infix")


def _function(name: str, symbol: str, latex: Form | str, arity: int = 1) -> Operation:
    """An operation written in Python as a call to a function of `autograd`, and in LaTeX too if `latex` is its name."""
    needed = (ANY,) * arity
    arguments = ", ".join(f"{{{index}}}" for index in range(arity))
    if isinstance(latex, str):
        latex = Form(rf"{latex}\left({arguments}\right)", ATOM, needed)
    return Operation(name, symbol, latex, Form(f"{name}({arguments})", ATOM, needed), "function")


# The right operand of + − × ÷ needs a higher precedence than the left one, because floats do not associate:
# a + (b + c) is not (a + b) + c. A sign binds more tightly than a product in Python, but in math as loosely as a sum.
_TABLE = (
    _infix("add", "+", Form("{} + {}", SUM, (SUM, PRODUCT)), "+", SUM, (SUM, PRODUCT)),
    _infix("subtract", "−", Form("{} - {}", SUM, (SUM, PRODUCT)), "-", SUM, (SUM, PRODUCT)),
    _infix("multiply", "×", Form(r"{} \cdot {}", PRODUCT, (PRODUCT, SIGN)), "*", PRODUCT, (PRODUCT, SIGN)),
    _infix("divide", "÷", Form(r"\frac{{{}}}{{{}}}", POWER, (ANY, ANY)), "/", PRODUCT, (PRODUCT, SIGN)),
    _infix("power", "xⁿ", Form("{{{}}}^{{{}}}", POWER, (ATOM, ANY)), "**", POWER, (ATOM, SIGN)),
    Operation("negative", "neg", Form("-{}", SUM, (PRODUCT,)), Form("-{}", SIGN, (SIGN,)), "prefix"),
    Operation("absolute", "|x|", Form(r"\left|{}\right|", ATOM, (ANY,)), Form("abs({})", ATOM, (ANY,)), "builtin"),
    _function("exp", "exp", Form("e^{{{}}}", POWER, (ANY,))),
    _function("log1p", "log(1+x)", Form(r"\ln\left(1 + {}\right)", ATOM, (PRODUCT,))),
    _function("expm1", "eˣ−1", Form("e^{{{}}} - 1", SUM, (ANY,))),
    _function("sqrt", "√x", Form(r"\sqrt{{{}}}", ATOM, (ANY,))),
    _function("log", "log", r"\ln"),
    _function("sin", "sin", r"\sin"),
    _function("cos", "cos", r"\cos"),
    _function("tan", "tan", r"\tan"),
    _function("arcsin", "arcsin", r"\arcsin"),
    _function("arccos", "arccos", r"\arccos"),
    _function("arctan", "arctan", r"\arctan"),
    _function("arctan2", "arctan2", r"\mathrm{{arctan2}}", arity=2),
    _function("hypot", "hypot", Form(r"\sqrt{{{{{}}}^{{2}} + {{{}}}^{{2}}}}", ATOM, (ATOM, ATOM)), arity=2),
    _function("sinh", "sinh", r"\sinh"),
    _function("cosh", "cosh", r"\cosh"),
    _function("tanh", "tanh", r"\tanh"),
    _function("arcsinh", "arcsinh", r"\mathrm{{arcsinh}}"),
    _function("arccosh", "arccosh", r"\mathrm{{arccosh}}"),
    _function("arctanh", "arctanh", r"\mathrm{{arctanh}}"),
    _function("exp2", "2ˣ", Form("2^{{{}}}", POWER, (ANY,))),
    _function("log2", "log₂", r"\log_{{2}}"),
    _function("log10", "log₁₀", r"\log_{{10}}"),
    _function("cbrt", "∛x", Form(r"\sqrt[3]{{{}}}", ATOM, (ANY,))),
    _function("logaddexp", "log(eᵃ+eᵇ)", Form(r"\ln\left(e^{{{}}} + e^{{{}}}\right)", ATOM, (ANY, ANY)), arity=2),
    _function("erf", "erf", r"\mathrm{{erf}}"),
    _function("erfc", "erfc", r"\mathrm{{erfc}}"),
    _function("degrees", "degrees", r"\mathrm{{degrees}}"),
    _function("radians", "radians", r"\mathrm{{radians}}"),
    _function("copysign", "copysign", r"\mathrm{{copysign}}", arity=2),
    _function("round", "round", r"\mathrm{{round}}"),
    _function("floor", "⌊x⌋", Form(r"\left\lfloor {} \right\rfloor", ATOM, (ANY,))),
    _function("ceil", "⌈x⌉", Form(r"\left\lceil {} \right\rceil", ATOM, (ANY,))),
    _function("trunc", "trunc", r"\mathrm{{trunc}}"),
    _function("fmod", "fmod", r"\mathrm{{fmod}}", arity=2),
    _function("remainder", "mod", r"\mathrm{{mod}}", arity=2),
    _function(
        "floor_divide", "⌊a÷b⌋", Form(r"\left\lfloor \frac{{{}}}{{{}}} \right\rfloor", ATOM, (ANY, ANY)), arity=2
    ),
    _function("sigmoid", "σ", r"\sigma"),
    _function("softplus", "softplus", r"\mathrm{{softplus}}"),
    _function("relu", "ReLU", r"\mathrm{{ReLU}}"),
    _function(
        "leaky_relu",
        "leaky ReLU {}",
        Form(r"\mathrm{{LeakyReLU}}_{{{1}}}\left({0}\right)", ATOM, (ANY, ANY)),
        arity=2,
    ),
    _function("heaviside", "step", r"H"),
    _function("detach", "detach", r"\mathrm{{detach}}"),
    _function("sign", "sign", r"\mathrm{{sign}}"),
    _function("maximum", "max", r"\max", arity=2),
    _function("minimum", "min", r"\min", arity=2),
    _function("clip", "clip [{}, {}]", r"\mathrm{{clip}}", arity=3),
    _function(
        "select",
        "select",
        Form(r"\begin{{cases}} {1} & {0} > 0 \\ {2} & \text{{otherwise}} \end{{cases}}", ANY, (SUM, ANY, ANY)),
        arity=3,
    ),
)

OPERATIONS = {operation.name: operation for operation in _TABLE}
"""Every operation that a Value records, by name."""
