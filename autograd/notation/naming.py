"""Names for the nodes of a graph that is written as a program."""

import builtins
import keyword
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from autograd import functions
from autograd.notation.scopes import nodes_with_scope
from autograd.value import Value

__all__ = ["names_in_code", "names_of"]

_LONGEST_NAME = 40


def names_of(nodes: Sequence[Value], taken: Iterable[str] = ()) -> dict[Value, str]:
    """Returns a unique Python name for each node: its label if that is a valid name, otherwise t1, t2, ...

    Labels are prefixed with the scopes of their nodes, as in `layer1_neuron2_w1`, if nodes of their role share one. A
    label becomes a name only if it is an identifier, so that it cannot inject code.

    Arguments:
        nodes: the nodes to name, each once.
        taken: names that must not be used, besides those of Python and of `autograd`.

    >>> list(names_of([Value(1.0, "w"), Value(2.0), Value(3.0, "import")]).values())
    ['w', 't1', 't2']
    """
    used = {*_reserved(), *taken}
    names = {}
    with_scope = nodes_with_scope(nodes)
    for node in nodes:
        if not node.label:
            continue
        path = f"{node.scope}." if node in with_scope else ""
        name = _identifier(path + node.label)
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
    """Returns the names in a program that records a graph, for all nodes except constants that are written inline.

    Arguments:
        leaves, operations: all nodes of the graph, as `walk` returns them.

    >>> from autograd.graph import walk
    >>> list(names_in_code(*walk(2.0 * Value(3.0, "x") + 1.0)).values())
    ['x', 't1', 't2']
    """
    inlined = _inlined(leaves, operations)
    own = {node.op for node in operations if type(node.op) is not str}  # functions that the program calls
    return names_of([*[leaf for leaf in leaves if leaf not in inlined], *operations], own)


@cache
def _reserved() -> frozenset[str]:
    """The names of Python and the public names of `autograd`, which a program may import."""
    autograd = sys.modules["autograd"]  # not an import statement, because the package imports the users of this module
    return frozenset(
        {"autograd", *dir(builtins), *keyword.kwlist, *keyword.softkwlist, *autograd.__all__, *functions.__all__}
    )


def _inlined(leaves: Sequence[Value], operations: Sequence[Value]) -> set[Value]:
    """The constants that can be written as plain numbers: every operation on them has another operand that is a Value.

    With a plain exponent, power is a different operation; with a plain gate, select would choose immediately.
    """
    constants = {leaf for leaf in leaves if leaf.role == "constant" and not leaf.label and operations}
    kept: set[Value] = set()
    for node in operations:
        operands = node.operands
        if constants.isdisjoint(operands):
            continue
        exponent_or_gate = operands[1:] if node.op == "power" else operands[:1] if node.op == "select" else ()
        kept.update(operands if constants.issuperset(operands) else exponent_or_gate)
    return constants - kept


def _identifier(label: str) -> str:
    """Converts a label to a Python name; returns "" if that is not possible.

    >>> _identifier("layer1.w1"), _identifier("1st"), _identifier("__import__")
    ('layer1_w1', '', '')
    """
    if len(label) > _LONGEST_NAME:
        return ""
    name = unicodedata.normalize("NFKC", label).replace(".", "_")  # normalized as Python does with names
    if not name.isidentifier():
        name = "".join(c if f"_{c}".isidentifier() else "_" for c in name)
    return name if name.isidentifier() and not name.startswith("_") else ""
