"""Training in one thread at a time: a second thread that trains the same parameters is refused."""

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import get_ident

from autograd import Value

__all__ = ["trained_by_this_thread_alone"]


class _Run:
    """A training run in progress: the thread that it is in, and the parameters that it has claimed, by their ids."""

    def __init__(self, parameters: Iterable[Value]) -> None:
        self.thread = get_ident()
        self.claimed = set(map(id, parameters))


# The runs in progress by their numbers, in the order in which they began. No lock guards them, which an interrupt might
# leave locked: each operation on a dict is atomic. The references are weak, so that a run ends at the latest when its
# `fit` is gone.
_runs: "dict[int, weakref.ref[_Run]]" = {}
_numbers = count()


@contextmanager
def trained_by_this_thread_alone(parameters: Iterable[Value]) -> Iterator[None]:
    """Claims some parameters for the block.

    Raises:
        RuntimeError: if a block in another thread has claimed one of them.
    """
    run, number = _Run(parameters), next(_numbers)
    try:
        _runs[number] = weakref.ref(run)
        for other, reference in list(_runs.items()):
            earlier = reference()
            if earlier is run:
                break
            if earlier is None:
                _runs.pop(other, None)
            elif earlier.thread != run.thread and not earlier.claimed.isdisjoint(run.claimed):
                raise RuntimeError(
                    "a model must be trained in one thread at a time, but another thread is training one of these "
                    "parameters; wait for it, or train a copy: copy.deepcopy(model)"
                )
        yield
    finally:
        _runs.pop(number, None)
