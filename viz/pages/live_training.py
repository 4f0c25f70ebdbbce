"""The live page: a model that trains in the browser, while the reader watches and changes things."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from viz.pages.language import language_of
from viz.pages.page import page
from viz.pages.showable import ShowablePage

if TYPE_CHECKING:
    import numpy.typing as npt

    from autograd import Value
    from nn import Module
    from nn.optimizers import Optimizer
    from nn.training.task import Task
    from viz.pages.live_payload import DataSet

__all__ = ["LiveTraining", "train"]


class LiveTraining(ShowablePage):
    """A page that trains a model. Notebooks show it; `save` writes it to a file; `html` is its text."""

    def __init__(
        self,
        task: "Task",
        sets: "Sequence[DataSet]",
        networks: Sequence[tuple[str, Any]],
        names: Sequence[str] | None,
        *,
        title: str,
        height: int,
        palette: str,
        lang: str,
    ) -> None:
        from viz.pages.live_payload import LARGEST, live_payload

        super().__init__(title, "the decisions of the model before training", height, palette, lang)
        self._task = task
        self._networks = networks
        self._payload = live_payload(task, sets, networks, names)
        if len(self.html) > LARGEST:
            raise ValueError(
                f"a live page has at most {LARGEST:,} characters, not {len(self.html):,}: use fewer samples, or fewer "
                "activations and sizes to choose from"
            )

    @cached_property
    def html(self) -> str:
        """The page: one HTML document that needs no other file, network or server."""
        return page(
            "live",
            self.title,
            self._payload.data,
            self._payload.javascript,
            palette=self._palette,
            language=self._language,
            controls="live_controls",
            styles=("math", "replay", "tour"),
            has_worker=True,
        )

    def picture(self) -> bytes:
        """The decisions of the model as it is now, or, if there is no plane to show them in, its outputs, as PNG."""
        from viz.pages.training_data import classes_of, threshold_of
        from viz.pictures.palette import LIGHT
        from viz.plots import plot_decision_surface
        from viz.plots.axes import new_figure

        task = self._task
        (outputs,) = task.probe.shape or (1,)
        classes, _ = classes_of(task.targets, outputs)
        figure = new_figure(6.4, 4.2, LIGHT)
        if task.samples.shape[1] != 2 or not classes:
            axes = figure.subplots()
            axes.plot(task.model.predict(task.samples).reshape(len(task.samples), -1), ".")
            axes.set(xlabel="sample", ylabel="outputs before training")
            return figure._repr_png_()
        threshold = threshold_of(task.loss.function, classes, outputs)
        plot_decision_surface(
            task.model.predict,
            task.samples,
            task.targets,
            threshold=0.5 if threshold is None else threshold,
            ax=figure.subplots(),
        )
        return figure._repr_png_()

    def __repr__(self) -> str:
        networks = ", ".join(title for title, _ in self._networks)
        return f"<page that trains {networks}; .save('page.html') writes it>"


def train(
    model: "Module",
    X: "npt.ArrayLike",
    y: "npt.ArrayLike",
    *,
    loss: "str | Callable[..., Value]" = "mse_loss",
    optimizer: "Optimizer | None" = None,
    batch_size: int | None = None,
    seed: int = 0,
    validation: "tuple[npt.ArrayLike, npt.ArrayLike] | None" = None,
    activations: Sequence[str] | None = None,
    sizes: Sequence[Sequence[int]] | None = None,
    data: Mapping[str, Sequence[Any]] | None = None,
    classes: Sequence[str] | None = None,
    name: str = "given",
    title: str | None = None,
    height: int = 760,
    palette: str = "auto",
    lang: str = "en",
) -> LiveTraining:
    """Makes a page that trains a model in the browser, from the weights that it has now; the model does not change.

    The reader plays, pauses and steps the training; changes learning rate, batch size, optimizer, penalties, seed,
    network and data; adds, moves and deletes points. While it trains, the page shows the decisions of the model, its
    losses, the network with what each neuron has learned, and the chain rule for any weight and sample. It says in
    words where training goes wrong: when the loss diverges, or a neuron no longer learns.

    The numbers are those of `fit`: the page runs programs that the compiler makes of the model, the loss and the
    optimizer, for each choice of the reader, and draws the order of minibatches and the initial weights of a seed as
    Python does. At first the weights are those of the model; with another seed, those of `nn.MLP(..., seed=...)`. The
    penalties are factors of `nn.l1_penalty` and `nn.l2_penalty`; the loss is shown without them.

    Arguments:
        model: the model.
        X, y, loss, optimizer, batch_size, seed, validation: as for `fit`. Batch size, seed and optimizer are those that
            the page begins with.
        activations: for an MLP, the activations of its hidden layers to choose from; by default tanh, relu and sigmoid.
        sizes: for an MLP, the sizes of its hidden layers to choose from, such as `[[2], [4, 4]]`; by default a few.
        data: other data sets to choose from, by name: `(X, y)`, or `(X, y, X_validation, y_validation)`.
        classes: the names of the classes, in the order of their targets; by default the targets, such as "0" and "1".
        name: the name of the data set `X`, `y`.
        title: the heading of the page.
        height: the height of the page in a notebook, in CSS pixels.
        palette: "light", "dark", or "auto" for the theme of the notebook, and in a file that of the viewer's system.
        lang: the code of the language of the page, "en" or that of a file of viz/pages/languages, such as "es" or "zh".

    Returns:
        A page that Jupyter, VS Code, Colab and marimo show. `.save("page.html")` writes it as one file, which works
        from disk and makes no network requests.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if an argument of `fit` is wrong, or there is no such language; if the model has dropout, the
            optimizer is `LBFGS`, or its learning rate is a function; if activations or sizes are given for a model that
            is not an MLP, or names of classes that the targets do not have; or if the page would be larger than 600 kB.
        TracingError: if the model, the loss or the optimizer branches on data and therefore cannot be compiled.
        NotImplementedError: if an operation of your own calls plain Python.

    >>> import nn
    >>> model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=0)
    >>> train(model, *nn.datasets.xor(), loss="binary_cross_entropy", activations=["relu"], sizes=[[2]])
    <page that trains 2-4-1 tanh, 2-4-1 relu, 2-2-1 tanh; .save('page.html') writes it>
    """
    from nn.training.task import checked_task
    from viz.pages.live_choices import data_sets, network_choices
    from viz.pages.live_payload import refuse

    task = checked_task(
        model,
        X,
        y,
        loss=loss,
        optimizer=optimizer,
        epochs=1,
        batch_size=batch_size,
        seed=seed,
        validation=validation,
        callbacks=(),
        record=0,
        compiled=True,
    )
    refuse(task)
    return LiveTraining(
        task,
        data_sets(task, name, data or {}),
        network_choices(task, activations, sizes),
        classes,
        title=language_of(lang).words("A network that trains") if title is None or title == "" else title,
        height=height,
        palette=palette,
        lang=lang,
    )
