r"""How an operation of the user's own is written, from the texts that the user gave or from its name.

In a text, the name of an argument in braces stands for that argument, as in r"\lVert {x} \rVert_{p}".
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autograd.notation.expression import ANY, ATOM, SUM, Form
from autograd.notation.latex import latex_label

__all__ = ["own_code", "own_latex", "own_symbol"]

_TAKES_AN_ARGUMENT = re.compile(r"(\\[A-Za-z]+|[_^}\]])$")  # what stands before the braces of an argument in LaTeX
_OPENS = re.compile(r"([({\[,;|=]|\\(left\W|l(vert|Vert|angle|floor|ceil)|\|))\s*$")
_CLOSES = re.compile(r"\s*([)}\],;|]|\\(right|r(vert|Vert|angle|floor|ceil)|\|))")
_OPERATOR = re.compile(r"[-+*/=<>]|\\(cdot|times|div|ast|star|circ|bullet|oplus|otimes|odot|pm|mp|wedge|vee|cap|cup)\b")
_GROUP = re.compile(r"\{[^{}]*\}|\([^()]*\)|\[[^\[\]]*\]")


class _Field(NamedTuple):
    """The place of an argument in a text.

    Attributes:
        name: the name of the argument.
        before, after: the text up to the place before it, and from it to the next.
    """

    name: str
    before: str
    after: str


def own_code(name: str, operands: int, numbers: Sequence[str]) -> Form:
    """The call of the operation in Python.

    >>> own_code("p_norm", 2, ["p"]).template
    'p_norm({0}, {1}, p={2})'
    """
    arguments = [f"{{{index}}}" for index in range(operands)]
    named = [f"{number}={{{index}}}" for index, number in enumerate(numbers, operands)]
    return Form(f"{name}({', '.join([*arguments, *named])})", ATOM, (ANY,) * (operands + len(numbers)))


def own_symbol(text: str, name: str, numbers: Sequence[str]) -> str:
    """The symbol, a template over the plain numbers: by default, the name and each number with its name.

    >>> own_symbol("", "p_norm", ["p"]), own_symbol("L{p}", "p_norm", ["p"])
    ('p_norm p={0}', 'L{0}')
    """
    text = text or " ".join([name, *(f"{number}={{{number}}}" for number in numbers)])
    first, fields = _split(text, numbers)
    return _escaped(first) + "".join(f"{{{numbers.index(field.name)}}}{_escaped(field.after)}" for field in fields)


def own_latex(text: str, name: str, operands: Sequence[str], numbers: Sequence[str]) -> Form:
    r"""The LaTeX: the user's template, or the user's or the default name of the function and its operands in brackets.

    Arguments:
        text: what the user gave.
        name: the name of the operation.
        operands: the name of each operand; several have the same one if it is that of `*xs`.
        numbers: the names of the plain numbers.

    >>> own_latex("", "p_norm", ["x", "y"], ["p"]).template
    '\\operatorname{{p\\_norm}}_{{p = {2}}}\\left({0}, {1}\\right)'
    >>> own_latex(r"\frac{x}{y}", "ratio", ["x", "y"], []).template
    '\\frac{{{0}}}{{{1}}}'
    """
    names = [*operands, *numbers]
    if not text:
        below = ", ".join(f"{latex_label(number)} = {{{number}}}" for number in numbers)
        text = r"\operatorname{" + name.replace("_", r"\_") + "}" + (f"_{{{below}}}" if below else "")
    if not any(field.name in operands for field in _split(text, names)[1]):
        text += rf"\left({', '.join(f'{{{operand}}}' for operand in dict.fromkeys(operands))}\right)"
    first, fields = _split(text, names)
    template = _escaped(first)
    needed = dict.fromkeys(names, ANY)
    for field in fields:
        places = ", ".join(f"{{{index}}}" for index, other in enumerate(names) if other == field.name)
        is_argument = _TAKES_AN_ARGUMENT.search(field.before) and not _OPERATOR.search(field.before[-8:])
        template += (f"{{{{{places}}}}}" if is_argument else places) + _escaped(field.after)
        if not is_argument and not (_OPENS.search(field.before) and _CLOSES.match(field.after)):
            needed[field.name] = ATOM
    alone = ATOM not in needed.values() and not _OPERATOR.search(_without_groups(text))
    return Form(template, ATOM if alone else SUM, tuple(needed[name] for name in names))


def _split(text: str, names: Sequence[str]) -> tuple[str, list[_Field]]:
    """The text before the first place of an argument, and the places."""
    if not names:
        return text, []
    first, *rest = re.split(r"\{(" + "|".join(map(re.escape, dict.fromkeys(names))) + r")\}", text)
    return first, list(_fields(first, rest))


def _fields(before: str, rest: Sequence[str]) -> Iterator[_Field]:
    for name, after in zip(rest[::2], rest[1::2], strict=True):
        yield _Field(name, before, after)
        before = after or "}"


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _without_groups(text: str) -> str:
    """LaTeX without what is in brackets or braces."""
    while (shorter := _GROUP.sub("", text)) != text:
        text = shorter
    return text
