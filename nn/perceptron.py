"""Rosenblatt's perceptron: a step unit, and the rule by which it learns."""

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from autograd import Value
from nn.checks import checked_inputs
from nn.choices import checked_rate, checked_size
from nn.module import Module
from nn.neuron import Neuron

__all__ = ["NoConvergenceWarning", "Perceptron"]


class NoConvergenceWarning(UserWarning):
    """A perceptron has not learned all its samples: no line may separate them."""


class Perceptron(Module):
    """1 if w·x + b > 0, else 0, with weights that learn by correction, not by gradient (which is 0 everywhere).

    Source: F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the
    brain", 1958.

    Arguments:
        inputs: how many numbers it weighs, 1 or more.
        weights: its first weights; zeros if not given.
        bias: its first bias.

    >>> and_gate = Perceptron(2, weights=[1.0, 1.0], bias=-1.5)
    >>> and_gate([1.0, 1.0]).data, and_gate([1.0, 0.0]).data
    (1.0, 0.0)
    """

    def __init__(self, inputs: int, *, weights: Sequence[float] | None = None, bias: float = 0.0) -> None:
        self.inputs = checked_size("the inputs of a perceptron", inputs)
        first = [0.0] * self.inputs if weights is None else weights
        self.neuron = Neuron(self.inputs, weights=first, bias=bias, activation="step")

    def forward(self, inputs: list[Value]) -> Value:
        """The step of the weighted sum."""
        output: Value = self.neuron(inputs)
        return output

    def correct(self, x: Sequence[float], y: float, *, lr: float = 1.0) -> bool:
        """One use of the learning rule: w ← w + lr·(y - ŷ)·x, and b likewise, as the weight of an input of 1.

        Arguments:
            x: the numbers of one sample.
            y: what it should give, 0 or 1.
            lr: how far to move, above 0.

        Returns:
            Whether it was right already, so that nothing moved.

        >>> perceptron = Perceptron(2, weights=[-1.0, -1.0], bias=1.0)
        >>> perceptron.correct([0.0, 0.0], 0.0, lr=0.01)
        False
        >>> perceptron.neuron.b.data
        0.99
        """
        error: float = y - self(list(x)).data
        self.neuron.b.data += lr * error
        for w, number in zip(self.neuron.w, x, strict=True):
            w.data += lr * error * number
        return error == 0.0

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, *, lr: float = 1.0, epochs: int = 100) -> bool:  # type: ignore[override]
        """Goes through the samples, correcting, until it gets all of them right.

        Arguments:
            X: samples × inputs.
            y: 0 or 1 for each.
            lr: how far each correction moves.
            epochs: how often to go through the samples at the most, 1 or more.

        Returns:
            Whether it learned them all; where no line separates the classes, it cannot, and warns.

        Raises:
            ValueError: if samples and targets do not fit, or a target is neither 0 nor 1.

        >>> from nn import datasets
        >>> Perceptron(2).fit(*datasets.gate("or"))
        True
        """
        samples, targets = checked_inputs(self, X), np.asarray(y, dtype=float)
        if targets.shape != (len(samples),) or not np.isin(targets, (0.0, 1.0)).all():
            raise ValueError(f"a perceptron learns one target a sample, 0 or 1, not {y!r} for {len(samples)} samples")
        rate = checked_rate("the learning rate", lr)
        for _epoch in range(checked_size("epochs", epochs)):
            wrong = 0
            for x, target in zip(samples.tolist(), targets.tolist(), strict=True):
                wrong += not self.correct(x, target, lr=rate)
            if wrong == 0:
                return True
        warnings.warn(
            f"not all samples were learned within {epochs} epochs; perhaps no line separates them, as with XOR",
            NoConvergenceWarning,
            stacklevel=2,
        )
        return False
