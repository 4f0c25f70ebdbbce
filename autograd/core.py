"""The compiled core: those modules of the engine that are C extensions, where a C compiler was found at installation.

They are built from the same source. An extension beside its source is what Python imports; if the environment variable
SCALAR_AUTOGRAD_PURE is set, the source is.
"""

import sys
from os import environ, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

__all__ = ["ClassSignature", "is_pure", "use_sources"]


def is_pure() -> bool:
    """Returns whether the environment asks for the source of all modules: SCALAR_AUTOGRAD_PURE is set, and not to 0."""
    return environ.get("SCALAR_AUTOGRAD_PURE", "0") not in ("", "0")


def use_sources(folders: "Iterable[str]") -> None:
    """Lets Python import from some folders, and those inside, as if they contained no C extensions."""
    from importlib.machinery import (
        BYTECODE_SUFFIXES,
        SOURCE_SUFFIXES,
        FileFinder,
        SourceFileLoader,
        SourcelessFileLoader,
    )

    loaders = (SourceFileLoader, SOURCE_SUFFIXES), (SourcelessFileLoader, BYTECODE_SUFFIXES)
    for top in folders:
        for folder, _, _ in walk(top):
            sys.path_importer_cache[folder] = FileFinder(folder, *loaders)


class ClassSignature:
    """The `__signature__` of a class, which Python does not find if the class is in a C extension.

    Arguments:
        function: has the signature of the class; another one than its `__init__`, which has none in C.
    """

    def __init__(self, function: "Callable[..., None]") -> None:
        self.function = function

    def __get__(self, instance: object, owner: type) -> "Any":
        makes = next(cls for cls in owner.__mro__ if "__init__" in vars(cls))
        if vars(makes).get("__signature__") is not self:
            raise AttributeError("__signature__")  # a subclass with an `__init__` of its own
        from inspect import signature

        return signature(self.function)
