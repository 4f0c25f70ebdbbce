"""Ctrl-C, held back while something must not be torn apart."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["held_interrupts"]


@contextmanager
def held_interrupts() -> Iterator[None]:
    """A Ctrl-C that comes in the block takes effect at its end.

    Only the main thread meets any; what else handles the signal there is called as it would have been.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    held: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda *arguments: held.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if held:
            handler(*held[-1])
