"""The command `train`, which writes a page that trains a network on samples."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nn
from autograd.numerics import np, npt
from viz.command.errors import UsageError
from viz.command.files import write
from viz.command.output import say
from viz.command.samples_file import read_samples
from viz.pages.language import language_of
from viz.pages.live_training import LiveTraining, train

__all__ = ["NAMES", "train_on"]

Floats = npt.NDArray[np.float64]

NAMES = ("xor", "moons", "circles", "blobs")
"""The data sets that have a name."""

_HELD_OUT = 4  # every fourth sample
_FEWEST_HELD_OUT = 40  # samples from which some are held out


def train_on(source: str, hidden: Sequence[int], seed: int, path: Path, lang: str) -> None:
    """Writes a page that trains a network, and says what it trains.

    Arguments:
        source: one of `NAMES`, or the path of a CSV file whose last column is the target.
        hidden: the sizes of the hidden layers.
        seed: the seed of the initial weights and of the order of the samples.
        path: the page to write.
        lang: the code of its language.

    Raises:
        UsageError: if the source or the file name is wrong, or a page cannot hold it.
        CommandError: if a file cannot be read or written.
    """
    try:
        make = _of_name if source in NAMES else _of_file
        page = make(source, hidden, seed, lang)
    except ValueError as error:
        raise UsageError(str(error)) from None
    written = write([(path, page.save)])
    say(f"{page!r}\n\n{written}\n\nopen it in a browser, and press play")


def _of_name(name: str, hidden: Sequence[int], seed: int, lang: str) -> LiveTraining:
    if name == "blobs":
        return _page(name, nn.datasets.blobs(), ("0", "1", "2"), hidden, seed, lang)
    sets = {"xor": nn.datasets.xor(), "moons": nn.datasets.moons(200), "circles": nn.datasets.circles(200)}
    others = {other: _split(*sets[other]) for other in sets if other != name}
    return _page(name, sets[name], ("0", "1"), hidden, seed, lang, others)


def _of_file(source: str, hidden: Sequence[int], seed: int, lang: str) -> LiveTraining:
    path = Path(source)
    if path.suffix.lower() != ".csv":
        raise UsageError(f"the samples must be {', '.join(NAMES)} or a .csv file, not {str(path)!r}")
    X, y, classes = read_samples(path)
    if not classes:
        y, _ = nn.standardize(y)
    return _page(path.name, (nn.standardize(X)[0], y), classes, hidden, seed, lang)


def _page(
    name: str,
    data: tuple[Any, Any],
    classes: Sequence[str],
    hidden: Sequence[int],
    seed: int,
    lang: str,
    others: dict[str, Any] | None = None,
) -> LiveTraining:
    """Returns the page for a data set. Classes, given by their names, have scores as outputs, quantities a number."""
    samples, targets, *held_out = _split(*data)
    model = nn.MLP(samples.shape[1], [*hidden, len(classes) if len(classes) > 2 else 1], seed=seed)
    losses = {0: "mse_loss", 2: "binary_cross_entropy_with_logits"}
    return train(
        model,
        samples,
        targets,
        loss=losses.get(len(classes), "cross_entropy"),
        optimizer=nn.Adam(model.parameters(), lr=0.03),
        seed=seed,
        validation=(held_out[0], held_out[1]) if held_out else None,
        data=others or {},
        classes=classes or None,
        name=name,
        title=language_of(lang).words("A network learns {0}", name),
        lang=lang,
    )


def _split(X: Any, y: Any) -> tuple[Floats, ...]:
    """Samples and targets, and if there are many those of some samples that are held out, spread evenly."""
    if len(X) < _FEWEST_HELD_OUT:
        return X, y
    held = np.arange(len(X)) // 2 % _HELD_OUT == _HELD_OUT - 1  # in pairs, because data sets alternate between classes
    return X[~held], y[~held], X[held], y[held]
