"""Training a model on samples, one minibatch after the other."""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import NonFiniteError, Value
from autograd.arrays import array, data_of
from autograd.compiler.trace.symbol import TracingError
from nn.checks import checked_inputs, checked_samples, held_in_mode
from nn.choices import checked_size, choose
from nn.dropout import Dropout
from nn.losses import LOSSES
from nn.module import Module
from nn.optimizers import SGD, Optimizer
from nn.training.callbacks import Callback
from nn.training.compiled import Plan, Task, compiled_epochs, compiled_outputs
from nn.training.recording import Recording, recorded_epochs

__all__ = ["History", "fit", "predict"]

Floats = npt.NDArray[np.float64]
Note = Callable[[list[float]], object]
"""Called with the losses of some epochs as soon as they are done."""


@dataclass(slots=True)
class History:
    """What happened in a training.

    Attributes:
        loss: the mean loss of each epoch, of the weights as they were at each step.
        validation_loss: the loss on the validation samples after each epoch, if there are any.
        stopped: "finished", "early" (by a callback), or "interrupted" (by Ctrl-C).
        recording: the weights after some of the epochs, if `fit` was asked to record them.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    stopped: str = "finished"
    recording: Recording | None = None


def fit(
    model: Module,
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    loss: str | Callable[..., Value] = "mse_loss",
    optimizer: Optimizer | None = None,
    epochs: int = 100,
    batch_size: int | None = None,
    seed: int = 0,
    validation: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    callbacks: Sequence[Callback] = (),
    record: int = 0,
    progress: bool = True,
    compiled: bool = True,
) -> History:
    """Trains a model. Also there as `model.fit(X, y, ...)`.

    Arguments:
        model: what is trained, in place.
        X: the samples, samples × inputs.
        y: their targets: as many numbers, rows of numbers, or for class losses whole numbers from 0.
        loss: the name of one of `nn.LOSSES`, or a function (predictions, targets) that gives a Value.
        optimizer: by default SGD with a learning rate of 0.1.
        epochs: how often all samples are gone through.
        batch_size: how many samples each step is taken on, drawn anew each epoch; None takes all at once.
        seed: for the order of the samples; the same seed gives the same bits.
        validation: samples and targets that the loss is taken on after each epoch, without training on them.
        callbacks: each is called after every epoch as callback(epoch, history, model); one that returns True stops.
        record: after how many epochs at most to keep the weights, in `history.recording`: evenly spread, the weights
            before the first epoch and after the last among them. 0 keeps none.
        progress: whether to show a bar.
        compiled: whether to run it as a program, machine code where llvmlite is installed. A model or loss that
            branches on data runs without, with a notice.

    Returns:
        The history; also when Ctrl-C ended it, with the weights of the last step.

    Raises:
        ValueError: if samples and targets do not fit each other, the model or the loss; nothing has changed.
        NonFiniteError: if the loss or a gradient leaves the finite numbers; the weights are those before that step.

    >>> from nn import MLP, Adam, datasets
    >>> X, y = datasets.xor()
    >>> model = MLP(2, [4, 1], output_activation="sigmoid", seed=1)
    >>> adam = Adam(model.parameters(), lr=0.1)
    >>> history = fit(model, X, y, loss="binary_cross_entropy", optimizer=adam, epochs=100, progress=False)
    >>> predict(model, X).round().tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    loss_of = loss if callable(loss) else choose("loss", loss, LOSSES)
    samples, targets = checked_samples(model, X, y, loss_of)
    held_out = None
    if validation is not None:
        if not isinstance(validation, (tuple, list)) or len(validation) != 2:
            raise ValueError("validation is a pair: samples and their targets")
        held_out = checked_samples(model, *validation, loss_of)
    epochs = checked_size("epochs", epochs)
    batch_size = len(samples) if batch_size is None else checked_size("batch_size", batch_size)
    optimizer = SGD(model.parameters()) if optimizer is None else optimizer
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"the optimizer is one such as nn.Adam(model.parameters()), not {optimizer!r}")
    if set(optimizer.parameters).isdisjoint(model.parameters()):
        raise ValueError("the optimizer moves none of the model's parameters: it was made for another model")
    if not isinstance(callbacks, (tuple, list)) or not all(map(callable, callbacks)):
        raise TypeError(f"callbacks are a list of functions (epoch, history, model), not {callbacks!r}")
    recorded = recorded_epochs(record, epochs)
    np.random.default_rng(seed)  # refuses a bad seed before anything has changed
    task = Task(model, loss_of, optimizer, samples, targets, batch_size)
    recording = Recording(model, samples, targets, loss_of, recorded) if recorded else None
    history = History(recording=recording)

    def note(losses: list[float]) -> None:
        history.loss += losses
        if recording is not None:
            recording.take(len(history.loss))

    validate = partial(_validation_loss, loss_of, _predictor(model, samples.shape[1]), *held_out) if held_out else None
    pauses = range(1, epochs + 1) if callbacks or held_out else recorded or [epochs]
    with held_in_mode(model, training=True), closing(_bar(epochs, progress)) as bar:
        try:
            for count in _epochs(task, pauses, seed, note, compiled=compiled):
                if validate:
                    history.validation_loss.append(validate())
                bar.update(count)
                bar.set_postfix(loss=f"{history.loss[-1]:.4g}", refresh=False)
                wanted = [callback(len(history.loss) - 1, history, model) for callback in callbacks]
                if any(wanted):
                    history.stopped = "early"
                    break
        except KeyboardInterrupt:
            history.stopped = "interrupted"
    return history


def _epochs(task: Task, pauses: Sequence[int], seed: int, note: Note, *, compiled: bool) -> Iterator[int]:
    """Trains, and gives how many epochs were done since the last time: compiled if it can be, else one at a time."""
    plan = _plan(task, seed) if compiled else None
    if plan is None:
        return eager_epochs(task, pauses[-1], seed, note)
    return compiled_epochs(plan, pauses, note=note, replay=partial(_gradient, task))


def eager_epochs(task: Task, epochs: int, seed: int, note: Note) -> Iterator[int]:
    """Trains as one would by hand, and notes the loss of each epoch; the readable reference of what is compiled."""
    rng = np.random.default_rng(seed)
    samples = len(task.samples)
    for epoch in range(epochs):
        task.optimizer.epoch = epoch
        total = 0.0
        for batch in _batches(samples, task.batch_size, rng):
            mean = _gradient(task, epoch, batch)
            task.optimizer.step()
            total += mean * len(batch)
        note([total / samples])
        yield 1


def _gradient(task: Task, epoch: int, batch: Any) -> float:
    """The mean loss of a minibatch, and in the parameters its gradient.

    Raises:
        NonFiniteError: if one of them is inf or nan; it names the first node at fault.
    """
    task.optimizer.zero_grad()
    task.model.zero_grad()  # of those too that the optimizer does not move
    mean = task.loss_of([_output(task.model, task.samples[i], epoch, i) for i in batch], task.targets[batch])
    if not isinstance(mean, Value):
        raise TypeError(f"a loss gives a Value, not {mean!r}")
    mean.backward()
    _check_finite(mean, task.model, epoch)
    return mean.data


def _plan(task: Task, seed: int) -> Plan | None:
    """What a compiled training needs, or None, with a notice, if the model or the loss branches on data."""
    try:
        return Plan(task, seed)
    except TracingError as error:
        warnings.warn(f"training runs without compiling: {error}", RuntimeWarning, stacklevel=5)
        return None


def predict(model: Module, X: npt.ArrayLike) -> Floats:
    """The outputs of a model in evaluation. Also there as `model.predict(X)`.

    Arguments:
        model: is left in the mode it was in.
        X: the samples, samples × inputs.

    Returns:
        An array of shape (samples,) for a model of one output, (samples, outputs) otherwise.

    Raises:
        ValueError: if the samples do not fit the model.
    """
    samples = checked_inputs(model, X)
    return _predictor(model, samples.shape[1])(samples)


def _predictor(model: Module, inputs: int) -> Callable[[Floats], Floats]:
    """What `predict` does, compiled once however often it is done."""
    try:
        outputs_of = compiled_outputs(model, inputs)
    except TracingError:
        return partial(_eager_outputs, model)

    def predicted(samples: Floats) -> Floats:
        outputs = outputs_of(samples)
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs

    return predicted


def _eager_outputs(model: Module, samples: Floats) -> Floats:
    with held_in_mode(model):
        return np.array([data_of(model(list(sample))) for sample in samples])  # no graph outlives its sample


def _output(model: Module, sample: Floats, epoch: int, place: int) -> Any:
    """The model's output for a sample, with the dropout of that sample in that epoch."""
    for _, module in model.named_modules():
        if isinstance(module, Dropout):
            module.epoch, module.sample = epoch, place
    return model(list(sample))


def _validation_loss(
    loss_of: Callable[..., Any], predicted: Callable[[Floats], Floats], samples: Floats, targets: Floats
) -> float:
    """The loss of predictions, which it meets in the form they have in training: Values, or rows of Values."""
    loss: float = loss_of(array(predicted(samples)).tolist(), targets).data
    return loss


def _batches(samples: int, size: int, rng: np.random.Generator) -> Iterator[Any]:
    """The places of the samples of each minibatch, in a random order if there are several."""
    order = rng.permutation(samples) if size < samples else np.arange(samples)
    return (order[start : start + size] for start in range(0, samples, size))


def _check_finite(loss: Value, model: Module, epoch: int) -> None:
    """Raises NonFiniteError naming the first node, or else the first gradient, that is inf or nan."""
    gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
    if math.isfinite(loss.data) and all(map(math.isfinite, gradients.values())):
        return
    where = f"in epoch {epoch} the loss is {loss.data}; the weights are those before this step"
    try:
        loss.check_finite()
    except NonFiniteError as error:
        raise NonFiniteError(f"{error} ({where})") from None
    name, gradient = next((name, g) for name, g in gradients.items() if not math.isfinite(g))
    raise NonFiniteError(f"the gradient of {name} is {gradient} ({where})")


def _bar(epochs: int, progress: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a notebook has no widgets: the bar is then one of text
        from tqdm.auto import tqdm
    return tqdm(total=epochs, desc="training", unit="epoch", disable=not progress)
