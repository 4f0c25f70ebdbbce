"""Runs in the kernel that grades: an answer changes neither the checks nor the names that the next cells use."""

import sys
from typing import Any

from IPython.core.getipython import get_ipython

__all__ = ["keep", "restore_library", "restore_names"]

_LIBRARY = ("autograd", "nn", "viz")
_kept: dict[str, dict[str, Any]] = {}
_names: dict[str, Any] = {}


def keep() -> None:
    """Keeps the names of the notebook and the public names of the library, before an answer runs."""
    for package in _LIBRARY:
        if package not in _kept and (module := sys.modules.get(package)):
            _kept[package] = {name: getattr(module, name) for name in module.__all__}
    _names.clear()
    _names.update(_own_names())


def restore_library() -> None:
    """Puts the library back, so that the check is that of the course."""
    for package, names in _kept.items():
        for name, thing in names.items():
            setattr(sys.modules[package], name, thing)


def restore_names() -> None:
    """Puts the names of the notebook back, without those that the answer added."""
    for name in _own_names().keys() - _names.keys():
        del _namespace()[name]
    _namespace().update(_names)


def _own_names() -> dict[str, Any]:
    return {name: thing for name, thing in _namespace().items() if not name.startswith("_")}


def _namespace() -> dict[str, Any]:
    shell: Any = get_ipython()
    namespace: dict[str, Any] = shell.user_ns
    return namespace
