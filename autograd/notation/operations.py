r"""The table of operations: name, symbol, and how each is written in math and in code.

It says how an operation looks, never how it is differentiated: that stands in `Value`. An expression is written
from its parts outward, with no more brackets than the order of its operations needs:

>>> from autograd import Value
>>> w, x, n = Written("w", ATOM), Written("x", ATOM), Value(3.0) ** 2
>>> product = OPERATIONS["multiply"].code.write([w, x], CODE_BRACKETS)
>>> write_code(n, [product]).text, write_latex(n, [product]).text
('(w * x) ** 2.0', '{\\left(w * x\\right)}^{2}')
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from autograd.value import Value

__all__ = [
    "ATOM",
    "OPERATIONS",
    "Form",
    "Operation",
    "Written",
    "code_number",
    "latex_number",
    "symbol",
    "write_code",
    "write_latex",
]

# How tightly a written expression holds together; one that stands where a tighter is needed gets brackets.
ANY, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)

CODE_BRACKETS = "({})"
LATEX_BRACKETS = r"\left({}\right)"


class Written(NamedTuple):
    """An expression as text, and how tightly it holds together: `ANY`, `SUM`, `PRODUCT`, `SIGN`, `POWER`, `ATOM`."""

    text: str
    precedence: int


class Form(NamedTuple):
    """How an operation is written: a template over its operands and numbers, and the precedences that go with it.

    Attributes:
        template: a format string; {0}, {1}, ... are the operands, then the plain numbers of the operation.
        precedence: of the whole.
        needed: of each part; a part that holds together less tightly gets brackets.
    """

    template: str
    precedence: int
    needed: tuple[int, ...]

    def write(self, parts: Sequence[Written], brackets: str) -> Written:
        """The expression made of `parts`, each in brackets where it must be.

        >>> OPERATIONS["subtract"].code.write([Written("a", ATOM), Written("b - c", SUM)], "({})").text
        'a - (b - c)'
        """
        texts = [
            part.text if part.precedence >= needed else brackets.format(part.text)
            for part, needed in zip(parts, self.needed, strict=True)
        ]
        return Written(self.template.format(*texts), self.precedence)


class Operation(NamedTuple):
    """An operation that a Value records, as pictures, formulas and programs show it.

    Attributes:
        name: what `value.op` says, a function of `autograd.functions`.
        symbol: what stands in its node of a picture; a template over the plain numbers it holds.
        latex: how it is written in LaTeX.
        code: how it is written in Python.
    """

    name: str
    symbol: str
    latex: Form
    code: Form


def symbol(node: Value) -> str:
    """What stands in the node of an operation in a picture; "" for a leaf.

    >>> x = Value(3.0)
    >>> [symbol(node) for node in (x + x, x * x, x**2, x**-0.5, x**x, x.tanh(), x.clip(-1, 1), x)]
    ['+', '×', 'x²', 'x^−0.5', 'xⁿ', 'tanh', 'clip [−1, 1]', '']
    """
    if not node.op:
        return ""
    if node.op == "power" and node.numbers:
        return "x" + _superscript(node.numbers[0])
    return OPERATIONS[node.op].symbol.format(*map(_signed, node.numbers))


def write_code(node: Value, operands: Sequence[Written]) -> Written:
    """The operation of `node` in Python, on operands that are written already.

    >>> x = Value(-2.0)
    >>> write_code(x / x, [code_number(-2.0), Written("a + b", SUM)]).text
    '-2.0 / (a + b)'
    """
    return OPERATIONS[node.op].code.write([*operands, *map(code_number, node.numbers)], CODE_BRACKETS)


def write_latex(node: Value, operands: Sequence[Written], precision: int = 6) -> Written:
    r"""The operation of `node` in LaTeX, on operands that are written already; numbers to `precision` digits.

    >>> x = Value(2.0)
    >>> print(write_latex(x / x, [Written("a + b", SUM), Written("c", ATOM)]).text)
    \frac{a + b}{c}
    """
    numbers = [latex_number(number, precision) for number in node.numbers]
    return OPERATIONS[node.op].latex.write([*operands, *numbers], LATEX_BRACKETS)


def code_number(number: float) -> Written:
    """A float as Python that gives the same float again.

    >>> code_number(-0.1).text, code_number(math.inf).text
    ('-0.1', 'float("inf")')
    """
    if not math.isfinite(number):
        return Written(f'float("{number}")', ATOM)
    return Written(repr(number), SIGN if math.copysign(1.0, number) < 0.0 else ATOM)


def latex_number(number: float, precision: int = 6) -> Written:
    r"""A float in LaTeX, rounded to `precision` significant digits.

    >>> print(*[latex_number(x).text for x in (2.0, -0.5, 1e-7, -2.5e20, math.inf)])
    2 -0.5 10^{-7} -2.5 \cdot 10^{20} \infty
    """
    if math.isnan(number):
        return Written(r"\mathrm{nan}", ATOM)
    sign, precedence = ("-", SUM) if math.copysign(1.0, number) < 0.0 else ("", ATOM)
    if math.isinf(number):
        return Written(rf"{sign}\infty", precedence)
    digits, _, exponent = f"{abs(number):.{precision}g}".partition("e")
    if not exponent:
        return Written(sign + digits, precedence)
    power = f"10^{{{int(exponent)}}}"
    if digits == "1":
        return Written(sign + power, min(precedence, POWER))
    return Written(rf"{sign}{digits} \cdot {power}", min(precedence, PRODUCT))


def _signed(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def _superscript(exponent: float) -> str:
    """A whole exponent in raised digits, any other behind a caret."""
    if exponent.is_integer() and abs(exponent) < 1000:
        return str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"^{_signed(exponent)}"


def _function(name: str, symbol: str, latex: str, arguments: int = 1) -> Operation:
    """An operation written as a call: in LaTeX by the name `latex`."""
    needed = (ANY,) * arguments
    places = ", ".join(f"{{{i}}}" for i in range(arguments))
    return Operation(
        name,
        symbol,
        Form(rf"{latex}\left({places}\right)", ATOM, needed),
        Form(f"{name}({places})", ATOM, needed),
    )


def _code_call(name: str) -> Form:
    return Form(f"{name}({{}})", ATOM, (ANY,))


# The right operand of + − × ÷ needs a tighter hold than the left: a + (b + c) is another sum of floats than
# (a + b) + c. In Python a sign holds tighter than a product, in a formula as loosely as a sum.
_TABLE = (
    Operation("add", "+", Form("{} + {}", SUM, (SUM, PRODUCT)), Form("{} + {}", SUM, (SUM, PRODUCT))),
    Operation("subtract", "−", Form("{} - {}", SUM, (SUM, PRODUCT)), Form("{} - {}", SUM, (SUM, PRODUCT))),
    Operation(
        "multiply",
        "×",
        Form(r"{} \cdot {}", PRODUCT, (PRODUCT, SIGN)),
        Form("{} * {}", PRODUCT, (PRODUCT, SIGN)),
    ),
    Operation("divide", "÷", Form(r"\frac{{{}}}{{{}}}", POWER, (ANY, ANY)), Form("{} / {}", PRODUCT, (PRODUCT, SIGN))),
    Operation("power", "xⁿ", Form("{{{}}}^{{{}}}", POWER, (ATOM, ANY)), Form("{} ** {}", POWER, (ATOM, SIGN))),
    Operation("negative", "−x", Form("-{}", SUM, (PRODUCT,)), Form("-{}", SIGN, (SIGN,))),
    Operation("absolute", "|x|", Form(r"\left|{}\right|", ATOM, (ANY,)), _code_call("abs")),
    Operation("exp", "exp", Form("e^{{{}}}", POWER, (ANY,)), _code_call("exp")),
    Operation("log1p", "log(1+x)", Form(r"\log\left(1 + {}\right)", ATOM, (PRODUCT,)), _code_call("log1p")),
    Operation("expm1", "eˣ−1", Form("e^{{{}}} - 1", SUM, (ANY,)), _code_call("expm1")),
    Operation("sqrt", "√x", Form(r"\sqrt{{{}}}", ATOM, (ANY,)), _code_call("sqrt")),
    _function("log", "log", r"\log"),
    _function("sin", "sin", r"\sin"),
    _function("cos", "cos", r"\cos"),
    _function("tanh", "tanh", r"\tanh"),
    _function("sigmoid", "σ", r"\sigma"),
    _function("softplus", "softplus", r"\mathrm{{softplus}}"),
    _function("relu", "ReLU", r"\mathrm{{ReLU}}"),
    Operation(
        "leaky_relu",
        "leaky ReLU {}",
        Form(r"\mathrm{{LeakyReLU}}_{{{1}}}\left({0}\right)", ATOM, (ANY, ANY)),
        Form("leaky_relu({}, {})", ATOM, (ANY, ANY)),
    ),
    _function("heaviside", "step", r"H"),
    _function("detach", "detach", r"\mathrm{{detach}}"),
    _function("sign", "sign", r"\mathrm{{sign}}"),
    _function("maximum", "max", r"\max", arguments=2),
    _function("minimum", "min", r"\min", arguments=2),
    _function("clip", "clip [{}, {}]", r"\mathrm{{clip}}", arguments=3),
    Operation(
        "select",
        "select",
        Form(r"\begin{{cases}} {1} & {0} > 0 \\ {2} & \text{{otherwise}} \end{{cases}}", ANY, (SUM, ANY, ANY)),
        Form("select({}, {}, {})", ATOM, (ANY, ANY, ANY)),
    ),
)

OPERATIONS = {operation.name: operation for operation in _TABLE}
"""Every operation that a Value records, by name."""
