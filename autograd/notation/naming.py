"""Names for the nodes of a graph where it is written as a program."""

import builtins
import keyword
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import autograd
from autograd import functions
from autograd.value import Value

__all__ = ["names_in_code", "names_of", "printable", "visible"]

_JOINERS = "\u200c\u200d"  # between the parts of an emoji, or the letters of a script
_LONGEST_NAME = 40
_TAKEN = {
    *dir(builtins),
    *keyword.kwlist,
    *keyword.softkwlist,
    *autograd.__all__,
    *functions.__all__,
    "autograd",
}


def names_of(nodes: Sequence[Value], taken: Iterable[str] = ()) -> dict[Value, str]:
    """A Python name of its own for every node: its label where that can be one nobody else has, or else t1, t2, ...

    Where several have that label, the part of the model they are in comes before it: `layer1_neuron2_w1`. A label
    becomes a name only if it is an identifier, so nothing in it can become code.

    >>> list(names_of([Value(1.0, "w"), Value(2.0), Value(3.0, "import")]).values())
    ['w', 't1', 't2']
    """
    used = {*_TAKEN, *taken}
    names = {}
    labels = Counter(node.label for node in nodes)
    for node in nodes:
        path = f"{node.scope}." if node.scope and labels[node.label] > 1 else ""
        name = node.label and _identifier(path + node.label)
        if name and name not in used:
            used.add(name)
            names[node] = name
    number = 0
    for node in nodes:
        if node not in names:
            number += 1
            while f"t{number}" in used:
                number += 1
            names[node] = f"t{number}"
    return {node: names[node] for node in nodes}


def names_in_code(leaves: Sequence[Value], operations: Sequence[Value]) -> dict[Value, str]:
    """The names in a program that records a whole graph: of every node but the constants that are bare numbers there.

    >>> from autograd.graph import walk
    >>> list(names_in_code(*walk(2.0 * Value(3.0, "x") + 1.0)).values())
    ['x', 't1', 't2']
    """
    inlined = _inlined(operations)
    return names_of([*[leaf for leaf in leaves if leaf not in inlined], *operations])


def _inlined(operations: Sequence[Value]) -> set[Value]:
    """The constants that can stand as bare numbers: those that everywhere meet a Value which makes them one.

    A bare exponent would be another operation, and a bare gate would choose at once.
    """
    bare: set[Value] = set()
    kept: set[Value] = set()
    for node in operations:
        operands = node.operands
        constants = [v for v in operands if v.role == "constant" and not v.label]
        exponent_or_gate = operands[1:] if node.op == "power" else operands[:1] if node.op == "select" else ()
        for constant in constants:
            alone = len(constants) == len(operands)
            (kept if alone or constant in exponent_or_gate else bare).add(constant)
    return bare - kept


def _identifier(label: str) -> str:
    """The label as a Python name, or "" if it has no likeness to one.

    >>> _identifier("layer1.w1"), _identifier("1st"), _identifier("__import__")
    ('layer1_w1', '', '')
    """
    if len(label) > _LONGEST_NAME:
        return ""
    text = unicodedata.normalize("NFKC", label)  # as Python does to names
    name = "".join(c if f"_{c}".isidentifier() else "_" for c in text)
    return name if name.isidentifier() and not name.startswith("_") else ""


def printable(text: str) -> str:
    r"""Text that stays on its line: what does not print is shown as an escape.

    >>> print(printable("layer 1\nimport os"))
    layer 1\nimport os
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def visible(character: str) -> str:
    """A character as it can be shown: a control character as its picture, any other that has no shape as \ufffd."""
    if character.isprintable() or character in _JOINERS:
        return character
    if ord(character) < 32:
        return chr(0x2400 + ord(character))
    return " " if character.isspace() else "\ufffd"
