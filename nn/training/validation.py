"""The loss on the validation samples."""

from collections.abc import Callable

from autograd import Value, array
from nn.training.prediction import predictor
from nn.training.task import Task

__all__ = ["validation_loss"]


def validation_loss(task: Task) -> Callable[[], float] | None:
    """Returns a function that computes the validation loss with the current weights, if there are such samples."""
    if task.validation is None:
        return None
    samples, targets = task.validation
    outputs_of = predictor(task.model, samples.shape[1])

    def current_loss() -> float:
        predictions = array(outputs_of(samples)).tolist()  # Values, or rows of Values, as in training
        loss: Value = task.loss.function(predictions, targets)
        return loss.data

    return current_loss
