"""Calls of somebody's code that may never end: a time limit, which holds under debuggers and coverage tools too."""

import ctypes
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

__all__ = ["TimeLimitError", "call"]

_T = TypeVar("_T")
_LOOPS = 100  # in which Python raises what is pending
_PATIENCE, _ATTEMPTS = 0.1, 10  # seconds until a thread that does not end is interrupted again, and how often


class TimeLimitError(Exception):
    """Raised if a call did not end in time."""


class _Interrupt(SystemExit):
    """Raised in a thread to end it. Code that handles every `Exception` lets it pass, and `threading` is silent."""


def call(function: Callable[[], _T], seconds: float) -> _T:
    """Calls a function and returns its result, or raises what it raises.

    It runs in a thread of its own, in which Python raises an exception when the time is up: a loop that never ends
    ends. A call into C cannot be interrupted; its thread is left behind. Where no thread can be started, as in a
    browser, there is no limit.

    Arguments:
        function: what to call.
        seconds: the time limit.

    Raises:
        TimeLimitError: if the time was up.

    >>> call(lambda: 6 * 7, seconds=1.0)
    42
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)
        with suppress(_Interrupt):  # one that came too late would end what threading still does
            for _ in range(_LOOPS):
                pass

    def end() -> None:
        """Interrupts the function, again and again if it handles what should end it."""
        for _ in range(_ATTEMPTS):
            if results or errors or not thread.is_alive() or thread.ident is None:
                break
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Interrupt))
            thread.join(_PATIENCE)
        if results or errors:
            thread.join()

    thread = Thread(target=run, daemon=True)
    try:
        try:
            thread.start()
        except RuntimeError:
            return function()
        thread.join(seconds)
    finally:  # also if the user interrupts the waiting
        end()
    if results:
        return results[0]
    if errors and not isinstance(errors[0], _Interrupt):
        raise errors[0]
    raise TimeLimitError(f"it did not end within {seconds:g} seconds")
