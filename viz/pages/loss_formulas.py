"""The formulas of a loss of `nn` and of its gradient, for a loss whose numbers agree with them."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from autograd.notation.expression import latex_number

__all__ = ["LossFormulas", "LossNumbers", "loss_formulas"]

_MOST_CLASSES = 12  # whose targets are written out; of more, y is a unit vector

_Lines = list[list[str]]  # pairs of a left and a right side


class LossNumbers(NamedTuple):
    """The numbers of a loss of one sample.

    Attributes:
        outputs: the outputs of the last layer.
        gradients: those of the outputs.
        loss: the value of the loss.
    """

    outputs: Sequence[float]
    gradients: Sequence[float]
    loss: float


class LossFormulas(NamedTuple):
    """The formulas of both passes, as pairs of a left and a right side in LaTeX."""

    forward: _Lines
    backward: _Lines


def loss_formulas(name: str, numbers: LossNumbers, output: str, loss: str) -> LossFormulas | None:
    r"""Returns the formulas of a loss; None for one that is not known, or whose numbers are others.

    Arguments:
        name: the name of the loss in `nn`.
        numbers: its numbers.
        output: the symbol of the outputs of the last layer.
        loss: the symbol of the loss.

    >>> formulas = loss_formulas("mse_loss", LossNumbers([1.0], [1.0], 0.25), "a", "L")
    >>> formulas.backward[0][1], formulas.backward[1]
    ('2 \\left(a - y\\right)', ['y =', '0.5'])
    """
    write = _WRITERS.get(name)
    known = numbers.loss, *numbers.outputs, *numbers.gradients
    return write(numbers, output, loss) if write and all(map(math.isfinite, known)) else None


def _mse(numbers: LossNumbers, output: str, loss: str) -> LossFormulas | None:
    """The loss is |a - y|² / n, with the gradient 2 (a - y) / n; n is 1 for a sum."""
    squares = sum(gradient * gradient for gradient in numbers.gradients)
    divisors = (len(numbers.outputs), 1)
    divisor = next((n for n in divisors if squares and _agree(numbers.loss, n * squares / 4.0)), None)
    if divisor is None:
        return None
    error = rf"\left({output} - y\right)"
    square, factor, target = f"{error}^{{2}}", "2", []
    if len(numbers.outputs) == 1:
        target = [_target(numbers.outputs[0] - numbers.gradients[0] / 2.0, abs(numbers.outputs[0]))]
    else:
        square = rf"\left\lVert {output} - y \right\rVert^{{2}}"
    if divisor > 1:
        square, factor = rf"\frac{{1}}{{{divisor}}} {square}", rf"\frac{{2}}{{{divisor}}}"
    return LossFormulas([[f"{loss} =", square], *target], [[_gradient(output, loss), f"{factor} {error}"], *target])


def _cross_entropy(numbers: LossNumbers, output: str, loss: str) -> LossFormulas | None:
    """The loss is -log p_c of the class c, with p = softmax(a) and the gradient p - y; y is 1 for c, otherwise 0."""
    most = max(numbers.outputs)
    powers = [math.exp(score - most) for score in numbers.outputs]
    total = sum(powers)
    targets = [power / total - gradient for power, gradient in zip(powers, numbers.gradients, strict=True)]
    chosen = targets.index(max(targets))
    is_one_hot = all(_agree(y, float(at == chosen)) for at, y in enumerate(targets))
    if not is_one_hot or not _agree(numbers.loss, math.log(total) + most - numbers.outputs[chosen]):
        return None
    one_hot = ", ".join("1" if at == chosen else "0" for at in range(len(targets)))
    target = rf"\left({one_hot}\right)" if len(targets) <= _MOST_CLASSES else rf"e_{{{chosen + 1}}}"
    softmax = rf"\operatorname{{softmax}}\left({output}\right)"
    return LossFormulas(
        [["p =", softmax], [f"{loss} =", rf"-\ln\left(p_{{{chosen + 1}}}\right)"]],
        [[_gradient(output, loss), f"{softmax} - y"], ["y =", target]],
    )


def _binary_cross_entropy(numbers: LossNumbers, output: str, loss: str) -> LossFormulas | None:
    """The loss of one score is -y log p - (1 - y) log(1 - p), with p = σ(a) and the gradient p - y."""
    if len(numbers.outputs) != 1:
        return None
    (score,), (gradient,) = numbers.outputs, numbers.gradients
    y = (1.0 + math.tanh(score / 2.0)) / 2.0 - gradient
    if not _agree(numbers.loss, max(score, 0.0) + math.log1p(math.exp(-abs(score))) - y * score):
        return None
    target = _target(y, 1.0)
    sigmoid = rf"\sigma\left({output}\right)"
    entropy = r"-y \cdot \ln\left(p\right) - \left(1 - y\right) \cdot \ln\left(1 - p\right)"
    return LossFormulas(
        [["p =", sigmoid], [f"{loss} =", entropy], target],
        [[_gradient(output, loss), f"{sigmoid} - y"], target],
    )


_WRITERS = {
    "mse_loss": _mse,
    "cross_entropy": _cross_entropy,
    "binary_cross_entropy_with_logits": _binary_cross_entropy,
}


def _agree(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12)


def _gradient(output: str, loss: str) -> str:
    return rf"\frac{{\partial {loss}}}{{\partial {output}}} ="


def _target(y: float, scale: float) -> list[str]:
    """A target as a line; it is computed from numbers of a size, whose rounding errors are left out."""
    return ["y =", latex_number(y if abs(y) > 1e-12 * scale else 0.0, 4).text]
