"""Rosenblatt's perceptron: a step unit, and the rule by which it learns."""

import warnings
from collections.abc import Iterator, Sequence

from autograd import Value
from autograd.numerics import np, npt
from nn.attributes import Unknown
from nn.checks import checked_inputs
from nn.choices import checked_rate, checked_size
from nn.modules.module import ModuleBase
from nn.modules.neuron import Neuron
from nn.structure import Found, Key, bare, described, known, rebuilt

__all__ = ["NoConvergenceWarning", "Perceptron"]


class NoConvergenceWarning(UserWarning):
    """Warning that a perceptron has not learned all its samples: perhaps no line separates them."""


class Perceptron(ModuleBase):
    """A unit that outputs 1 if w·x + b > 0, else 0. It learns by correction, not by gradient (which is 0 everywhere).

    Source: F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the
    brain", 1958.

    Arguments:
        inputs: the number of inputs.
        weights: the initial weights; zeros if not given.
        bias: the initial bias.

    Raises:
        ValueError: if `inputs` is not a positive integer, or `weights` has the wrong length.

    >>> and_gate = Perceptron(2, weights=[1.0, 1.0], bias=-1.5)
    >>> and_gate([1.0, 1.0]).data, and_gate([1.0, 0.0]).data
    (1.0, 0.0)
    """

    def __init__(self, inputs: int, *, weights: Sequence[float] | None = None, bias: float = 0.0) -> None:
        self.inputs = checked_size("inputs", inputs)
        initial = [0.0] * self.inputs if weights is None else weights
        self.neuron = Neuron(self.inputs, weights=initial, bias=bias, activation="step")

    def forward(self, inputs: list[Value]) -> Value:
        """Returns the step of the weighted sum."""
        output: Value = self.neuron(inputs)
        return output

    def correct(self, x: Sequence[float], y: float, *, lr: float = 1.0) -> bool:
        """Applies the learning rule once: w ← w + lr·(y - ŷ)·x, and b likewise, as the weight of an input of 1.

        Arguments:
            x: the numbers of one sample.
            y: the output it should have, 0 or 1.
            lr: the size of the correction, above 0.

        Returns:
            Whether the output was already right, so that nothing changed.

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

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, *, lr: float = 1.0, epochs: int = 100) -> bool:
        """Corrects the weights sample by sample until the outputs for all samples are right.

        Arguments:
            X: samples × inputs.
            y: 0 or 1 for each sample.
            lr: the size of each correction.
            epochs: the largest number of passes over the samples, 1 or more.

        Returns:
            Whether it learned all samples. If not, it warns: perhaps no line separates the classes.

        Raises:
            ValueError: if samples and targets do not match, or a target is neither 0 nor 1.

        >>> from nn import datasets
        >>> Perceptron(2).fit(*datasets.gate("or"))
        True
        """
        samples, targets = checked_inputs(self, X), np.asarray(y, dtype=float)
        if targets.shape != (len(samples),) or not np.isin(targets, (0.0, 1.0)).all():
            raise ValueError(f"y must have one target for each of {len(samples)} samples, 0 or 1, not {y!r}")
        rate = checked_rate("lr", lr)
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


def _described(perceptron: Perceptron, found: Found) -> Key:
    held = vars(perceptron)
    if "forward" in held:
        raise Unknown
    return Perceptron, held["inputs"], described(held["neuron"], found)


def _rebuilt(key: Key, values: Iterator[Value]) -> Perceptron:
    _, inputs, neuron = key
    return bare(Perceptron, inputs=inputs, neuron=rebuilt(neuron, values))


known(Perceptron, _described, _rebuilt)
