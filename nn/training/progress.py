"""The progress bar of a training run."""

from importlib.util import find_spec
from typing import Any

__all__ = ["progress_bar"]


class _NoBar:
    """What stands in for a progress bar where tqdm is not installed: it shows nothing."""

    def update(self, count: int) -> None:
        """Counts epochs."""

    def set_postfix(self, refresh: bool = True, **numbers: str) -> None:
        """Sets the numbers after the bar."""

    def set_description(self, text: str) -> None:
        """Sets the text before the bar."""

    def unpause(self) -> None:
        """Starts the clock again."""

    def close(self) -> None:
        """Ends the bar."""


def progress_bar(epochs: int, *, shown: bool) -> Any:
    """Returns a tqdm progress bar that counts epochs; without tqdm, one that shows nothing.

    Its rate is that of all epochs so far. The rate of the last few, tqdm's default, would be that of the first epochs
    where the others come all at once.
    """
    if not find_spec("tqdm"):
        return _NoBar()
    from nn.training.bar import tqdm

    return tqdm(total=epochs, desc="training", unit="epoch", smoothing=0, disable=not shown)
