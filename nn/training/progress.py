"""The progress bar of a training run."""

from typing import Any

__all__ = ["progress_bar"]


def progress_bar(epochs: int, *, shown: bool) -> Any:
    """Returns a tqdm progress bar that counts epochs."""
    from nn.training.bar import tqdm

    return tqdm(total=epochs, desc="training", unit="epoch", disable=not shown)
