"""The engine without its compiled core, next to the one that was imported."""

import os
import sys
from typing import Any

from autograd.node import COMPILED

__all__ = ["pure_value"]


def pure_value() -> Any:
    """Returns the class `Value` of the engine's Python source, imported a second time.

    Raises:
        ImportError: if the engine that runs is that one already.
    """
    if not COMPILED:
        raise ImportError("the engine has no compiled core")
    ours = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "autograd"}
    for name in ours:
        del sys.modules[name]
    finders = dict(sys.path_importer_cache)
    os.environ["SCALAR_AUTOGRAD_PURE"] = "1"
    try:
        import autograd

        return autograd.Value
    finally:
        del os.environ["SCALAR_AUTOGRAD_PURE"]
        sys.path_importer_cache.clear()
        sys.path_importer_cache.update(finders)
        for name in [name for name in sys.modules if name.partition(".")[0] == "autograd"]:
            del sys.modules[name]
        sys.modules.update(ours)
