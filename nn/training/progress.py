"""The progress bar of a training run."""

from typing import Any

__all__ = ["progress_bar"]


def progress_bar(epochs: int, *, shown: bool) -> Any:
    """Returns a tqdm progress bar that counts epochs.

    Its rate is that of all epochs so far. The rate of the last few, tqdm's default, would be that of the first epochs
    where the others come all at once.
    """
    from nn.training.bar import tqdm

    return tqdm(total=epochs, desc="training", unit="epoch", smoothing=0, disable=not shown)
