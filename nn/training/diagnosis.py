"""Why a training run goes badly: a model that is too large, inputs or targets that are not scaled, too high a rate."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from autograd import NonFiniteError
from autograd.numerics import np, npt
from nn.optimizers import LBFGS
from nn.training.callbacks import EarlyStopping
from nn.training.task import Task

__all__ = ["advice_on_divergence", "advice_on_inputs", "advice_on_size", "with_advice_on_overflow"]

Floats = npt.NDArray[np.float64]

# The largest root mean square of a column that counts as scaled. It is 1 after standardizing, and at most 1 for numbers
# from -1 to 1. A unit with initial weights turns 4 into about 4, where tanh is flat: its slope is 0.001. And the mean
# squared error of a linear unit diverges at a learning rate of 0.1 as soon as it is above 3.
_LARGEST = 4.0
# Measured with 784-128-10 and 4096-100-20-1 on a processor of 2023; the time is proportional to the parameters.
_COMPILED_PER_SECOND = 40_000
_BYTES_TO_COMPILE = 1_200  # for each parameter
_LONG = 10.0  # seconds
_FAR = 10.0  # times the first loss, or times 1 if that is lower: a loss that ends above has diverged


def advice_on_inputs(task: Task) -> str | None:
    """Returns what to do about samples that are not scaled; None if they are.

    The rule is the same for every optimizer: where a unit is flat, none of them learns well. Only large numbers count;
    small ones slow training down, but do not spoil it. Validation samples change no weights, and are not examined, nor
    are targets: a linear output may learn quantities of any size.
    """
    unscaled = _unscaled_column(task.samples)
    if unscaled is None:
        return None
    targets = _unscaled_targets(task)
    return (
        f"the columns of X should have a mean near 0 and a standard deviation near 1, but {unscaled}: training on them "
        "is slow, or diverges. Use X, standardizer = nn.standardize(X), and standardizer(x) for other samples"
        + (f"; y has {targets}, standardize it too" if targets else "")
    )


def advice_on_size(task: Task) -> str | None:
    """Returns how long a model takes to compile and what to do about it; None if that is soon over.

    Arguments:
        task: a training run that is to be compiled.
    """
    parameters = len(task.optimizer.parameters)
    seconds = parameters / _COMPILED_PER_SECOND
    if seconds < _LONG:
        return None
    memory = parameters * _BYTES_TO_COMPILE / 1e9
    return (
        f"before the first epoch, compiling {parameters:,} parameters takes about {seconds:.0f} s and {memory:.1f} GB "
        "of memory. A layer has a parameter for each pair of an input and a unit: use fewer inputs or units; or, for a "
        "few steps, compiled=False"
    )


def advice_on_divergence(task: Task, losses: Sequence[float]) -> str | None:
    """Returns what to do about a loss that diverged; None if it did not.

    It diverged if it ended far above where it began: at more than ten times the loss of the first epoch, and more than
    10. Networks start with a loss of about 1 or more; one that starts with less was trained before, and its loss may
    grow and fall again. Nor does it count if an `EarlyStopping` has restored the best weights.

    Arguments:
        task: the training run.
        losses: the mean loss of each epoch.
    """
    restored = any(isinstance(callback, EarlyStopping) and callback.restore_best for callback in task.callbacks)
    if restored or not losses or losses[-1] <= _FAR * max(losses[0], 1.0):
        return None
    return f"training diverged: {_growth(losses)}; it ended at {losses[-1]:.4g}. {_remedy(task)}"


@contextmanager
def with_advice_on_overflow(task: Task, losses: Sequence[float]) -> Iterator[None]:
    """While active, a `NonFiniteError` says what to do, unless it is of the first step, or the losses before it fell.

    Arguments:
        task: the training run.
        losses: the mean loss of each epoch that is complete.
    """
    steps = task.optimizer.steps
    try:
        yield
    except NonFiniteError as error:
        if task.optimizer.steps == steps or (losses and losses[-1] < losses[0]):
            raise
        growth = f"; {_growth([*losses, math.inf])}" if losses else ""
        raise NonFiniteError(f"{error}{growth}. {_remedy(task)}") from None


def _growth(losses: Sequence[float]) -> str:
    began = 1 + max(epoch for epoch, loss in enumerate(losses) if loss <= losses[0])
    return f"the loss was {losses[0]:.4g} in epoch 0, and has been above that since epoch {began}"


def _remedy(task: Task) -> str:
    """What to do about a loss that grows."""
    unscaled, targets, optimizer = _unscaled_column(task.samples), _unscaled_targets(task), task.optimizer
    if unscaled is not None:
        return f"Use X, standardizer = nn.standardize(X): {unscaled}"
    if isinstance(optimizer, LBFGS):
        return "Begin with some epochs of nn.Adam(model.parameters()), or add a penalty on large weights"
    return f"Lower the learning rate of {type(optimizer).__name__}, which is {optimizer.learning_rate():.4g}" + (
        f", or use y, standardizer = nn.standardize(y): y has {targets}" if targets else ""
    )


def _unscaled_column(samples: Floats) -> str | None:
    """The column with the largest numbers, if they are not scaled; else None."""
    sizes = _root_mean_square(samples)
    worst, unscaled = int(sizes.argmax()), int(np.count_nonzero(sizes > _LARGEST))
    if not unscaled:
        return None
    others = f" ({unscaled} of {len(sizes)} columns are not scaled)" if len(sizes) > 1 else ""
    return f"X[:, {worst}] has {_spread(samples[:, worst])}{others}"


def _unscaled_targets(task: Task) -> str | None:
    """The mean and the deviation of targets that are quantities, if they are not scaled; else None."""
    numbers = task.targets.ravel()
    if task.loss.takes_classes or _root_mean_square(numbers) <= _LARGEST:
        return None
    return _spread(numbers)


def _root_mean_square(columns: Floats) -> Floats:
    with np.errstate(over="ignore"):
        sizes: Floats = np.sqrt(np.einsum("i...,i...->...", columns, columns) / len(columns))  # without a copy
    return sizes


def _spread(column: Floats) -> str:
    with np.errstate(over="ignore", invalid="ignore"):
        return f"mean {column.mean():.3g} and standard deviation {column.std():.3g}"
