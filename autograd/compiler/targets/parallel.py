"""Runs ranges of samples on several cores, if there are enough samples to pay for it."""

import os
import sys
from collections import deque
from collections.abc import Callable
from threading import Thread

__all__ = ["for_each_range", "range_size"]

_OF_A_CALL = 2**20  # instructions times samples, a fraction of a millisecond: Ctrl-C takes effect between calls
_OF_A_THREAD = 2**20  # the least that another thread is started for, which takes a tenth of the time


def range_size(samples: int, instructions: int) -> int:
    """Returns the number of samples for one call of machine code, a multiple of eight.

    Arguments:
        samples: the number of samples.
        instructions: the number of instructions for each of them.
    """
    threads = _threads(samples, instructions)
    return max(8, min(_OF_A_CALL // max(1, instructions), -(-samples // threads)) + 7 & -8)


def for_each_range(samples: int, size: int, instructions: int, make: Callable[[], Callable[[int, int], None]]) -> None:
    """Calls a function for each range of samples.

    Arguments:
        samples: the number of samples.
        size: the number of samples in a range; the last one may be shorter.
        instructions: the number of instructions for each sample.
        make: returns the function for one thread: of the first sample of a range, and the one after its last.
    """
    if samples <= size:
        make()(0, samples)
        return
    waiting = deque(range(0, samples, size))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            run = make()
            while waiting:
                start = waiting.popleft()
                run(start, min(start + size, samples))
        except IndexError:  # another thread took the last range
            pass
        except BaseException as error:
            errors.append(error)
            waiting.clear()

    threads = min(_threads(samples, instructions), len(waiting))
    others: list[Thread] = []
    try:
        for _ in range(threads - 1):
            other = _started(work)
            if other is None:
                break
            others.append(other)
        work()
    finally:
        waiting.clear()  # if interrupted
        for other in others:
            other.join()
    if errors:
        raise errors[0]


def _started(work: Callable[[], None]) -> Thread | None:
    """Returns a new thread; None if none can start: the system has no more, or the interpreter ends."""
    if sys.is_finalizing():  # up to Python 3.11, `start` waits for a thread that never runs
        return None
    thread = Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return None
    return thread


def _threads(samples: int, instructions: int) -> int:
    paying = samples * instructions // _OF_A_THREAD
    return 1 if paying < 2 else min(_cores(), paying)


def _cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
