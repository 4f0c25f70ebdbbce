"""The command `demo`, which trains a network on XOR and shows it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nn
from autograd.notation.characters import on_one_line
from autograd.notation.table import table
from viz.command.files import File, make_folder, write
from viz.command.output import say
from viz.pages.replay import explore_training
from viz.pictures.drawing import draw
from viz.pictures.network import draw_network
from viz.plots import plot_decision_surface, plot_loss

__all__ = ["demo"]

_PAGE = "training.html"
_RECORDED = 200  # epochs that the page replays


def demo(folder: Path, epochs: int, seed: int, *, progress: bool) -> None:
    """Trains a 2-4-1 network on XOR, prints what it learned, and writes pictures and a page of its training.

    Arguments:
        folder: where to write the files.
        epochs: the number of passes over the four samples.
        seed: the seed of the initial weights.
        progress: whether to show a progress bar.

    Raises:
        CommandError: if a file cannot be written.
        KeyboardInterrupt: if training is interrupted.
    """
    make_folder(folder)  # before training, so that a wrong path costs no time
    X, y = nn.datasets.xor()
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=seed)
    history = model.fit(
        X,
        y,
        loss=nn.mse_loss,
        optimizer=nn.Adam(model.parameters(), lr=0.05),
        epochs=epochs,
        record=_RECORDED,
        progress=progress,
    )
    if history.stopped == "interrupted":
        raise KeyboardInterrupt
    outputs = model.predict(X)
    accuracy = nn.accuracy(outputs, y)
    say(f"loss      {history.loss[-1]:.6f}")
    say(f"accuracy  {accuracy:.0%}\n")
    say(_truth_table(X, y.ravel(), outputs.ravel()))
    if accuracy < 1.0:
        say("\nnot solved: from some initial weights, training gets stuck; try more --epochs or another --seed")
    say(f"\n{write(_files(model, X, y, history, folder))}")
    say(f"\nopen {on_one_line(str(folder / _PAGE))} in a browser to replay the training")


def _truth_table(inputs: Any, targets: Any, outputs: Any) -> str:
    rows = [
        [*(f"{x:g}" for x in row), f"{target:g}", f"{output:.4f}", f"{output:.0f}"]
        for row, target, output in zip(inputs, targets, outputs, strict=True)
    ]
    return table(["x1", "x2", "target", "output", "rounded"], rows)


def _files(model: nn.MLP, X: Any, y: Any, history: nn.History, folder: Path) -> Iterable[File]:
    """The pictures of the network and its training, and the page that replays it."""
    model.zero_grad()
    loss = nn.mse_loss(model(X[1]), y[1])
    loss.label = "loss"
    loss.backward()
    pictures: dict[str, Callable[[Path], object]] = {
        "graph": draw(loss, hide_constants=True).save,
        "network": draw_network(model).save,
        "loss": plot_loss(history).savefig,
        "surface": plot_decision_surface(model, X, y).savefig,
    }
    for name, saver in pictures.items():
        for format in ("svg", "png"):
            yield folder / f"{name}.{format}", saver
    yield folder / _PAGE, explore_training(history, title="A network learns XOR").save
