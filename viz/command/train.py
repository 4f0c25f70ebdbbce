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

Floats = npt.NDArray[np.floating[Any]]

NAMES = ("xor", "moons", "circles", "blobs")
"""The data sets that have a name."""

_IN_TITLES = {"xor": "XOR"}
_HELD_OUT = 4  # every fourth sample of each class
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
        return _page(name, _by_class(nn.datasets.blobs()), ("0", "1", "2"), hidden, seed, lang)
    made = {"xor": nn.datasets.xor(), "moons": nn.datasets.moons(200), "circles": nn.datasets.circles(200)}
    sets = {each: _by_class(data) for each, data in made.items()}
    return _page(name, sets.pop(name), ("0", "1"), hidden, seed, lang, sets)


def _of_file(source: str, hidden: Sequence[int], seed: int, lang: str) -> LiveTraining:
    path = Path(source)
    if path.suffix.lower() != ".csv":
        raise UsageError(f"the samples must be {', '.join(NAMES)} or a .csv file, not {str(path)!r}")
    X, y, classes = read_samples(path)
    held = _held_out(y if classes else np.zeros(len(y)))
    X = nn.standardize(X[~held])[1](X)  # by the samples that are trained on
    if not classes:
        y = nn.standardize(y[~held])[1](y)
    return _page(path.name, _split(X, y, held), classes, hidden, seed, lang)


def _page(
    name: str,
    data: Sequence[Floats],
    classes: Sequence[str],
    hidden: Sequence[int],
    seed: int,
    lang: str,
    others: dict[str, tuple[Floats, ...]] | None = None,
) -> LiveTraining:
    """Returns the page for a data set. Classes, given by their names, have scores as outputs, quantities a number."""
    samples, targets, *held_out = data
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
        title=language_of(lang).words("A network learns {0}", _IN_TITLES.get(name, name)),
        lang=lang,
    )


def _held_out(classes: Floats) -> npt.NDArray[np.bool_]:
    """Which samples are held out: of many, every fourth of each class, so that the others have all classes."""
    held = np.zeros(len(classes), dtype=bool)
    if len(classes) >= _FEWEST_HELD_OUT:
        for each in np.unique(classes):
            held[np.flatnonzero(classes == each)[_HELD_OUT - 1 :: _HELD_OUT]] = True
    return held


def _split(X: Floats, y: Floats, held: npt.NDArray[np.bool_]) -> tuple[Floats, ...]:
    """Samples and targets, and if some are held out, theirs."""
    return (X[~held], y[~held], X[held], y[held]) if held.any() else (X, y)


def _by_class(data: nn.datasets.Dataset) -> tuple[Floats, ...]:
    return _split(data.X, data.y, _held_out(data.y))
