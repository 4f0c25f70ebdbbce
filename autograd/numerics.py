"""NumPy as `np`; where it is not installed, the small part of it that this package needs, written in Python."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or find_spec("numpy"):
    import numpy as np
    import numpy.typing as npt
else:
    from autograd import without_numpy as np
    from autograd.without_numpy import typing as npt

__all__ = ["NUMPY", "missing", "need", "need_numpy", "np", "npt"]

NUMPY = bool(find_spec("numpy"))
"""Whether NumPy is installed."""


def need(what: str, package: str) -> None:
    """Raises ImportError, which says what to install, if a package is not installed.

    >>> need("this example", "math")
    >>> need("this example", "nonesuch")
    Traceback (most recent call last):
    ImportError: this example needs nonesuch, which is not installed here: pip install nonesuch
    """
    if not find_spec(package):
        raise ImportError(f"{what} needs {package}, which is not installed here: pip install {package}", name=package)


def need_numpy(what: str) -> None:
    """Raises ImportError if NumPy is not installed: `need` for what works on NumPy's own arrays."""
    if not NUMPY:  # a look for it fails while the interpreter ends
        need(what, "numpy")


def missing(name: str, package: str) -> Any:
    """Returns what has the name of a function or class whose package is not installed: a class that cannot be called.

    So `from autograd import *` works without the package, and a call says what to install.

    >>> missing("autograd.array", "nonesuch")([1.0])
    Traceback (most recent call last):
    ImportError: autograd.array needs nonesuch, which is not installed here: pip install nonesuch
    """

    def refuse(cls: type, *arguments: Any, **options: Any) -> None:
        need(name, package)

    module, _, own = name.rpartition(".")
    return type(own, (), {"__new__": refuse, "__module__": module, "__doc__": f"Needs {package}."})
