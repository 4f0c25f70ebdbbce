"""A training run as plots: what the model does after an epoch, beside the loss of all epochs."""

from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from autograd import Value
from viz.pictures.animation import Animation
from viz.pictures.palette import palette_named

if TYPE_CHECKING:
    from nn import History
    from viz.pages.training_run import TrainingRun
    from viz.plots.axes import Plot

__all__ = ["TrainingPlots", "animate_training"]

_POINTS = 72.0  # to an inch


class TrainingPlots:
    """The plots of a training run: for each recorded epoch the loss curve, with the decision surface if there is one.

    Arguments:
        history: the training run.
        run: the same, for its page.
        palette: "light" or "dark".
    """

    def __init__(self, history: "History", run: "TrainingRun", palette: str = "light") -> None:
        from nn.stand_in import StandIn

        self._history, self._run, self._palette, self._colours = history, run, palette, palette_named(palette)
        parameters = dict(run.recording.model.named_parameters())
        # One model for all epochs, so that its program is compiled once.
        self._weights = {name: Value(parameter.data, role="parameter") for name, parameter in parameters.items()}
        copies = {parameters[name]: weight for name, weight in self._weights.items()}
        self._model = StandIn(run.recording.model, copies).model

    def plot(self, index: int) -> "Plot":
        """Returns the plot of an epoch, given by its index among those recorded."""
        from viz.pages.training_figure import training_figure

        recording = self._run.recording
        for name, number in recording.state_dict(index).items():
            self._weights[name].data = number
        epoch = recording.epochs[index]
        figure, loss_axes = training_figure(
            self._history,
            self._run.decisions_of(self._model.predict),
            title=f"Epoch {epoch:,} of {recording.epochs[-1]:,}",
            palette=self._palette,
            steady=True,
        )
        loss_axes.axvline(epoch, color=self._colours.text, linewidth=1)
        return figure


class _Moment(NamedTuple):
    """A recorded epoch, as a frame of an animation."""

    plots: TrainingPlots
    number: int

    def render(self, format: str, *, scale: float | None = None) -> bytes:
        """Returns the plot."""
        content = BytesIO()
        self.plots.plot(self.number).savefig(content, format=format, dpi=_POINTS * (scale or 2.0))
        return content.getvalue()


def animate_training(history: "History", *, seconds: float = 0.1, palette: str = "light") -> Animation:
    """Draws a training run, one picture for each epoch whose weights `fit` recorded.

    Each picture shows the loss curve with the epoch marked and, for a classifier of two features, its decision surface
    at that epoch.

    Arguments:
        history: the result of `model.fit(..., record=50)`.
        seconds: how long a picture is shown.
        palette: "light" or "dark".

    Returns:
        The animation. Notebooks play it; `.save("training.gif")` writes it as GIF, APNG or PDF, and
        `.save_frames("training.svg")` as a numbered series of files.

    Raises:
        TypeError: if `history` is not an `nn.History`.
        ValueError: if nothing was recorded, or more than a page can hold, or the model now has other parameters; or if
            an option is out of range.
        TracingError: if the model or the loss branches on data.

    >>> import nn
    >>> model = nn.MLP(2, [2, 1], output_activation="sigmoid", seed=0)
    >>> history = model.fit(*nn.datasets.xor(), epochs=40, record=5, progress=False)
    >>> animate_training(history)
    <animation of 5 pictures; .save('steps.gif') writes it>
    """
    from nn import History
    from viz.pages.training_run import training_run

    if not isinstance(history, History):
        raise TypeError(f"animate_training takes the result of model.fit(..., record=50), not {history!r}")
    run = training_run(history)
    plots = TrainingPlots(history, run, palette)
    return Animation("A training run", [_Moment(plots, index) for index in range(len(run.recording.epochs))], seconds)
