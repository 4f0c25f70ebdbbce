"""The replay: a page that moves through the epochs of a recorded training run."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from viz.pages.language import language_of
from viz.pages.page import page
from viz.pages.showable import ShowablePage

if TYPE_CHECKING:
    from nn import History

__all__ = ["Replay", "explore_training"]


class Replay(ShowablePage):
    """A page that replays a training run. Notebooks show it; `save` writes it to a file; `html` is its text."""

    def __init__(self, history: "History", title: str, height: int, palette: str, lang: str) -> None:
        from viz.pages.training_run import training_run

        super().__init__(title, "the loss, and the final decisions of the model", height, palette, lang)
        self._history = history
        self._run = training_run(history)

    @cached_property
    def html(self) -> str:
        """The page: one HTML document that needs no other file, network or server."""
        return page(
            "replay",
            self.title,
            self._run.data,
            self._run.javascript,
            palette=self._palette,
            language=self._language,
            unit="epoch",
        )

    def picture(self) -> bytes:
        """The loss curve, with the decision surface at the last epoch if there is one, as PNG."""
        from viz.pages.training_figure import training_figure

        figure, _ = training_figure(self._history, self._run.decisions_of(self._at_the_end))
        return figure._repr_png_()

    def _at_the_end(self, X: Any) -> Any:
        """Returns the predictions of the model with the last recorded weights."""
        from autograd import Value
        from nn.stand_in import StandIn

        recording = self._run.recording
        parameters = dict(recording.model.named_parameters())
        last = {parameters[name]: Value(w, role="parameter") for name, w in recording.state_dict(-1).items()}
        return StandIn(recording.model, last).model.predict(X)

    def __repr__(self) -> str:
        epochs = self._run.data["training"]["epochs"]
        shown = f"{len(epochs)} of its epochs 0 to {epochs[-1]}"
        return f"<replay of a training run, {shown}; .save('page.html') writes it>"


def explore_training(
    history: "History", *, title: str | None = None, height: int = 760, palette: str = "auto", lang: str = "en"
) -> Replay:
    """Makes a page that replays a training run: the reader plays it, or moves to any epoch that `fit` recorded.

    For each epoch it shows the model's decisions for the samples, the loss, the network, and the graph of the loss of a
    chosen sample, with its values and gradients. The network of an MLP, a layer or a neuron has its weights and biases
    as numbers, and weights also as colours and widths. For a model of one or two inputs, each neuron shows its output
    over them as a picture; for other models, its output for the chosen sample as a colour. In the graph, modules can be
    folded; it starts folded as far as needed to be legible. The page computes everything from the weights of the epoch,
    as Python would. It can be presented (P), and linked to at any epoch and sample.

    The loss that the page states, and marks with a dot, is that of all training samples with the weights after the
    epoch. The curve is `History.loss`: the mean over the minibatches during the epoch, each computed before its step.
    The two therefore differ, most of all where the loss falls fast.

    Arguments:
        history: the result of `model.fit(..., record=200)`.
        title: the heading of the page.
        height: the height of the page in a notebook, in CSS pixels.
        palette: "light", "dark", or "auto" for the theme of the notebook, and in a file that of the viewer's system.
        lang: the code of the language of the page, "en" or that of a file of viz/pages/languages, such as "es" or "zh".

    Returns:
        A page that Jupyter, VS Code, Colab and marimo show. `.save("page.html")` writes it as one file, which works
        from disk and makes no network requests.

    Raises:
        TypeError: if `history` is not an `nn.History`, or the title is not a string.
        ValueError: if nothing was recorded, or more than a page can hold, or the model now has other parameters; or if
            the height is not an integer from 200 to 10,000, or there is no such palette or language.
        TracingError: if the model or the loss branches on data and therefore cannot be compiled.

    >>> import nn
    >>> model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=0)
    >>> explore_training(model.fit(*nn.datasets.xor(), epochs=300, record=200, progress=False))
    <replay of a training run, 200 of its epochs 0 to 300; .save('page.html') writes it>
    """
    from nn import History

    if not isinstance(history, History):
        raise TypeError(f"explore_training takes the result of model.fit(..., record=200), not {history!r}")
    if title is None or title == "":
        title = language_of(lang).words("Replay of a training run")
    return Replay(history, title, height, palette, lang)
