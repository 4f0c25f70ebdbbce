"""The plot of a training run that is updated while `fit` runs, in a notebook or as a file."""

import math
import sys
import time
from collections.abc import Callable, Iterable
from numbers import Real
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from autograd.numerics import np
from viz.notebook import showing_notebook
from viz.pages.training_data import classes_of, threshold_of, with_rows
from viz.pages.training_figure import Decisions, decisions, training_figure
from viz.pictures.palette import palette_named

if TYPE_CHECKING:
    from nn.training.history import History
    from nn.training.task import Task
    from viz.plots.axes import Plot

__all__ = ["LivePlot"]

_REST = 10.0  # the least time of training for each second of pictures
_WIDE = 20.0  # the ratio of losses from which a logarithmic axis shows more
_LARGEST = 1e100  # of an output that has a colour
_ENDS = {"early": ", stopped early", "interrupted": ", interrupted", "converged": ", converged"}


class LivePlot:
    """A plot of a training run that is updated while `fit` runs: `fit(..., plot=LivePlot())`, or `plot=True`.

    It shows the loss, the validation loss if there is one and, for a classifier of two features with up to eight
    classes, the decision surface. Notebooks update the picture in place; the last one shows how training ended, also
    after an error, after Ctrl-C, and with the best weights that an `nn.EarlyStopping` has restored. Weights and losses
    are the same without it. Each picture but the first waits until all of them take less than a tenth of the time; a
    training run of less than `seconds` has only the last one.

    Arguments:
        path: a file, such as "training.png", in which each picture replaces the one before, instead of the notebook.
            It is needed outside of notebooks, where an image viewer that follows the file shows the same.
        seconds: the least time from one picture to the next, 0.1 or more.
        log: whether the loss axis is logarithmic; by default as soon as the losses differ by a factor of 20 and all are
            above 0.
        palette: "light" or "dark".

    Raises:
        ValueError: if an option is out of range, or the name of the file has no ending that matplotlib writes.
        ImportError: if NumPy or matplotlib is not installed.

    >>> import nn
    >>> model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=1)
    >>> history = model.fit(*nn.datasets.xor(), epochs=50, plot=LivePlot("training.png"))  # doctest: +SKIP
    >>> LivePlot("training.png")
    <live plot in training.png, at most every 0.4 s>
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        seconds: float = 0.4,
        log: bool | None = None,
        palette: str = "light",
    ) -> None:
        _check_options(seconds, log)
        palette_named(palette)
        self.path = None if path is None else _checked_path(Path(path))
        self.seconds, self.log, self.palette = float(seconds), log, palette

    def begin(self, task: "Task") -> "_Running":
        """Returns the plot of a training run; `fit` calls this.

        Raises:
            RuntimeError: if there is neither a file nor a notebook to show it.
            FileNotFoundError: if the folder of the file does not exist.
        """
        if self.path is None:
            return _Running(self, task, _in_notebook())
        if not self.path.parent.is_dir():
            raise FileNotFoundError(f"the folder of a plot must exist, but there is none for {str(self.path)!r}")
        return _Running(self, task, self._write)

    def _write(self, figure: "Plot") -> None:
        figure.savefig(self.path)

    def __repr__(self) -> str:
        where = "a notebook" if self.path is None else self.path
        return f"<live plot in {where}, at most every {self.seconds:g} s>"


class _Show(Protocol):
    """Shows a picture in place of the one before."""

    def __call__(self, figure: "Plot") -> None: ...


class _Running:
    """The plot of one training run."""

    def __init__(self, options: LivePlot, task: "Task", show: _Show) -> None:
        self._options, self._show, self._epochs = options, show, task.epochs
        self._decided = _decisions_of(task)
        self._start = self._next = math.nan  # at the first epoch: compiling takes its time too
        self._spent = 0.0  # on pictures

    def update(self, history: "History", write_back: Callable[[], object]) -> None:
        """Draws the state of training if it is time to."""
        start = time.perf_counter()
        if math.isnan(self._next):
            self._start, self._next = start, start + self._options.seconds
        if start < self._next:
            return
        write_back()
        self._draw(history, "")
        end = time.perf_counter()
        self._spent += end - start
        fair = self._start + self._spent + _REST * (self._spent + end - start)  # if the next one takes as long
        self._next = max(end + self._options.seconds, fair)

    def finish(self, history: "History") -> None:
        """Draws the last state."""
        self._draw(history, _ENDS.get(history.stopped, ""))

    def _draw(self, history: "History", end: str) -> None:
        if not any(map(math.isfinite, history.loss)):
            return
        shown = SimpleNamespace(loss=history.loss, validation_loss=_if_any(history.validation_loss))
        log = self._options.log
        if log is None:
            log = _is_wide([*history.loss, *history.validation_loss])

        def figure(decided: Decisions | None) -> "Plot":
            title = f"Epoch {len(history.loss):,} of {self._epochs:,}{end}"
            return training_figure(shown, decided, title=title, log=log, palette=self._options.palette, steady=True)[0]

        try:
            self._show(figure(self._decided))
        except _NoColourError:
            self._show(figure(None))


class _NoColourError(Exception):
    """An output is not finite, or too large for a colour, as in a training run that diverges."""


def _decisions_of(task: "Task") -> Decisions | None:
    outputs = task.probe.shape[0] if task.probe.shape else 1
    targets = with_rows(task.targets, task.loss, outputs)
    classes, _ = classes_of(targets, outputs)

    def predict(samples: Any) -> Any:
        found = task.model.predict(samples)
        if not (np.abs(found) < _LARGEST).all():  # nan neither
            raise _NoColourError
        return found

    return decisions(predict, task.samples, targets, len(classes), threshold_of(task.loss.function, classes, outputs))


def _if_any(losses: list[float]) -> list[float]:
    return losses if any(map(math.isfinite, losses)) else []


def _is_wide(losses: Iterable[float]) -> bool:
    """Whether losses, those that are finite, are above 0 and differ so much that a logarithmic axis shows more."""
    finite = [loss for loss in losses if math.isfinite(loss)]
    return min(finite) > 0.0 and max(finite) > _WIDE * min(finite)


def _check_options(seconds: object, log: object) -> None:
    if isinstance(seconds, bool) or not isinstance(seconds, Real) or not 0.1 <= float(seconds) < math.inf:
        raise ValueError(f"seconds must be a number of at least 0.1, not {seconds!r}")
    if log not in (True, False, None):
        raise ValueError(f"log must be True, False or None, not {log!r}")


def _checked_path(path: Path) -> Path:
    from matplotlib.backend_bases import FigureCanvasBase

    formats = FigureCanvasBase.get_supported_filetypes()
    if path.suffix[1:].lower() not in formats:
        raise ValueError(f"the file of a plot must end with one of .{', .'.join(sorted(formats))}, not {str(path)!r}")
    return path


def _in_notebook() -> _Show:
    """Returns what shows pictures in the cell that runs.

    Raises:
        RuntimeError: if this is not a notebook.
    """
    marimo = sys.modules.get("marimo")  # imported already where it runs
    if marimo is not None and marimo.running_in_notebook():
        return marimo.output.replace  # type: ignore[no-any-return]
    if not showing_notebook():
        raise RuntimeError(
            "plot=True shows the plot in a notebook, which this is not; pass plot=viz.LivePlot('training.png') to "
            "write it to a file while training runs, or draw the history afterwards: viz.plot_loss(history)"
        )
    from IPython.display import DisplayHandle

    new_handle: Any = DisplayHandle  # which has no types
    handle, is_new = new_handle(), True

    def show(figure: "Plot") -> None:
        nonlocal is_new
        data, metadata = figure._repr_mimebundle_()
        (handle.display if is_new else handle.update)(data, raw=True, metadata=metadata)
        is_new = False

    return show
