"""Training in one thread at a time: a second thread that trains the same parameters is refused."""

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import get_ident

from autograd import Value

__all__ = ["trained_by_this_thread_alone"]


class _Run:
    """A training run in progress, and the thread that it is in."""

    def __init__(self) -> None:
        self.thread = get_ident()


# For each parameter that is trained, by its id, its run. No lock guards this, which an interrupt might leave locked:
# `setdefault` is atomic. The references are weak, so that a run ends at the latest when its `fit` is gone.
_runs: "dict[int, weakref.ref[_Run]]" = {}


@contextmanager
def trained_by_this_thread_alone(parameters: Iterable[Value]) -> Iterator[None]:
    """Claims some parameters for the block.

    Raises:
        RuntimeError: if a block in another thread has claimed one of them.
    """
    run = _Run()
    own, claimed = weakref.ref(run), set(map(id, parameters))
    try:
        for parameter in claimed:
            other = _runs.setdefault(parameter, own)()
            if other is not None and other.thread != run.thread:
                raise RuntimeError(
                    "a model must be trained in one thread at a time, but another thread is training one of these "
                    "parameters; wait for it, or train a copy: copy.deepcopy(model)"
                )
            if other is None:
                _runs[parameter] = own
        yield
    finally:
        for parameter in claimed:
            if _runs.get(parameter) is own:
                del _runs[parameter]
