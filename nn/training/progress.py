"""The progress bar."""

import warnings
from typing import Any

__all__ = ["progress_bar"]


def progress_bar(epochs: int, *, shown: bool) -> Any:
    """Returns a tqdm progress bar that counts epochs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about missing notebook widgets: the bar is then plain text
        from tqdm.auto import tqdm
    return tqdm(total=epochs, desc="training", unit="epoch", disable=not shown)
