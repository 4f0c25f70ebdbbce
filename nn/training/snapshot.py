"""What a training step changes, to restore it if the step is not completed."""

from collections.abc import Sequence

from autograd import Value
from nn.optimizers import Optimizer

__all__ = ["Snapshot"]


class Snapshot:
    """The numbers and gradients of parameters, and the state of their optimizer.

    Arguments:
        optimizer: the optimizer, with the parameters that it updates.
        others: parameters that it does not update, but that get a gradient.
    """

    def __init__(self, optimizer: Optimizer, others: Sequence[Value] = ()) -> None:
        self._optimizer = optimizer
        self._parameters = [*optimizer.parameters, *others]
        self._numbers = [parameter.data for parameter in self._parameters]
        self._gradients = [parameter.grad for parameter in self._parameters]
        self._states, self._steps, self._epoch = optimizer.states, optimizer.steps, optimizer.epoch

    def restore(self) -> None:
        """Sets everything to what it was when the snapshot was taken."""
        for parameter, number, gradient in zip(self._parameters, self._numbers, self._gradients, strict=True):
            parameter.data, parameter.grad = number, gradient
        optimizer = self._optimizer
        optimizer.states, optimizer.steps, optimizer.epoch = self._states, self._steps, self._epoch
