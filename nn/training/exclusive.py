"""Training in one thread at a time: a second thread that trains the same parameters is refused."""

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import get_ident

from autograd import Value

__all__ = ["trained_by_this_thread_alone"]


class _Run:
    """A training run in progress: the thread that it is in, and the parameters that it trains."""

    def __init__(self, parameters: Iterable[Value]) -> None:
        self.thread = get_ident()
        self.parameters = {*parameters}


# The runs, in the order in which they began. No lock guards this, which an interrupt might leave locked: a dict adds a
# key at once, and of two runs, the later one finds the earlier. The references are weak, so that a run ends at the
# latest when its `fit` is gone.
_runs: "dict[weakref.ref[_Run], None]" = {}


@contextmanager
def trained_by_this_thread_alone(parameters: Iterable[Value]) -> Iterator[None]:
    """Claims some parameters for the block.

    Raises:
        RuntimeError: if a block in another thread has claimed one of them.
    """
    run = _Run(parameters)
    own = weakref.ref(run)
    try:
        _runs[own] = None
        for earlier in [*_runs]:
            if earlier is own:
                break
            other = earlier()
            if other is None:
                _runs.pop(earlier, None)
            elif other.thread != run.thread and not other.parameters.isdisjoint(run.parameters):
                raise RuntimeError(
                    "a model must be trained in one thread at a time, but another thread is training one of these "
                    "parameters; wait for it, or train a copy: copy.deepcopy(model)"
                )
        yield
    finally:
        _runs.pop(own, None)
