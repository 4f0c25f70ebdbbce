"""`fit`: trains a model on samples, compiled if possible."""

import warnings
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.compiler.trace.symbol import TracingError
from autograd.numerics import npt
from autograd.suggestions import with_hints
from nn.optimizers import LBFGS, Optimizer
from nn.training.callbacks import Callback, EarlyStopping
from nn.training.compiled import TrainingProgram, compiled_epochs
from nn.training.diagnosis import advice_on_divergence, advice_on_inputs, advice_on_size, with_advice_on_overflow
from nn.training.eager import Finish, Note, eager_epochs
from nn.training.exclusive import trained_by_this_thread_alone
from nn.training.history import History
from nn.training.plotting import TrainingPlot, checked_plot, plotted
from nn.training.progress import progress_bar
from nn.training.quasi_newton import minimize_loss, without_steps
from nn.training.recording import Recording
from nn.training.task import Task, checked_task
from nn.training.validation import current_loss

if TYPE_CHECKING:
    from nn.modules.module import Module

__all__ = ["fit"]


_OF_OTHER_LIBRARIES = {
    "batch": "use batch_size",
    "class_weight": "weigh the classes in a loss of your own, loss=f, where f takes predictions and targets",
    "criterion": "use loss",
    "early_stopping": "use callbacks=[nn.EarlyStopping()]",
    "learning_rate": "use optimizer=nn.SGD(model.parameters(), lr=...)",
    "lr": "use optimizer=nn.SGD(model.parameters(), lr=...)",
    "max_iter": "use epochs",
    "metrics": "compute them in a callback, or afterwards from model.predict(X), such as nn.accuracy",
    "momentum": "use optimizer=nn.SGD(model.parameters(), momentum=...)",
    "n_epochs": "use epochs",
    "random_state": "use seed",
    "sample_weight": "weigh the samples in a loss of your own, loss=f, where f takes predictions and targets",
    "shuffle": "samples are shuffled if you pass batch_size",
    "solver": "use optimizer=nn.LBFGS(model.parameters()), nn.Adam or nn.SGD",
    "tol": "use optimizer=nn.LBFGS(model.parameters(), tolerance_grad=...), or callbacks=[nn.EarlyStopping()]",
    "validation_data": "use validation=(X, y)",
    "validation_split": "put some samples aside and pass them as validation=(X, y)",
    "verbose": "use progress=True or progress=False",
    "weight_decay": "use optimizer=nn.SGD(model.parameters(), weight_decay=...)",
    "workers": "training runs in one thread",
}


@with_hints(_OF_OTHER_LIBRARIES)
def fit(
    model: "Module",
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
    plot: "bool | TrainingPlot" = False,
    progress: bool = True,
    compiled: bool = True,
) -> History:
    """Trains a model. Also available as `model.fit(X, y, ...)`.

    Arguments:
        model: the model, trained in place.
        X: the samples, samples × inputs; preferably standardized, see `nn.standardize`.
        y: the targets: a number or a row of numbers for each sample; for class losses, integers counted from 0.
        loss: the name of one of `nn.LOSSES`, or a function of predictions and targets that returns a Value.
        optimizer: by default SGD with a learning rate of 0.1.
        epochs: the number of passes over the samples; with `LBFGS`, the largest number of its iterations.
        batch_size: the number of samples per step, shuffled in each epoch; None uses all samples in every step.
            `LBFGS` needs None.
        seed: a non-negative integer, from which the order of the samples is drawn.
        validation: samples and targets whose loss is computed after each epoch, without training on them.
        callbacks: functions called after every epoch as callback(epoch, history, model); training stops if one
            returns True. They may change weights, the optimizer and the model, and training goes on with that. What
            `forward` of a class of your own computes is compiled once, though, unless it is marked by `nn.static`.
        record: the maximum number of times that the weights are recorded in `history.recording`, evenly spread over
            the epochs, including before the first and after the last; 0 records none.
        plot: whether a notebook shows the loss while training runs and, for a classifier of two features, its decision
            surface. True stands for `viz.LivePlot()`, which has options; it can also write the picture to a file. It
            does not change the result, and its pictures take at most a tenth of the time, but for the first and the
            last.
        progress: whether to show a progress bar.
        compiled: whether to compile the training, to machine code if llvmlite is installed. The program is kept for
            later calls if model and loss are made of this package's classes and functions, or of those that are marked
            by `nn.static`. A model or loss that branches on data falls back to eager training, with a warning.

    Returns:
        The history, also if Ctrl-C ended training. The model then has the weights of the last step, or the best ones
        if a callback is an `EarlyStopping` that restores them.

    Raises:
        ValueError: if samples and targets do not match each other, the model or the loss; nothing is changed.
        TypeError: if the optimizer or a callback has the wrong type, the loss does not return a Value, or there is no
            such argument; for names from other libraries, the message says what to use.
        RuntimeError: if another thread is training the model, or a callback changes what the loss depends on while
            `LBFGS` trains, or `plot` is True outside of a notebook.
        ImportError: if `LBFGS` lacks SciPy, or the plot matplotlib.
        NonFiniteError: if the loss or a gradient becomes inf or nan; the weights are those before that step.

    Warns:
        UserWarning: before training, if a column of X is not scaled: if its root mean square is above 4. Otherwise
            after training, if the loss ended above 10 and above ten times the loss of the first epoch, and no
            `EarlyStopping` restored better weights: lower the learning rate. Validation samples are not examined, and
            targets only then. And before a model is compiled that is so large that this takes long.

    >>> from nn import MLP, Adam, datasets
    >>> X, y = datasets.xor()
    >>> model = MLP(2, [4, 1], output_activation="sigmoid", seed=1)
    >>> adam = Adam(model.parameters(), lr=0.1)
    >>> history = fit(model, X, y, loss="binary_cross_entropy", optimizer=adam, epochs=100, progress=False)
    >>> model.predict(X).round().tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    task = checked_task(
        model,
        X,
        y,
        loss=loss,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        validation=validation,
        callbacks=callbacks,
        record=record,
        compiled=compiled,
    )
    live_plot = checked_plot(plot)
    advice = advice_on_inputs(task)
    if advice:
        warnings.warn(advice, stacklevel=3)  # `with_hints` is between this function and its caller
    history = History(recording=_recording(task))

    def note(losses: list[float]) -> None:
        history.loss += losses
        if history.recording is not None:
            history.recording.take(len(history.loss))

    evaluated = _evaluated_losses(task, history)

    def finish(count: int, write_back: Callable[[], object]) -> bool:
        """What follows some epochs; returns whether a callback ends training."""
        for losses, loss_of_the_weights in evaluated:
            losses.append(loss_of_the_weights())
        bar.update(count)
        bar.set_postfix(loss=f"{history.loss[-1]:.4g}", refresh=False)
        stops = [callback(len(history.loss) - 1, history, model) for callback in task.callbacks]
        update(write_back)
        return any(stops)

    with (
        trained_by_this_thread_alone([*task.optimizer.parameters, *task.parameters]),
        plotted(live_plot, task, history) as update,
        closing(progress_bar(task.epochs, shown=progress)) as bar,
        with_advice_on_overflow(task, history.loss),
    ):
        try:
            history.stopped = _train(task, note, finish, bar)
        except KeyboardInterrupt:
            history.stopped = "interrupted"
        for callback in task.callbacks:
            if isinstance(callback, EarlyStopping):
                callback.restore(model)
    if not advice and (advice := advice_on_divergence(task, history.loss)):
        warnings.warn(advice, stacklevel=3)
    return history


def _evaluated_losses(task: Task, history: History) -> list[tuple[list[float], Callable[[], float]]]:
    """The lists of the history that are filled after each epoch, each with the function that computes the loss."""
    if task.validation is not None:
        return [(history.validation_loss, current_loss(task, *task.validation))]
    if any(isinstance(callback, EarlyStopping) for callback in task.callbacks):
        return [(history.training_loss, current_loss(task, task.samples, task.targets))]
    return []


def _recording(task: Task) -> Recording | None:
    if not task.recorded:
        return None
    return Recording(task.model, task.samples, task.targets, task.loss.function, task.recorded)


def _train(task: Task, note: Note, finish: Finish, bar: Any) -> str:
    """Trains, calling `note` with the losses of epochs, then `finish`, and returns why it ended."""
    optimizer = task.optimizer
    if isinstance(optimizer, LBFGS):
        return minimize_loss(task, optimizer, _program(without_steps(task), bar), note, finish)
    program = _program(task, bar)
    write_back = _nothing if program is None else program.write_back
    for count in eager_epochs(task, note) if program is None else compiled_epochs(program, note):
        if finish(count, write_back):
            return "early"
    return "finished"


def _nothing() -> None:
    """What writes the weights of eager training back to the model, which always has them."""


def _program(task: Task, bar: Any) -> TrainingProgram | None:
    """Returns the compiled training; None if it is not to be compiled, or cannot be."""
    if not task.compiled:
        return None
    advice = [advice_on_size(task)]

    def announce(what: str) -> None:
        if advice and (text := advice.pop()):
            warnings.warn(text, stacklevel=8)  # the caller of `fit`
        bar.set_description(what)

    try:
        return TrainingProgram(task, announce)
    except TracingError as error:
        warnings.warn(f"falling back to eager training: {error}", RuntimeWarning, stacklevel=5)
        return None
    finally:
        bar.unpause()  # the rate is that of training alone
        bar.set_description("training")
