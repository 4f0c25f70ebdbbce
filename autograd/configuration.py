"""What a report of a bug should say about an installation: versions, the core, the targets and the machine."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from autograd.node import COMPILED

__all__ = ["show_config"]

_TARGETS = {"numpy": "numpy", "native": "llvmlite", "jax": "jax", "javascript": "mini-racer"}


def show_config() -> None:
    """Prints the versions, the core that runs, the targets of compiled programs and the machine, for bug reports.

    The core is "compiled" if the central modules of the engine are C extensions: the wheel contains them, or a C
    compiler was found at installation. Otherwise it is "pure Python"; to use that anyway, set the environment variable
    SCALAR_AUTOGRAD_PURE to 1.

    >>> show_config()  # doctest: +ELLIPSIS
    scalar-autograd ...
    """
    own = sys.modules["autograd"].__version__
    print(f"scalar-autograd {own}, core: {'compiled' if COMPILED else 'pure Python'}")
    print(f"{platform.python_implementation()} {platform.python_version()}")
    print(f"{platform.platform()}, {platform.machine()}")
    for target, package in _TARGETS.items():
        print(f"target {target!r}: {package} {_version_of(package)}")


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"
