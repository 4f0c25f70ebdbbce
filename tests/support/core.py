"""The core that the tests run on: compiled C extensions or their Python source."""

from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import autograd
import nn
from autograd.node import COMPILED

__all__ = ["COMPILED", "VALUE", "extensions"]

FOLDERS = [Path(package.__file__).parent for package in (autograd, nn)]
VALUE = "autograd.value.Value" if COMPILED else "Value"  # how Python's own errors name the class


def extensions():
    """The sources of the core for which there is an extension that Python would import, each with that file."""
    sources = [declarations.with_suffix(".py") for folder in FOLDERS for declarations in folder.rglob("*.pxd")]
    files = [(source, source.with_name(source.stem + suffix)) for source in sources for suffix in EXTENSION_SUFFIXES]
    return [(source, file) for source, file in files if file.exists()]


if COMPILED and FOLDERS[0].with_name("setup.py").exists():  # in a checkout, where a source may have changed since
    for source, file in extensions():
        if file.stat().st_mtime < max(source.stat().st_mtime, source.with_suffix(".pxd").stat().st_mtime):
            raise SystemExit(f"{file} must not be older than its source: build it again, or delete it")
