r"""Names for the nodes of a graph where it is written as a formula."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping

from autograd.notation.naming import visible
from autograd.value import Value

__all__ = ["latex_label", "symbols_of"]


def symbols_of(nodes: Collection[Value], names: Mapping[Value, str]) -> dict[Value, str]:
    r"""A symbol of its own for every node, in LaTeX: of its label, or of its name where it has none.

    Where several have one symbol, the part of the model they are in stands above it: the first weight of neuron 2 in
    layer 1 is w_{1}^{[1,2]}. What the parts do not tell apart, a number does.

    Arguments:
        nodes: what gets a symbol, each once.
        names: of nodes without a label; a node that has neither gets no symbol.

    >>> w, x, t = Value(1.0, "w1"), Value(2.0, "w1"), Value(3.0)
    >>> print(*symbols_of([t, w, x], {t: "t1"}).values())
    w_{1} {w_{1}}^{(2)} t_{1}
    """
    labelled = [node for node in nodes if node.label]
    uses = Counter(node.label for node in labelled)
    texts = {}
    for node in labelled:
        texts[node] = latex_label(node.label)
        if node.scope and uses[node.label] > 1:
            texts[node] = f"{{{texts[node]}}}^{{{_part(node.scope)}}}"
    for node in nodes:
        if node in names and not node.label:
            texts[node] = latex_label(names[node])
    met: Counter[str] = Counter()
    for node, text in texts.items():
        met[text] += 1
        if met[text] > 1:
            texts[node] = f"{{{text}}}^{{({met[text]})}}"
    return texts


def _part(scope: str) -> str:
    r"""A path in a model as it stands above a symbol: the numbers of its steps, or their names.

    >>> _part("layer1.neuron2"), _part("encoder")
    ('[1,2]', '\\text{encoder}')
    """
    steps = [re.fullmatch(r"[A-Za-z]+([0-9]+)", step) for step in scope.split(".")]
    return f"[{','.join(step[1] for step in steps if step)}]" if all(steps) else _text(scope)


# Labels. They are data: whatever they say, they show as written and do nothing.

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
    "<": "{<}",  # braces keep "<script>" from being a tag where a page inserts this without care
    ">": "{>}",
}
_SIMPLE = re.compile(r"([A-Za-z]+|[Α-ω])(?:_?([0-9]+|(?<=_)[A-Za-z]+))?")


def latex_label(label: str) -> str:
    r"""A label as a mathematical symbol if it reads like one, or else as text in which every character is itself.

    >>> print(*map(latex_label, ["w", "w12", "x₁", "alpha", "loss", "layer1.w1", "50 %"]))
    w w_{12} x_{1} \alpha \mathrm{loss} w_{1}^{\mathrm{layer1}} \text{50 }\%
    """
    *path, name = unicodedata.normalize("NFKC", label).split(".")
    match = _SIMPLE.fullmatch(name)
    if not match or not all(step.isascii() and step.isalnum() for step in path):
        return _text(label)
    base, below = match.groups()
    symbol = base if len(base) == 1 else f"\\{base}" if _GREEK.fullmatch(base) else rf"\mathrm{{{base}}}"
    if below:
        symbol += f"_{{{below}}}" if below.isdigit() or len(below) == 1 else rf"_{{\mathrm{{{below}}}}}"
    return symbol + (rf"^{{\mathrm{{{'.'.join(path)}}}}}" if path else "")


def _text(label: str) -> str:
    r"""Any text: special characters as commands, the rest in \text, inside which some viewers know no commands."""
    shown = "".join(visible(" " if character.isspace() else character) for character in label)
    pieces = re.split(r"([\\{}$%&#_^~<>])", shown)
    return "".join(_ESCAPES.get(piece) or rf"\text{{{piece}}}" for piece in pieces if piece) or r"\text{}"
