"""Formulas of TeX as MathML, which browsers draw without a script."""

import re

from docutils.utils.math.latex2mathml import tex2mathml

__all__ = ["mathml", "with_mathml"]

_DIGITS = re.compile(r"(\\[dt]?frac)(\d)(\d)")  # as in \frac12, which docutils takes for \frac{12}
_THIN_SPACE = '<mspace width="0.1667em"/>'
_PARTS = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)|\$\$(?P<block>.+?)\$\$|\$(?P<inline>[^$\n]+(?:\n[^$\n]+)*?)\$", re.DOTALL
)


def mathml(tex: str, *, block: bool = False) -> str:
    r"""Returns a formula as MathML, with the spaces of TeX around the name of a function: y ln a.

    Raises:
        docutils.utils.math.MathError: if it has a command that docutils does not know.

    >>> mathml(r"x^2").replace("\n", "")
    '<math xmlns="http://www.w3.org/1998/Math/MathML">  <msup>    <mi>x</mi>    <mn>2</mn>  </msup></math>'
    """
    text: str = tex2mathml(_DIGITS.sub(r"\1{\2}{\3}", tex), as_block=block)
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
