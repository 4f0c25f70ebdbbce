"""Which names this machine can give to a file."""

import os

import pytest

__all__ = ["needs_any_letters", "possible"]


def possible(name: str) -> bool:
    """Returns whether the encoding of file names has all letters of a name; under the locale C it may be ASCII."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True


needs_any_letters = pytest.mark.skipif(not possible("µüèσ"), reason="file names cannot have all letters")
