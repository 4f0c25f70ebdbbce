"""Text as LaTeX shows it, verbatim."""

import unicodedata

__all__ = ["latex_text"]

# Characters that are special in TeX, and those of our symbols that have a name in it.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: rf"\{character}" for character in "&%$#_{}"},
    "−": "$-$",
    "×": r"$\times$",
    "÷": r"$\div$",
    "·": r"$\cdot$",
    "…": r"\ldots{}",
    "√": r"$\surd$",
    "∛": r"$\sqrt[3]{}$",
    "⌊": r"$\lfloor$",
    "⌋": r"$\rfloor$",
    "⌈": r"$\lceil$",
    "⌉": r"$\rceil$",
    "|": r"$|$",
    "<": r"$<$",
    ">": r"$>$",
    "≈": r"$\approx$",
    "∂": r"$\partial$",
}

_GREEK = {  # the letters that LaTeX has a name for; for the other capitals it has Latin ones
    "SMALL": "ALPHA BETA GAMMA DELTA EPSILON ZETA ETA THETA IOTA KAPPA LAMDA MU NU XI PI RHO SIGMA TAU UPSILON PHI CHI "
    "PSI OMEGA",
    "CAPITAL": "GAMMA DELTA THETA LAMDA XI PI SIGMA UPSILON PHI PSI OMEGA",
}


def latex_text(text: str) -> str:
    r"""Returns text in LaTeX. Letters that LaTeX lacks are kept, for XeLaTeX and LuaLaTeX.

    >>> print(latex_text("w_1² × 50%, σ"))
    w\_1$^{2}$ $\times$ 50\%, $\sigma$
    """
    return "".join(map(_character, text))


def _character(character: str) -> str:
    """A character in LaTeX."""
    if character in _SPECIAL:
        return _SPECIAL[character]
    match unicodedata.name(character, "").split():
        case "GREEK", ("SMALL" | "CAPITAL") as size, "LETTER", letter if letter in _GREEK[size].split():
            name = letter.replace("LAMDA", "LAMBDA")
            return rf"$\{name.lower() if size == 'SMALL' else name.title()}$"
    kind, _, plain = unicodedata.decomposition(character).partition(" ")
    if kind in ("<super>", "<sub>"):
        sign = "^" if kind == "<super>" else "_"
        return f"${sign}{{{chr(int(plain, 16))}}}$"
    return character
