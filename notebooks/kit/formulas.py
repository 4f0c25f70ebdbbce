"""Formulas of TeX as MathML, which browsers draw without a script."""

import re

from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml

__all__ = ["mathml", "with_mathml"]

_THIN_SPACE = '<mspace width="0.1667em"/>'
_SHORT_FRACTION = re.compile(r"(\\[dt]?frac)\s*(\d)\s*(\d)")  # TeX reads \frac12 as 1/2, docutils as 12/(what follows)
_PARTS = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)|\$\$(?P<block>.+?)\$\$|\$(?P<inline>[^$\n]+(?:\n[^$\n]+)*?)\$", re.DOTALL
)
_ARRAY = re.compile(r"\\begin\{array\}\{[lcr|]*\}(.*?)\\end\{array\}", re.DOTALL)
_CELL = '<mtd style="text-align: left; padding: 0.2em 0.6em">'


def mathml(tex: str, *, block: bool = False) -> str:
    r"""Returns a formula as MathML, with the spaces of TeX around the name of a function: y ln a.

    An array becomes a table without lines, whose cells are aligned to the left.

    Raises:
        ValueError: if it has a command that docutils does not know.

    >>> mathml(r"x^2").replace("\n", "")
    '<math xmlns="http://www.w3.org/1998/Math/MathML">  <msup>    <mi>x</mi>    <mn>2</mn>  </msup></math>'
    """
    known = _SHORT_FRACTION.sub(r"\1{\2}{\3}", tex)
    known = _ARRAY.sub(lambda array: rf"\begin{{matrix}}{array[1]}\end{{matrix}}".replace(r"\hline", ""), known)
    try:
        text: str = tex2mathml(known, as_block=block)
    except MathError as error:
        raise ValueError(
            f"the formula {tex!r} must have only commands that can be written as MathML: {error}"
        ) from None
    if r"\begin{array}" in tex:
        text = text.replace("<mtd>", _CELL)
    text = text.replace(">‖</mo>", ' stretchy="false">‖</mo>')  # both bars of a norm as tall as its letter
    text = re.sub(r"(</m(?:i|n|sub|sup)>\s*)(<mi>\w+</mi>\s*<mo>&ApplyFunction;)", rf"\1{_THIN_SPACE}\2", text)
    return re.sub(r"(&ApplyFunction;</mo>\s*)(<m[in]>)", rf"\1{_THIN_SPACE}\2", text)


def with_mathml(markdown: str) -> str:
    """Returns Markdown with MathML in place of the formulas between dollar signs; code stays as it is."""
    return _PARTS.sub(_replaced, markdown)


def _replaced(match: re.Match[str]) -> str:
    if match["code"]:
        return match["code"]
    block = match["block"] is not None
    text = mathml((match["block"] or match["inline"]).strip(), block=block)
    return re.sub(r"\s*\n\s*", "", text).replace("*", "&#42;").replace("_", "&#95;")
