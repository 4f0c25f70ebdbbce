"""The progress bar of a training run."""

from typing import Any

__all__ = ["progress_bar"]


def progress_bar(epochs: int, *, shown: bool) -> Any:
    """Returns a tqdm progress bar that counts epochs, with their mean rate since the start.

    A smoothed rate would be that of the last few updates, which a notebook's bar keeps when training has ended.
    """
    from nn.training.bar import tqdm

    return tqdm(total=epochs, desc="training", unit="epoch", smoothing=0, disable=not shown)
