"""Labels as text that cannot disrupt its surroundings: unprintable characters are replaced."""

__all__ = ["on_one_line", "visible"]

_JOINERS = "\u200c\u200d"  # they join the parts of an emoji, or letters in some scripts


def on_one_line(text: str) -> str:
    r"""Replaces line breaks and all other unprintable characters with their escape sequences.

    >>> print(on_one_line("layer 1\nimport os"))
    layer 1\nimport os
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def visible(character: str) -> str:
    r"""Returns a character that can be displayed: a control character as its picture, others without a glyph as \ufffd.

    >>> visible("a"), visible("\n"), visible("\ufeff")
    ('a', '␊', '\ufffd')
    """
    if character.isprintable() or character in _JOINERS:
        return character
    if ord(character) < 32:
        return chr(0x2400 + ord(character))
    return " " if character.isspace() else "\ufffd"
