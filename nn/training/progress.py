"""The progress bar."""

import warnings
from typing import Any

__all__ = ["progress_bar"]


def progress_bar(epochs: int, *, shown: bool) -> Any:
    """Returns a bar of tqdm that counts epochs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a notebook has no widgets: then the bar is one of text
        from tqdm.auto import tqdm
    return tqdm(total=epochs, desc="training", unit="epoch", disable=not shown)
