"""The replay: a page that scrubs through a recorded training, with all that its weights decide at each epoch."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from viz.pages.page import page
from viz.pages.showable import ShowablePage

if TYPE_CHECKING:
    from nn import History

__all__ = ["Replay", "explore_training"]

_MODULES = (  # of the page, each after those that it imports
    *("dom", "math", "graph", "steps", "training"),
    *("camera", "diagram", "folding", "player", "tooltip"),
    *("chart", "markers", "answers", "surface", "losses", "network"),
    "replay",
)


class Replay(ShowablePage):
    """A page that replays a training. It shows itself in a notebook; `save` writes it; `html` is its text."""

    def __init__(self, history: "History", title: str) -> None:
        from viz.pages.training_run import training_run

        super().__init__(title, "the loss, and what the model decides at the end")
        self._history = history
        self._run = training_run(history)

    @cached_property
    def html(self) -> str:
        """The page: one document of HTML that needs no other file, no network and no server."""
        return page("replay", self.title, self._run.data, _MODULES, self._run.javascript, "epoch")

    def picture(self) -> bytes:
        """The decision surface at the end, where there is one, beside the loss curve, as PNG."""
        from viz.pictures.palette import LIGHT, shades
        from viz.plots import plot_decision_surface, plot_loss
        from viz.plots.axes import new_figure

        samples, targets = self._run.recording.samples, self._run.recording.targets
        classes = len(self._run.data["training"]["classes"])
        has_surface = samples.shape[1] == 2 and 0 < classes <= len(shades(LIGHT))
        figure = new_figure(11.0 if has_surface else 6.4, 4.2, LIGHT)
        axes = figure.subplots(1, 1 + has_surface, squeeze=False)[0]
        plot_loss(self._history, ax=axes[-1])
        if has_surface:
            threshold = 0.5 if self._run.threshold is None else self._run.threshold
            plot_decision_surface(self._at_the_end, samples, targets, threshold=threshold, ax=axes[0])
        return figure._repr_png_()

    def _at_the_end(self, X: Any) -> Any:
        """What the model answered with the weights that were recorded last."""
        model = self._run.recording.model
        now = model.state_dict()
        model.load_state_dict(self._run.recording.state_dict(-1))
        try:
            return model.predict(X)
        finally:
            model.load_state_dict(now)

    def __repr__(self) -> str:
        epochs = self._run.data["training"]["epochs"]
        return f"<replay of a training, {len(epochs)} of its epochs 0 to {epochs[-1]}; .save('page.html') writes it>"


def explore_training(history: "History", *, title: str | None = None) -> Replay:
    """A page that scrubs through a training: play it, or go to any epoch that `fit(record=...)` kept.

    It shows what the model decides, with the samples; the loss; the network, its weights as colour and width; and the
    graph of the loss of one sample, which the viewer chooses, with its values and gradients. All is computed in the
    page, from the weights of the epoch, to what Python would give.

    Arguments:
        history: what `model.fit(..., record=200)` returned.
        title: the heading of the page.

    Returns:
        An object that shows itself in Jupyter, VS Code, Colab and marimo, and writes a page by `.save("page.html")`:
        one file that works from disk and makes no request to any network.

    Raises:
        TypeError: if `history` is no `nn.History`, or the title is not a string.
        ValueError: if nothing was recorded, more than a page can hold, or the model has other parameters by now.
        TracingError: if the model or the loss branches on data, so that it cannot be compiled.

    >>> import nn
    >>> model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=0)
    >>> explore_training(model.fit(*nn.datasets.xor(), epochs=300, record=200, progress=False))
    <replay of a training, 200 of its epochs 0 to 300; .save('page.html') writes it>
    """
    from nn import History

    if not isinstance(history, History):
        raise TypeError(f"explore_training takes what model.fit(..., record=200) returned, not {history!r}")
    if title is not None and not isinstance(title, str):
        raise TypeError(f"the title of a page is a string, not {title!r}")
    return Replay(history, title or "A training, replayed")
