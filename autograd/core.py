"""The compiled core: those modules of the engine that are C extensions, where a C compiler was found at installation.

They are built from the same source. An extension beside its source is what Python imports; if the environment variable
SCALAR_AUTOGRAD_PURE is set, the source is.
"""

import sys
from os import environ, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_pure", "use_sources"]


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
