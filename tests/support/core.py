"""The core that the tests run on: compiled C extensions or their Python source."""

from pathlib import Path

import autograd
from autograd.node import COMPILED

__all__ = ["COMPILED", "VALUE"]

VALUE = "autograd.value.Value" if COMPILED else "Value"  # how Python's own errors name the class

FOLDER = Path(autograd.__file__).parent
if COMPILED and FOLDER.with_name("setup.py").exists():  # in a checkout, where a source may have changed since
    for declarations in FOLDER.rglob("*.pxd"):
        source = declarations.with_suffix(".py")
        for extension in source.parent.glob(f"{source.stem}.*"):
            if extension.suffix in (".so", ".pyd") and extension.stat().st_mtime < source.stat().st_mtime:
                raise SystemExit(f"{extension} must not be older than its source: build it again, or delete it")
