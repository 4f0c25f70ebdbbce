"""The plot that `fit` shows while it trains; what draws it is above `nn`, which asks for it by name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from nn.training.history import History
    from nn.training.task import Task

__all__ = ["RunningPlot", "TrainingPlot", "checked_plot", "plotted"]

_STANDARD = "viz:LivePlot"  # imports point to `nn`, not from it: this one is loaded only for whoever asks for it


class RunningPlot(Protocol):
    """The plot of one training run."""

    def update(self, history: "History", write_back: Callable[[], object]) -> None:
        """Draws the state of training if it is time to; `write_back()` brings the model up to date."""

    def finish(self, history: "History") -> None:
        """Draws the last state, which the model has."""


@runtime_checkable
class TrainingPlot(Protocol):
    """What `fit` takes as its `plot`, such as `viz.LivePlot()`."""

    def begin(self, task: "Task") -> RunningPlot:
        """Returns the plot of a training run, which begins.

        Raises:
            RuntimeError: if it cannot be shown.
        """


def checked_plot(plot: object) -> TrainingPlot | None:
    """Returns what draws the plot; None for no plot.

    Raises:
        TypeError: if it is neither True or False nor such an object.
        ImportError: if a package that draws is not installed.

    >>> checked_plot(False) is None
    True
    """
    if plot is False:
        return None
    made = resolve_name(_STANDARD)() if plot is True else plot
    if isinstance(made, type) or not isinstance(made, TrainingPlot):
        raise TypeError(f"plot must be True, False or a plot such as viz.LivePlot(), not {plot!r}")
    return made


@contextmanager
def plotted(
    plot: TrainingPlot | None, task: "Task", history: "History"
) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Begins a plot, and shows its last state at the end, also after an error.

    An interrupt of this last picture ends nothing but the picture, and is noted in the history.

    Arguments:
        plot: what draws; None draws nothing.
        task: the training run.
        history: its history, which grows.

    Yields:
        A function to call after some epochs, with one that brings the model up to date.
    """
    if plot is None:
        yield lambda write_back: None
        return
    running = plot.begin(task)
    try:
        yield partial(running.update, history)
    except BaseException:
        with suppress(Exception):  # the user must learn of the first one
            running.finish(history)
        raise
    try:
        running.finish(history)
    except KeyboardInterrupt:
        history.stopped = "interrupted"
