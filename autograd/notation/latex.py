"""Symbols for the nodes of a graph that is written as a formula."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping

from autograd.notation.characters import visible
from autograd.notation.scopes import nodes_with_scope
from autograd.value import Value

__all__ = ["latex_label", "symbols_of"]


def symbols_of(nodes: Collection[Value], names: Mapping[Value, str]) -> dict[Value, str]:
    r"""Returns a unique LaTeX symbol for each node, made from its label, or from its name if it has no label.

    Labels get the scopes of their nodes as superscripts if nodes of their role share one: the first weight of neuron 2
    in layer 1 is w_{1}^{[1,2]}. Symbols that still coincide are numbered.

    Arguments:
        nodes: the nodes to name, each once.
        names: names for nodes without a label; a node that has neither gets no symbol.

    >>> w, x, t = Value(1.0, "w1"), Value(2.0, "w1"), Value(3.0)
    >>> print(*symbols_of([t, w, x], {t: "t1"}).values())
    w_{1} {w_{1}}^{(2)} t_{1}
    """
    labelled = [node for node in nodes if node.label]
    with_scope = nodes_with_scope(labelled)
    texts = {}
    for node in labelled:
        texts[node] = latex_label(node.label)
        if node in with_scope:
            texts[node] = f"{{{texts[node]}}}^{{{_superscript(node.scope)}}}"
    for node in nodes:
        if node in names and not node.label:
            texts[node] = latex_label(names[node])
    seen: Counter[str] = Counter()
    for node, text in texts.items():
        seen[text] += 1
        if seen[text] > 1:
            texts[node] = f"{{{text}}}^{{({seen[text]})}}"
    return texts


def _superscript(scope: str) -> str:
    r"""A scope as a superscript: the numbers of its components if each has one, otherwise the scope as text.

    >>> _superscript("layer1.neuron2"), _superscript("encoder")
    ('[1,2]', '\\text{encoder}')
    """
    numbered = [re.fullmatch(r"[A-Za-z]+([0-9]+)", name) for name in scope.split(".")]
    return f"[{','.join(name[1] for name in numbered if name)}]" if all(numbered) else _text(scope)


# Labels are data. Their contents are shown as written and never interpreted.

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_ESCAPES = {
    "\\": r"\backslash",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "^": r"{\wedge}",
    "~": r"{\sim}",
    "<": "{<}",  # in braces, so that "<script>" is not a tag if a page inserts the formula unescaped
    ">": "{>}",
}
_SIMPLE = re.compile(r"([A-Za-z]+|[Α-ω])(?:_?([0-9]+|(?<=_)[A-Za-z]+))?")


def latex_label(label: str) -> str:
    r"""Writes a label as a mathematical symbol if it looks like one, otherwise as text with every character escaped.

    >>> print(*map(latex_label, ["w", "w12", "x₁", "alpha", "loss", "layer1.w1", "50 %"]))
    w w_{12} x_{1} \alpha \mathrm{loss} w_{1}^{\mathrm{layer1}} \text{50 }\%
    """
    *path, name = unicodedata.normalize("NFKC", label).split(".")
    match = _SIMPLE.fullmatch(name)
    if not match or not all(component.isascii() and component.isalnum() for component in path):
        return _text(label)
    base, index = match.groups()
    symbol = base if len(base) == 1 else f"\\{base}" if _GREEK.fullmatch(base) else rf"\mathrm{{{base}}}"
    if index:
        symbol += f"_{{{index}}}" if index.isdigit() or len(index) == 1 else rf"_{{\mathrm{{{index}}}}}"
    return symbol + (rf"^{{\mathrm{{{'.'.join(path)}}}}}" if path else "")


def _text(label: str) -> str:
    r"""Writes any text: special characters as commands, which some viewers reject inside \text, the rest in \text."""
    shown = "".join(visible(" " if character.isspace() else character) for character in label)
    pieces = re.split(r"([\\{}$%&#_^~<>])", shown)
    return "".join(_ESCAPES.get(piece) or rf"\text{{{piece}}}" for piece in pieces if piece) or r"\text{}"
