"""The machine code that is kept, so that equal programs are compiled once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Any, TypeVar

__all__ = ["KEPT", "Kept"]

T = TypeVar("T")


class Kept:
    """Things that take long to make, kept by key up to a total size. The least recently used go first.

    Several threads may use it. One thing is made at a time: LLVM does one thing at a time, and functions that several
    programs call, such as that of the sine, are written once for all.

    Arguments:
        limit: the largest total size of what is kept, in bytes. What is larger alone is not kept, but lives as long as
            its user holds it.

    >>> kept = Kept(limit=100)
    >>> kept.get("a", lambda: ("made", 60)), kept.get("a", lambda: ("made again", 60))
    ('made', 'made')
    >>> kept.get("b", lambda: ("made", 60)), kept.get("a", lambda: ("made again", 60)), kept.size
    ('made', 'made again', 60)
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()  # held for moments
        self._making = RLock()  # held while something is made

    def get(self, key: Hashable, make: Callable[[], tuple[T, int]]) -> T:
        """Returns what is kept for a key, or makes it.

        Arguments:
            key: equal keys stand for equal things.
            make: returns the thing and its size in bytes.
        """
        found = self._found(key)
        if found is None:
            with self._making:
                found = self._found(key)  # another thread may have made it in the meantime
                if found is None:
                    found = make()
                    self._keep(key, found)
        return found[0]

    def __contains__(self, key: Hashable) -> bool:
        """Whether something is kept for a key."""
        with self._lock:
            return key in self._entries

    def _found(self, key: Hashable) -> tuple[Any, int] | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def _keep(self, key: Hashable, entry: tuple[Any, int]) -> None:
        released = []  # freed after the lock: freeing machine code takes a while
        with self._lock:
            if entry[1] <= self.limit:
                self._entries[key] = entry
                self.size += entry[1]
            while self.size > self.limit:
                released.append(self._entries.popitem(last=False))
                self.size -= released[-1][1][1]


KEPT = Kept(limit=2**28)
"""The machine code of all programs and training loops of the process: at most 256 MiB."""
