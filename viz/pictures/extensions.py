"""Agg and FreeType: extension modules of matplotlib, loaded without the rest of it, which takes a third of a second."""

import sys
from importlib import import_module, metadata
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType

__all__ = ["extension", "font_folder"]

_FIRST_ALONE = (3, 11)  # the first version of matplotlib whose extension modules import nothing of it


def extension(name: str) -> ModuleType:
    """Returns an extension module of matplotlib.

    It is not put into `sys.modules`: whoever imports matplotlib later gets all of it, with the same extension modules.

    Arguments:
        name: its full name.

    Raises:
        ImportError: if matplotlib is not installed.
    """
    if name in sys.modules or _version() < _FIRST_ALONE:
        return import_module(name)
    try:
        return _loaded(name)
    except ImportError:  # perhaps it needs what matplotlib prepares
        return import_module(name)


def font_folder() -> Path:
    """Returns the folder with matplotlib's fonts."""
    folder = _package() / "mpl-data" / "fonts" / "ttf"
    if not folder.is_dir():  # some distributions move it
        folder = Path(import_module("matplotlib").get_data_path()) / "fonts" / "ttf"
    return folder


def _loaded(name: str) -> ModuleType:
    folder = _package().joinpath(*name.split(".")[1:-1])
    spec = FileFinder(str(folder), (ExtensionFileLoader, EXTENSION_SUFFIXES)).find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} must contain the extension module {name}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _version() -> tuple[int, ...]:
    return tuple(map(int, metadata.version("matplotlib").split(".")[:2]))


def _package() -> Path:
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ImportError("a PNG needs matplotlib: pip install matplotlib")
    return Path(spec.origin).parent
