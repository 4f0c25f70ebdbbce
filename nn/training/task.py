"""The checked arguments of `fit`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.numerics import np, npt
from autograd.suggestions import choose
from nn.checks import checked_inputs, checked_targets, fitted_targets
from nn.choices import checked_seed, checked_size
from nn.losses import LOSSES, Loss, loss_record
from nn.optimizers import LBFGS, SGD, Optimizer
from nn.training.callbacks import Callback
from nn.training.kept import kept_probe
from nn.training.probe import Probe, probed
from nn.training.recording import recorded_epochs

if TYPE_CHECKING:
    from nn.modules.module import Module

__all__ = ["Task", "checked_task"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """The model to train, its samples, and the options.

    Attributes:
        model: trained in place.
        parameters: those of the model, also the ones that the optimizer does not update.
        loss: the loss.
        optimizer: the optimizer of its parameters.
        samples: samples × inputs.
        targets: one target, or row of targets, for each sample.
        epochs: the number of passes over the samples.
        batch_size: the number of samples per step, at most all of them.
        seed: the seed of the order of the samples.
        validation: samples and targets that are not trained on, or None.
        callbacks: called after each epoch.
        recorded: the numbers of epochs after which the weights are kept; possibly empty.
        compiled: whether to compile the training, if possible.
        probe: what a run of the model shows.
    """

    model: "Module"
    parameters: Sequence[Value]
    loss: Loss
    optimizer: Optimizer
    samples: Floats
    targets: Floats
    epochs: int
    batch_size: int
    seed: int
    validation: tuple[Floats, Floats] | None
    callbacks: Sequence[Callback]
    recorded: list[int]
    compiled: bool
    probe: Probe

    @property
    def target_shape(self) -> tuple[int, ...]:
        """The shape of the target of one sample, () or (outputs,), in which a class is a row."""
        rows = self.loss.takes_classes and self.targets.ndim == 1
        return self.probe.shape if rows else self.targets.shape[1:]

    @property
    def pauses(self) -> Sequence[int]:
        """The numbers of epochs after which something needs the weights, in ascending order; the last is `epochs`."""
        if self.callbacks or self.validation:
            return range(1, self.epochs + 1)
        return self.recorded or [self.epochs]


def checked_task(
    model: "Module",
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    loss: str | Callable[..., Any],
    optimizer: Optimizer | None,
    epochs: int,
    batch_size: int | None,
    seed: int,
    validation: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    callbacks: Sequence[Callback],
    record: int,
    compiled: bool,
) -> Task:
    """Checks the arguments of `fit`, which documents them; the model, its mode and its gradients do not change.

    Raises:
        ValueError, TypeError: if an argument is wrong, or does not match the others.
    """
    used = loss_record(loss if callable(loss) else choose("loss", loss, LOSSES))
    samples = checked_inputs(model, X)
    targets = checked_targets(y, len(samples))
    held_out = _checked_validation(model, validation)
    epochs = checked_size("epochs", epochs)
    parameters = model.parameters()
    optimizer = _checked_optimizer(parameters, optimizer)
    if isinstance(optimizer, LBFGS) and batch_size is not None:
        raise ValueError(
            f"batch_size must be None with LBFGS, whose steps need the loss of all samples, not {batch_size!r}"
        )
    batch_size = len(samples) if batch_size is None else checked_size("batch_size", batch_size)
    if not isinstance(callbacks, (tuple, list)) or not all(map(callable, callbacks)):
        raise TypeError(f"callbacks must be a list of functions (epoch, history, model), not {callbacks!r}")
    seed = checked_seed("seed", seed)
    recorded = recorded_epochs(record, epochs)
    # One run shows the shape of an output. Compiling needs a second, to check that the loss is a mean over samples, and
    # that the model does the same each time.
    probe = kept_probe(model, samples) if used.is_ours else None
    probe = probe or probed(model, samples[: 2 if compiled else 1])
    if isinstance(optimizer, LBFGS) and probe.dropouts:
        raise ValueError("a model trained with LBFGS must have no dropout, which changes the loss in each epoch")
    return Task(
        model=model,
        parameters=parameters,
        loss=used,
        optimizer=optimizer,
        samples=samples,
        targets=fitted_targets(used, probe.shape, targets),
        epochs=epochs,
        batch_size=min(batch_size, len(samples)),
        seed=seed,
        validation=held_out and (held_out[0], fitted_targets(used, probe.shape, held_out[1])),
        callbacks=callbacks,
        recorded=recorded,
        compiled=compiled,
        probe=probe,
    )


def _checked_validation(
    model: "Module", validation: tuple[npt.ArrayLike, npt.ArrayLike] | None
) -> tuple[Floats, Floats] | None:
    if validation is None:
        return None
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise ValueError(f"validation must be a pair of samples and their targets, not {validation!r}")
    samples = checked_inputs(model, validation[0])
    return samples, checked_targets(validation[1], len(samples))


def _checked_optimizer(parameters: Sequence[Value], optimizer: Optimizer | None) -> Optimizer:
    if optimizer is None:
        return SGD(parameters)
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer must be an optimizer such as nn.Adam(model.parameters()), not {optimizer!r}")
    alike = any(map(is_, optimizer.parameters, parameters))  # at once, as a rule; sets of all take long
    if not alike and set(optimizer.parameters).isdisjoint(parameters):
        raise ValueError(
            "optimizer must update parameters of this model, not of another; use nn.Adam(model.parameters())"
        )
    return optimizer
