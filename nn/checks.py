"""Checks of samples and targets before anything is computed with them."""

from typing import TYPE_CHECKING, Any

from autograd.numerics import np, npt
from nn.losses import Loss

if TYPE_CHECKING:
    from nn.modules.module import ModuleBase

__all__ = ["checked_floats", "checked_inputs", "checked_targets", "fitted_targets"]

Floats = npt.NDArray[np.float64]


def checked_inputs(model: "ModuleBase", X: Any) -> Floats:
    """Returns X as an array, samples × inputs, that the model can take.

    Raises:
        ValueError: if it is empty, has another shape, or holds nan or inf.
    """
    samples = checked_floats("X", X)
    if samples.ndim == 1 and model.inputs == 1:
        samples = samples[:, None]
    if samples.ndim != 2 or samples.shape[0] == 0:
        hint = "; for a single sample x call model(x), or pass [x]" if samples.ndim == 1 else ""
        raise ValueError(f"X must be samples × inputs with at least one sample, not of shape {samples.shape}{hint}")
    if model.inputs is not None and samples.shape[1] != model.inputs:
        raise ValueError(
            f"each sample of X must have {model.inputs} numbers, one per input of the model, not {samples.shape[1]}"
        )
    return samples


def checked_targets(y: Any, samples: int) -> Floats:
    """Returns y as an array with one entry for each sample.

    Raises:
        ValueError: if there are more or fewer, or one is nan or inf.
    """
    targets = checked_floats("y", y)
    if len(targets) != samples:
        raise ValueError(f"y must have one target for each of the {samples} samples of X, not {len(targets)}")
    return targets


def fitted_targets(loss: Loss, output: tuple[int, ...], targets: Floats) -> Floats:
    """Returns the targets in the shape that the loss takes: a single column becomes 1-D.

    Arguments:
        loss: the loss that compares them with outputs.
        output: the shape of the model's output for one sample: () or (outputs,).
        targets: as `checked_targets` returns them.

    Raises:
        ValueError: if they do not match the output or the loss; `LabelError` for a label out of the loss's range.
    """
    if targets.shape == (len(targets), 1) and output == ():
        targets = targets[:, 0]
    if output == () and loss.takes_classes:  # it would mistake the samples for classes
        raise ValueError(f"{loss.function.__name__} needs a model with one output per class, not a single output")
    if loss.accepts is not None and not loss.accepts(targets, output):  # raises, whatever the predictions are
        loss.function(np.zeros((len(targets), *output)), targets)
    return targets


def checked_floats(name: str, values: Any) -> Floats:
    """Returns an array of finite numbers.

    Arguments:
        name: what it is, for the message.
        values: numbers, in rows of equal length.

    Raises:
        ValueError: for anything else.
    """
    try:
        array = np.asarray(values, dtype=float)
    except (OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers, in rows of equal length: {error}") from None
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array, not the single number {values!r}")
    finite = np.isfinite(array)
    if not finite.all():
        index = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(f"{name} must be finite, but {name}[{', '.join(map(str, index))}] is {array[index]}")
    return array
