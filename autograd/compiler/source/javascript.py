"""JavaScript as a language for routines, and the functions that their source calls."""

import math

from autograd.compiler.source.language import INFIX, Language
from autograd.compiler.source.text import function
from autograd.compiler.trace.formula import formula_of
from autograd.functions import FORMULAS, PRIMITIVES, c_name

__all__ = ["FUNCTIONS", "JAVASCRIPT", "PRELUDE", "RESERVED"]


def _literal(number: float) -> str:
    return repr(number) if math.isfinite(number) else {"inf": "Infinity", "-inf": "-Infinity"}.get(str(number), "NaN")


JAVASCRIPT = Language(
    head="function {name}({arguments}) {{\n",
    line="  const {name} = {value};\n",
    comment="  // {text}\n",
    result="  return {value};\n",
    end="}\n",
    operations={**INFIX, "divide": "{} / {}", "fmod": "{} % {}", "select": "{} > 0 ? {} : {}"},
    literal=_literal,
    spread="...",
    sums="{rows}.map((row) => {call}.flat()).reduce((sums, row) => sums.map((sum, index) => sum + row[index]))",
    calls_python=False,
)

# The functions of `Math` that compute the same as C's functions of the same names. `Math.pow` does not.
_MATH = frozenset(
    [
        "acos",
        "acosh",
        "asin",
        "asinh",
        "atan",
        "atan2",
        "atanh",
        "cbrt",
        "cos",
        "cosh",
        "exp",
        "expm1",
        "log",
        "log10",
        "log1p",
        "log2",
        "sin",
        "sinh",
        "sqrt",
        "tan",
        "tanh",
    ]
)
_POWER = """\
// C's pow, which returns 1 for a base of 1 and for -1 to an infinite power
const power = (x, n) => (x === 1 || (x === -1 && Math.abs(n) === Infinity) ? 1 : Math.pow(x, n));
"""

_CALLED = [name for name in PRIMITIVES if name not in JAVASCRIPT.operations]
_IN_MATH = [name for name in _CALLED if c_name(name) in _MATH]
_BY_FORMULA = [name for name in _CALLED if name in FORMULAS and name not in _IN_MATH]

FUNCTIONS = frozenset([*_IN_MATH, *_BY_FORMULA, "power"])
"""The functions that the source of a program may call."""

PRELUDE = "".join(
    [
        *(f"const {name} = Math.{c_name(name)};\n" for name in _IN_MATH),
        _POWER,
        *(function(formula_of(name), JAVASCRIPT, name) for name in _BY_FORMULA),
    ]
)
"""The definitions of `FUNCTIONS`."""

RESERVED = frozenset(
    [
        "Infinity",
        "Math",
        "NaN",
        "arguments",
        "await",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "eval",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "undefined",
        "var",
        "void",
        "while",
        "with",
        "yield",
    ]
)
"""The words with a meaning in JavaScript, which cannot be used as names in a program."""
