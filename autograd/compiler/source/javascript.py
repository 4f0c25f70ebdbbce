"""What a program in JavaScript calls beside its own lines: the functions that `Math` lacks or has otherwise."""

__all__ = ["FUNCTIONS", "PRELUDE", "RESERVED"]

_OF_MATH = ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tanh")
_OWN = {
    "power": """\
// C's pow, which gives 1 for a base of 1 and for -1 to an infinite power
const power = (x, n) => (x === 1 || (x === -1 && Math.abs(n) === Infinity) ? 1 : Math.pow(x, n));
""",
    "sigmoid": """\
const sigmoid = (x) => {
  const e = exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
};
""",
    "softplus": """\
const softplus = (x) => log1p(exp(-Math.abs(x))) + (x > 0 ? x : 0);
""",
}
FUNCTIONS = frozenset([*_OF_MATH, *_OWN])
PRELUDE = f"const {{{', '.join(_OF_MATH)}}} = Math;\n" + "".join(_OWN.values())

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
"""Words that no name in a program may be, for they mean something in JavaScript."""
