"""A pause of Python's cyclic garbage collector, for functions that make an object for each node of a graph.

The collector runs again and again while objects are made, each time over all that exist, in search of reference cycles.
Nodes and what is made from them form none, so without the pause most of the time of such a function is spent in vain.
"""

import gc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")

__all__ = ["collector_paused"]


def collector_paused(function: "Callable[P, R]") -> "Callable[P, R]":
    """Decorates a function that runs with the garbage collector paused, in every thread, unless it was off already.

    >>> @collector_paused
    ... def is_on():
    ...     return gc.isenabled()
    >>> is_on(), gc.isenabled()
    (False, True)
    """

    def paused(*arguments: "P.args", **options: "P.kwargs") -> "R":
        was_enabled = gc.isenabled()
        try:
            if was_enabled:  # else another thread, which paused it, may have resumed it by now, and nobody would again
                gc.disable()
            return function(*arguments, **options)
        finally:  # not a context manager: an interrupt could strike as its __exit__ is entered
            if was_enabled:
                gc.enable()

    for name in ("__module__", "__name__", "__qualname__", "__doc__"):  # importing functools for `wraps` takes longer
        setattr(paused, name, getattr(function, name))
    return paused
