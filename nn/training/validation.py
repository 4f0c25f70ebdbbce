"""The loss on samples that are not trained on."""

from collections.abc import Callable

from autograd import Value, array
from nn.training.prediction import predictor
from nn.training.task import Task

__all__ = ["validation_loss"]


def validation_loss(task: Task) -> Callable[[], float] | None:
    """Returns a function that takes the loss on the validation samples with the current weights, if there are any."""
    if task.validation is None:
        return None
    samples, targets = task.validation
    outputs_of = predictor(task.model, samples.shape[1])

    def current_loss() -> float:
        predictions = array(outputs_of(samples)).tolist()  # Values, or rows of Values, as a loss has them in training
        loss: Value = task.loss.function(predictions, targets)
        return loss.data

    return current_loss
