"""The figure of a training run: its loss and, for a classifier of two features, what it decides."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from viz.pictures.palette import LIGHT, palette_named, shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from viz.plots.axes import Plot

__all__ = ["Decisions", "decisions", "training_figure"]

# Where the axes are if the layout is steady, in parts of the figure; below a surface stands its legend.
_WITH_SURFACE = {"left": 0.07, "right": 0.98, "bottom": 0.21, "top": 0.9, "wspace": 0.27}
_ALONE = {"left": 0.13, "right": 0.96, "bottom": 0.13, "top": 0.9}


class Decisions(NamedTuple):
    """What a classifier of two features decides, for a decision surface.

    Attributes:
        predict: returns the outputs for samples.
        samples, targets: those it is trained on.
        threshold: the output above which a model with one output predicts the second of two classes.
    """

    predict: Callable[[Any], Any]
    samples: Any
    targets: Any
    threshold: float


def decisions(
    predict: Callable[[Any], Any], samples: Any, targets: Any, classes: int, threshold: float | None
) -> Decisions | None:
    """Returns the decisions of a model; None if it is no classifier of two features whose classes differ in colour.

    Arguments:
        predict: returns the outputs of the model for samples.
        samples, targets: those it is trained on.
        classes: the number of classes; 0 if targets are not classes.
        threshold: for a model with one output, that above which it predicts the second of two classes.
    """
    if samples.shape[1] != 2 or not 0 < classes <= len(shades(LIGHT)):
        return None
    return Decisions(predict, samples, targets, 0.5 if threshold is None else threshold)


def training_figure(
    history: Any,
    decided: Decisions | None,
    *,
    title: str = "Loss during training",
    log: bool = False,
    palette: str = "light",
    steady: bool = False,
) -> "tuple[Plot, Axes]":
    """Draws the loss of a training run, beside the decision surface if there is one.

    Arguments:
        history: its losses, as for `viz.plot_loss`.
        decided: what the model decides; None for the loss alone.
        title: that of the loss.
        log: whether the loss axis is logarithmic.
        palette: "light" or "dark".
        steady: whether the axes and the legend stand where they stood in the picture before, however long the numbers
            beside them are; this takes half the time.

    Returns:
        The figure, and the axes of the loss.
    """
    from viz.plots.axes import new_figure
    from viz.plots.loss import plot_loss
    from viz.plots.surface import plot_decision_surface

    margins = _WITH_SURFACE if decided else _ALONE
    figure = new_figure(11.0 if decided else 6.4, 4.2, palette_named(palette), margins=margins if steady else None)
    *others, loss_axes = figure.subplots(1, 2 if decided else 1, squeeze=False)[0]
    plot_loss(history, log=log, ax=loss_axes, palette=palette)
    loss_axes.set_title(title)
    if decided:
        plot_decision_surface(
            decided.predict,
            decided.samples,
            decided.targets,
            threshold=decided.threshold,
            ax=others[0],
            palette=palette,
        )
    if steady:
        if legend := loss_axes.get_legend():
            legend.set_loc("upper right")  # most losses fall
        for axes in (*others, loss_axes):
            axes.set_title(axes.get_title(), y=1.0)  # or matplotlib measures all numbers, to place it above them
    return figure, loss_axes
