"""The progress bar."""

import warnings
from functools import cache
from threading import Lock
from typing import Any

__all__ = ["progress_bar"]

_importing = Lock()


def progress_bar(epochs: int, *, shown: bool) -> Any:
    """Returns a tqdm progress bar that counts epochs."""
    with _importing:
        tqdm = _tqdm()
    return tqdm(total=epochs, desc="training", unit="epoch", disable=not shown)


@cache  # so that the filters of warnings, which all threads share, change only once
def _tqdm() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about missing notebook widgets: the bar is then plain text
        from tqdm.auto import tqdm
    return tqdm
