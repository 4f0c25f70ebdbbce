"""The bridge from a page in a notebook back to Python: a widget that is not shown, and listens to what the page tells.

The page itself is the same as without it, so a stored notebook, or one without a kernel, shows all of it.
"""

import secrets
import weakref
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, Protocol

from viz.notebook import showing_notebook
from viz.pages.page import asset

__all__ = ["Bridge", "bridge_to"]


class Bridge(Protocol):
    """The widget.

    Attributes:
        page: the name by which it knows messages of its page.
        numbers: what the page told last, as text.
    """

    page: str
    numbers: list[str]


def bridge_to(owner: object, take: Callable[[Sequence[float]], object]) -> Bridge | None:
    """Returns a bridge for a page that is about to be shown; None if there is no notebook, or no anywidget.

    Arguments:
        owner: the page in Python; when it is gone, so is the bridge.
        take: a method of it that is called with the numbers whenever the page tells some.
    """
    if not showing_notebook() or not find_spec("anywidget"):
        return None
    return _connected(_widget()(page=secrets.token_hex(16)), owner, take)


def _connected(bridge: Any, owner: object, take: Callable[[Sequence[float]], object]) -> Bridge:
    to_owner = weakref.WeakMethod(take)  # ipywidgets keeps every widget, which must not keep the graph

    def told(change: dict[str, Any]) -> None:
        method, numbers = to_owner(), _numbers(change["new"])
        if method is not None and numbers is not None:
            method(numbers)

    bridge.observe(told, names="numbers")
    weakref.finalize(owner, bridge.close).atexit = False
    checked: Bridge = bridge
    return checked


def _numbers(texts: Sequence[str]) -> list[float] | None:
    """The numbers as JavaScript writes them; None if one is not a number: any frame of the notebook can send some."""
    try:
        return [float(text) for text in texts]
    except ValueError:
        return None


@cache
def _widget() -> Any:
    import traitlets
    from anywidget import AnyWidget

    class PageBridge(AnyWidget):  # type: ignore[misc]
        """The widget, which shows nothing."""

        _esm = asset("bridge.js")
        page = traitlets.Unicode().tag(sync=True)
        numbers = traitlets.List(traitlets.Unicode()).tag(sync=True)

    return PageBridge
