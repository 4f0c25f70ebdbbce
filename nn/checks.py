"""Checks of samples and targets before anything is computed with them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nn.losses import LOSSES, OF_CLASSES

if TYPE_CHECKING:
    from nn.module import Module

__all__ = ["checked_inputs", "checked_samples", "held_in_mode"]

Floats = npt.NDArray[np.float64]


def checked_inputs(model: "Module", X: Any) -> Floats:
    """X as an array, samples × inputs, that the model can take.

    Raises:
        ValueError: if it is empty, of another shape, or holds nan or inf.
    """
    samples = _floats("X", X)
    if samples.ndim == 1 and model.inputs == 1:
        samples = samples[:, None]
    if samples.ndim != 2 or samples.shape[0] == 0:
        hint = "; for a single sample x call model(x), or give [x]" if samples.ndim == 1 else ""
        raise ValueError(f"X is samples × inputs with at least one sample, not of shape {samples.shape}{hint}")
    if model.inputs is not None and samples.shape[1] != model.inputs:
        raise ValueError(f"each sample of X has {samples.shape[1]} numbers, but the model has {model.inputs} inputs")
    return samples


def checked_samples(model: "Module", X: Any, y: Any, loss_of: Callable[..., Any]) -> tuple[Floats, Floats]:
    """X and y as arrays that fit each other, the model and the loss.

    Raises:
        ValueError: if they do not, are empty, or hold nan or inf; `LabelError` for a label out of the loss's range.
    """
    samples, targets = checked_inputs(model, X), _floats("y", y)
    if len(targets) != len(samples):
        raise ValueError(f"X has {len(samples)} samples, but y has {len(targets)} targets")
    output = np.shape(np.array(_output_in_evaluation(model, samples[0]), dtype=object))
    if targets.shape == (len(samples), 1) and output == ():
        targets = targets[:, 0]
    if output == () and loss_of in OF_CLASSES:  # which would take samples for classes
        raise ValueError(f"{loss_of.__name__} takes a score for each class, but this model has one output")
    if loss_of in LOSSES.values():  # which take plain numbers too: any will do to see whether the targets fit
        loss_of(np.zeros((len(samples), *output)), targets)
    return samples, targets


def _floats(name: str, values: Any) -> Floats:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is an array of numbers in rows of one length: {error}") from None
    if array.ndim == 0:
        raise ValueError(f"{name} is an array, not the single number {values!r}")
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = tuple(int(index) for index in wrong[0])
        raise ValueError(f"{name} holds {array[place]} at {name}[{', '.join(map(str, place))}]; every number is finite")
    return array


def _output_in_evaluation(model: "Module", sample: Floats) -> Any:
    with held_in_mode(model):
        return model(list(sample))


@contextmanager
def held_in_mode(model: "Module", *, training: bool = False) -> Iterator[None]:
    """Holds a model in evaluation, or in training, for the block; then each of its modules is in its own mode again."""
    modes = [(module, module.training) for _, module in model.named_modules()]
    try:
        model.train(training)
        yield
    finally:
        for module, mode in modes:
            module.training = mode
