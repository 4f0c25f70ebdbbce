"""Holding back Ctrl-C while something must not be left half done."""

import signal
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["held_interrupts"]


class _Block:
    """Exists as long as the block that holds interrupts back."""


@contextmanager
def held_interrupts() -> Iterator[None]:
    """Delays Ctrl-C until the end of the block.

    Only the main thread receives the signal. A custom handler is delayed in the same way.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    block, held = _Block(), list[tuple[int, FrameType | None]]()
    lasts = weakref.ref(block)

    def hold(number: int, frame: FrameType | None) -> None:
        if lasts() is not None:
            held.append((number, frame))
        else:  # an exception raised by something else, such as a debugger, kept the block from restoring the handler
            signal.signal(signal.SIGINT, handler)
            handler(number, frame)

    try:
        signal.signal(signal.SIGINT, hold)
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if held:
            handler(*held[-1])
