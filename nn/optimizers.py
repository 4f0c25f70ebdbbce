"""Optimizers: how parameters are updated from their gradients, by PyTorch's formulas."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import Value
from autograd.functions import divide, power_by_squaring, sqrt
from autograd.validation import assigned_gradient, assigned_number
from nn.assignment import assign
from nn.choices import checked_rate, checked_size

__all__ = ["LBFGS", "SGD", "Adam", "AdamW", "Optimizer"]

Rate = float | Callable[[int], float]


class Optimizer:
    """The base class of all optimizers: holds the parameters, their state, and the number of steps.

    A subclass defines `slots`, how many numbers of state each parameter has, and `update`, which updates one
    parameter. `update` is arithmetic on its arguments, without branching on them, so that it can be compiled.

    Arguments:
        parameters: the Values to update.
        lr: the learning rate, 0 or above; or a function from the epoch, counted from 0, to the rate, which must depend
            on nothing else, because compiled training calls it for several epochs at once.

    Attributes:
        epoch: the epoch whose learning rate is used; `fit` sets it.
        steps: the number of steps taken.
        states: the state of each parameter, `slots` numbers.

    Raises:
        ValueError: if there are no parameters, or a rate is out of range.
    """

    slots = 0

    def __init__(self, parameters: Iterable[Value], lr: Rate) -> None:
        self.parameters = _checked_parameters(parameters)
        self.lr = lr if callable(lr) else checked_rate("lr", lr)
        self.states: list[tuple[float, ...]] = [(0.0,) * self.slots for _ in self.parameters]
        self.epoch = 0
        self.steps = 0

    def update(self, w: Any, gradient: Any, state: tuple[Any, ...], lr: Any, t: Any) -> tuple[Any, tuple[Any, ...]]:
        """Computes one parameter after a step. Every subclass defines it.

        Arguments:
            w: the parameter.
            gradient: the derivative of the loss with respect to it.
            state: its `slots` numbers; zeros at first.
            lr: the learning rate of this step.
            t: the number of this step, counted from 1.

        Returns:
            The parameter and its state after the step.
        """
        raise NotImplementedError(f"{type(self).__name__} must define update(self, w, gradient, state, lr, t)")

    def step(self) -> None:
        """Updates every parameter from its `grad`; if interrupted, either all of them or none.

        Raises:
            TypeError: if the data or the gradient of a parameter is not a real number; nothing is changed.
            ValueError: if the learning rate is out of range; nothing is changed.
        """
        lr, t = self.learning_rate(), float(self.steps + 1)
        moved = [
            self.update(assigned_number(parameter), assigned_gradient(parameter), state, lr, t)
            for parameter, state in zip(self.parameters, self.states, strict=True)
        ]
        weights, states = [w for w, _ in moved], [state for _, state in moved]
        before = [parameter.data for parameter in self.parameters]
        try:
            assign(self.parameters, weights)
            self.states, self.steps = states, self.steps + 1
        except BaseException:
            assign(self.parameters, before)
            raise

    def zero_grad(self) -> None:
        """Clears the gradient of every parameter."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def learning_rate(self, epoch: int | None = None) -> float:
        """Returns the learning rate of an epoch, by default the current one.

        Raises:
            ValueError: if it is negative or not finite, whether a function returned it or it was set later.
        """
        if callable(self.lr):
            epoch = self.epoch if epoch is None else epoch
            return checked_rate(f"the learning rate of epoch {epoch}", self.lr(epoch))
        return checked_rate("lr", self.lr)

    def __repr__(self) -> str:
        hidden = ("parameters", "states", "slots", "epoch", "steps")
        options = {name: option for name, option in vars(self).items() if name not in hidden}
        options = {name: options[name] for name in sorted(options, key=lambda name: name != "lr")}
        shown = ", ".join(f"{name}={option!r}" for name, option in options.items())
        return f"{type(self).__name__}(<{len(self.parameters)} parameters>, {shown})"


def _checked_parameters(parameters: Any) -> list[Value]:
    if hasattr(parameters, "parameters"):
        raise ValueError(
            f"parameters must be a list of Values, not {type(parameters).__name__}: did you mean model.parameters()?"
        )
    if not isinstance(parameters, Iterable):
        raise ValueError(f"parameters must be a list of Values, such as model.parameters(), not {parameters!r}")
    values = list(parameters)
    if not values:
        raise ValueError("parameters must not be empty; create them with Value(..., role='parameter')")
    for value in values:
        if not isinstance(value, Value):
            raise ValueError(
                f"parameters must be a list of Values, such as model.parameters(); one of them is {value!r}"
            )
    return values


class SGD(Optimizer):
    """Gradient descent: w ← w - lr·v, where v ← momentum·v + gradient + weight_decay·w.

    Arguments:
        parameters, lr: as for `Optimizer`.
        momentum: the fraction of the previous velocity v that is kept, 0 ≤ momentum < 1.
        weight_decay: the multiple of w that is added to the gradient, 0 or above: an L2 penalty.

    >>> w = Value(1.0, "w", role="parameter")
    >>> w.grad = 2.0
    >>> SGD([w], lr=0.25).step()
    >>> w.data
    0.5
    """

    def __init__(
        self, parameters: Iterable[Value], lr: Rate = 0.1, *, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        self.momentum = checked_rate("momentum", momentum, below=1.0)
        self.weight_decay = checked_rate("weight_decay", weight_decay)
        self.slots = 1 if self.momentum else 0
        super().__init__(parameters, lr)

    def update(self, w: Any, gradient: Any, state: tuple[Any, ...], lr: Any, t: Any) -> tuple[Any, tuple[Any, ...]]:
        """Computes one parameter after a step; see the class."""
        if self.weight_decay:
            gradient = gradient + self.weight_decay * w
        if not (state or self.momentum):
            return w - lr * gradient, ()
        velocity = self.momentum * state[0] + gradient
        return w - lr * velocity, (velocity,)


class Adam(Optimizer):
    """Adam: steps scaled by running means of the gradient and of its square.

    Source: D. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.

    Arguments:
        parameters, lr: as for `Optimizer`.
        betas: the fraction of each running mean that is kept, 0 ≤ β < 1.
        eps: added to the root of the mean square, to avoid division by 0.
        weight_decay: the multiple of w that is added to the gradient, 0 or above: an L2 penalty.

    >>> w = Value(1.0, "w", role="parameter")
    >>> w.grad = 5.0
    >>> Adam([w], lr=0.1).step()
    >>> round(w.data, 6)
    0.9
    """

    slots = 2

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Rate = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        if not isinstance(betas, Sequence) or len(betas) != 2:
            raise ValueError(f"betas must be two numbers, such as (0.9, 0.999), not {betas!r}")
        self.betas = tuple(checked_rate("a beta", beta, below=1.0) for beta in betas)
        self.eps = checked_rate("eps", eps)
        self.weight_decay = checked_rate("weight_decay", weight_decay)
        super().__init__(parameters, lr)

    def update(self, w: Any, gradient: Any, state: tuple[Any, ...], lr: Any, t: Any) -> tuple[Any, tuple[Any, ...]]:
        """Computes one parameter after a step; see the class."""
        if self.weight_decay:
            gradient = gradient + self.weight_decay * w
        return self._step(w, gradient, state, lr, t)

    def _step(self, w: Any, gradient: Any, state: tuple[Any, ...], lr: Any, t: Any) -> tuple[Any, tuple[Any, ...]]:
        (beta1, beta2), (mean, square) = self.betas, state
        mean = beta1 * mean + (1.0 - beta1) * gradient
        square = beta2 * square + (1.0 - beta2) * gradient * gradient
        unbiased_mean = mean / (1.0 - power_by_squaring(beta1, t))
        unbiased_square = square / (1.0 - power_by_squaring(beta2, t))
        return w - divide(lr * unbiased_mean, sqrt(unbiased_square) + self.eps), (mean, square)


class AdamW(Adam):
    """Adam with weight decay decoupled from the gradient: each step also shrinks w by lr·weight_decay·w.

    Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", 2019.

    Arguments:
        parameters, lr, betas, eps: as for `Adam`.
        weight_decay: as in this formula, 0 or above.
    """

    def __init__(
        self, parameters: Iterable[Value], lr: Rate = 1e-3, *, weight_decay: float = 0.01, **options: Any
    ) -> None:
        super().__init__(parameters, lr, weight_decay=weight_decay, **options)

    def update(self, w: Any, gradient: Any, state: tuple[Any, ...], lr: Any, t: Any) -> tuple[Any, tuple[Any, ...]]:
        """Computes one parameter after a step; see the class."""
        return self._step(w - lr * self.weight_decay * w, gradient, state, lr, t)


class LBFGS(Optimizer):
    """L-BFGS: steps to where the loss of all samples would be lowest if it were the quadratic that gradients suggest.

    It suits small models and up to some thousands of samples, and convex losses above all, such as that of logistic
    regression: there it converges to all digits in some dozens of epochs, where first-order optimizers take thousands.
    Minibatches and dropout change the loss from step to step, and are refused. A line search finds the length of each
    step, in one or a few evaluations, so there is no learning rate. Each call of `fit` starts without memory.

    SciPy (`pip install 'scalar-autograd[scipy]'`) minimizes; the loss and its gradient are those of `fit`, compiled.

    Source: D. Liu, J. Nocedal, "On the limited memory BFGS method for large scale optimization", 1989.

    Arguments:
        parameters: as for `Optimizer`.
        history_size: the number of past steps that the quadratic is made from, 1 or more.
        tolerance_grad: training ends when no component of the gradient is larger than this, 0 or above.
        tolerance_change: training ends when a step lowers the loss by no more than this, relative to the larger of
            the loss and 1; 0 or above.
        weight_decay: the multiple of w that is added to the gradient, 0 or above: an L2 penalty.

    >>> from nn import MLP
    >>> model = MLP(1, [1])
    >>> lbfgs = LBFGS(model.parameters())
    >>> history = model.fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0], optimizer=lbfgs, progress=False)
    >>> model.predict([[10.0]]).round(4).tolist(), history.stopped
    ([21.0], 'converged')
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        *,
        history_size: int = 10,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-12,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, 1.0)
        del self.lr
        self.history_size = checked_size("history_size", history_size)
        self.tolerance_grad = checked_rate("tolerance_grad", tolerance_grad)
        self.tolerance_change = checked_rate("tolerance_change", tolerance_change)
        self.weight_decay = checked_rate("weight_decay", weight_decay)

    def step(self) -> None:
        """Raises TypeError: a step needs several evaluations of the loss, which `fit` makes."""
        raise TypeError(
            "LBFGS must be passed to fit, which evaluates the loss several times per step; it has no step()"
        )
