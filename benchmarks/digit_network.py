"""Is it a 9 or not, by a network for images of 64×64 pixels: 4096-100-20-1, with 411,741 parameters.

Run it as `python -m benchmarks.digit_network [--side N] [--epochs N]`; it needs scikit-learn and SciPy. The images are
scikit-learn's handwritten digits of 8×8 pixels, enlarged by linear interpolation. So they are as large as the network
needs them, but not sharper than before. A quarter of them is held out for the test.
"""

import argparse
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.ndimage import zoom
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import nn
from benchmarks.process import peak_memory

SIDE, EPOCHS, RATE, BATCH = 64, 5, 0.001, 32


class Split(NamedTuple):
    """Images as rows, with whether each shows a 9."""

    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def enlarged(images: np.ndarray, side: int) -> np.ndarray:
    """Images × 64 pixels as images × side² pixels, by linear interpolation; 0 is no ink, 1 is full ink."""
    factor = side / 8
    large = zoom(images.reshape(-1, 8, 8), (1, factor, factor), order=1)
    rows: np.ndarray = np.clip(large, 0.0, 1.0).reshape(len(images), side * side)
    return rows


def digits(side: int) -> Split:
    """The images with `side` pixels along each edge: three quarters for training, a quarter for the test."""
    images, numbers = load_digits(return_X_y=True)
    pixels = enlarged(images / 16.0, side)
    X, held_out, y, targets = train_test_split(pixels, numbers, test_size=0.25, random_state=0, stratify=numbers)
    return Split(X, y == 9, held_out, targets == 9)


def network(side: int, seed: int = 0) -> nn.MLP:
    return nn.MLP(side * side, [100, 20, 1], activation="relu", output_activation="sigmoid", seed=seed)


class Quality(NamedTuple):
    """How good a network is on the test images."""

    accuracy: float
    recall: float
    precision: float


def quality(answers: np.ndarray, y: np.ndarray) -> Quality:
    found = nn.precision(answers, y) if (answers > 0.5).any() else float("nan")
    return Quality(nn.accuracy(answers, y), nn.recall(answers, y), found)


def trained(model: nn.MLP, data: Split, epochs: int) -> Iterator[tuple[float, Quality]]:
    """Trains the model, and yields the loss and the quality on the test images after each epoch."""
    adam = nn.Adam(model.parameters(), lr=RATE)
    for epoch in range(epochs):
        history = model.fit(
            data.X,
            data.y,
            loss="binary_cross_entropy",
            optimizer=adam,
            epochs=1,
            batch_size=BATCH,
            seed=epoch,
            progress=False,
        )
        yield history.loss[-1], quality(model.predict(data.X_test), data.y_test)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=SIDE, help="pixels along each edge of an image")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="number of passes over the images")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", "before the first epoch, compiling")  # which is measured here
    data = digits(options.side)
    model, seconds = timed(lambda: network(options.side))
    print(f"{len(model.parameters()):,} parameters, built in {seconds:.0f} s")
    print(f"{len(data.y):,} images for training, {len(data.y_test)} for the test")
    print(f"{'epoch':>5}{'loss':>8}{'accuracy':>10}{'recall':>8}{'precision':>11}{'seconds':>9}")
    never = quality(np.zeros(len(data.y_test)), data.y_test)
    print(f"{'always not a 9':<14}{never.accuracy:>9.1%}{never.recall:>8.1%}")
    row = "{:>5}{:>8}{:>10.1%}{:>8.1%}{:>11.1%}"
    epochs = trained(model, data, options.epochs)
    for epoch in range(1, options.epochs + 1):
        (loss, reached), seconds = timed(lambda: next(epochs))
        print(row.format(epoch, f"{loss:.3f}", *reached) + f"{seconds:>9.1f}", flush=True)
    print(f"memory: {peak_memory() / 1e9:.1f} GB; the first epoch includes compiling the network")


if __name__ == "__main__":
    main()
