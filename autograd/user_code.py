"""The user's own code in the stack: the line that a warning or an error points to."""

import functools
import os
import sys
import warnings

__all__ = ["is_own", "warn"]

_ROOT = os.path.dirname(os.path.dirname(__file__))
_OWN = (
    *[os.path.join(_ROOT, package, "") for package in ("autograd", "nn", "viz")],
    *("autograd/", "autograd\\"),  # how a C extension names its source; see CONTRIBUTING.md
    functools.__file__,  # calls the properties that are computed at their first use
)


def is_own(filename: str) -> bool:
    """Whether a file belongs to this library, or runs in the middle of its calls."""
    return filename.startswith(_OWN)


def warn(message: str) -> None:
    """Issues a UserWarning that points to the innermost line outside this library, however deep the call is in it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and is_own(frame.f_code.co_filename):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, UserWarning, stacklevel=level)
