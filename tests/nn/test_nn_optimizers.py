"""Optimizers step by their formulas, on numbers of any kind, and all at once or not at all."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from support.faults import interrupted_everywhere

from autograd import Value, derivative
from nn import MLP, SGD, Adam, AdamW, Optimizer, datasets, mse_loss

START = np.array([1.0, -2.0, 0.5, 3.0])


def gradients(step):
    """The gradients of each step; any numbers will do."""
    return np.array([0.3, -0.7, 0.01, 2.0]) * math.cos(step) + 0.1 * step


def parameters():
    return [Value(w, role="parameter") for w in START]


def run(optimizer, steps):
    """The weights after some steps."""
    for step in range(steps):
        for parameter, gradient in zip(optimizer.parameters, gradients(step), strict=True):
            parameter.grad = float(gradient)
        optimizer.step()
    return np.array([parameter.data for parameter in optimizer.parameters])


def sgd(steps, lr=0.1, momentum=0.0, weight_decay=0.0):
    w, v = START.copy(), np.zeros(4)
    for step in range(steps):
        v = momentum * v + (gradients(step) + weight_decay * w)
        w = w - lr * v
    return w


def adam(steps, lr=0.1, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled=0.0):
    w, m, v = START.copy(), np.zeros(4), np.zeros(4)
    for step in range(steps):
        g = gradients(step) + weight_decay * w
        w = w * (1.0 - lr * decoupled)
        m = betas[0] * m + (1.0 - betas[0]) * g
        v = betas[1] * v + (1.0 - betas[1]) * g**2
        m_hat = m / (1.0 - betas[0] ** (step + 1))
        v_hat = v / (1.0 - betas[1] ** (step + 1))
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
    return w


CASES = {  # name: the optimizer, the weights by its formula
    "SGD": (lambda p: SGD(p, lr=0.1), lambda n: sgd(n)),
    "SGD by default": (lambda p: SGD(p), lambda n: sgd(n)),
    "SGD with lr 0": (lambda p: SGD(p, lr=0), lambda n: START),
    "momentum": (lambda p: SGD(p, lr=0.05, momentum=0.9), lambda n: sgd(n, 0.05, 0.9)),
    "weight decay": (lambda p: SGD(p, lr=0.05, weight_decay=0.2), lambda n: sgd(n, 0.05, 0.0, 0.2)),
    "both": (lambda p: SGD(p, lr=0.05, momentum=0.5, weight_decay=0.2), lambda n: sgd(n, 0.05, 0.5, 0.2)),
    "Adam": (lambda p: Adam(p, lr=0.1), lambda n: adam(n)),
    "Adam by default": (lambda p: Adam(p), lambda n: adam(n, lr=1e-3)),
    "Adam with other betas": (lambda p: Adam(p, lr=0.1, betas=(0.5, 0.9)), lambda n: adam(n, betas=(0.5, 0.9))),
    "Adam with betas 0": (lambda p: Adam(p, lr=0.1, betas=(0, 0)), lambda n: adam(n, betas=(0.0, 0.0))),
    "Adam with eps": (lambda p: Adam(p, lr=0.1, eps=0.5), lambda n: adam(n, eps=0.5)),
    "Adam with weight decay": (lambda p: Adam(p, lr=0.1, weight_decay=0.2), lambda n: adam(n, weight_decay=0.2)),
    "AdamW": (lambda p: AdamW(p, lr=0.1, weight_decay=0.2), lambda n: adam(n, decoupled=0.2)),
    "AdamW by default": (lambda p: AdamW(p), lambda n: adam(n, lr=1e-3, decoupled=0.01)),
    "AdamW with betas": (
        lambda p: AdamW(p, lr=0.1, betas=(0.5, 0.9), eps=0.1),
        lambda n: adam(n, betas=(0.5, 0.9), eps=0.1, decoupled=0.01),
    ),
}
of_each = pytest.mark.parametrize("name", CASES)


@of_each
@pytest.mark.parametrize("steps", [1, 2, 10])
def test_steps_are_those_of_the_formula(name, steps):
    make, formula = CASES[name]
    optimizer = make(parameters())
    assert run(optimizer, steps) == pytest.approx(formula(steps), rel=1e-12)
    assert optimizer.steps == steps
    assert {type(parameter.data) for parameter in optimizer.parameters} == {float}


def test_adam_without_weight_decay_is_adamw_without():
    assert (run(Adam(parameters(), lr=0.1), 5) == run(AdamW(parameters(), lr=0.1, weight_decay=0.0), 5)).all()


def test_the_first_step_of_adam_is_the_rate_whatever_the_gradient():
    for gradient in (1e-3, 1.0, -1e6):
        w = Value(0.0)
        w.grad = gradient
        Adam([w], lr=0.1).step()
        assert w.data == pytest.approx(-math.copysign(0.1, gradient), rel=1e-4)


def test_one_step_by_hand_is_one_step_of_sgd():
    X, y = datasets.xor()
    by_hand, by_optimizer = MLP(2, [2, 1], seed=1), MLP(2, [2, 1], seed=1)
    for model in (by_hand, by_optimizer):
        mse_loss(model(X[:2]), y[:2]).backward()
    for parameter in by_hand.parameters():
        parameter.data -= 0.3 * parameter.grad
    SGD(by_optimizer.parameters(), lr=0.3).step()
    assert by_optimizer.state_dict() == by_hand.state_dict() != MLP(2, [2, 1], seed=1).state_dict()


def test_a_loop_by_hand_reads_as_in_pytorch_and_lowers_the_loss():
    X, y = datasets.linear(20)
    model = MLP(1, [1])
    optimizer = Adam(model.parameters(), lr=0.1)
    losses = []
    for _ in range(200):
        optimizer.zero_grad()
        loss = mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert losses[-1] < 1e-5 < losses[0]


def test_the_rate_may_be_a_function_of_the_epoch():
    w = Value(0.0)
    optimizer = SGD([w], lr=lambda epoch: 1.0 / (epoch + 1))
    moved = []
    for optimizer.epoch in range(4):
        before, w.grad = w.data, -1.0
        optimizer.step()
        moved.append(w.data - before)
    assert moved == pytest.approx([1.0, 1 / 2, 1 / 3, 1 / 4])
    assert optimizer.learning_rate() == 0.25


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf, None, "0.1"])
def test_a_function_that_returns_a_wrong_rate_is_refused_and_nothing_moves(rate):
    w = Value(1.0)
    optimizer = SGD([w], lr=lambda epoch: rate if epoch else 0.5)
    w.grad = 1.0
    optimizer.step()
    optimizer.epoch = 3
    with pytest.raises(ValueError, match=f"the learning rate of epoch 3 must be a finite number >= 0, not {rate!r}"):
        optimizer.step()
    assert (w.data, optimizer.steps) == (0.5, 1)


def test_zero_grad_clears_every_gradient():
    optimizer = SGD(parameters())
    run(optimizer, 1)
    optimizer.zero_grad()
    assert [parameter.has_grad for parameter in optimizer.parameters] == [False] * 4


@of_each
def test_a_parameter_without_gradient_and_state_moves_by_weight_decay_only(name):
    optimizer = CASES[name][0](parameters())
    optimizer.step()
    expected = {
        "weight decay": START * (1 - 0.05 * 0.2),
        "both": START * (1 - 0.05 * 0.2),
        "AdamW": START * (1 - 0.1 * 0.2),
        "AdamW by default": START * (1 - 1e-3 * 0.01),
        "AdamW with betas": START * (1 - 0.1 * 0.01),
        "Adam with weight decay": START - 0.1 * np.sign(START),
    }.get(name, START)
    assert [parameter.data for parameter in optimizer.parameters] == pytest.approx(expected, rel=1e-6)


def test_a_rate_by_epoch_is_that_of_epoch_0_in_a_loop_by_hand():
    epochs = []
    run(SGD(parameters(), lr=lambda epoch: epochs.append(epoch) or 0.1), 2)
    assert epochs == [0, 0]


def test_adam_with_eps_0_follows_ieee_where_the_gradient_is_0():
    w = Value(1.0)
    Adam([w], eps=0.0).step()
    assert math.isnan(w.data)


def test_parameters_may_come_from_an_iterator_once():
    model = MLP(2, [1])
    assert len(SGD(iter(model.parameters())).parameters) == 3


# Any numbers.


class Name:
    """A number known only by how it is computed: comparing it, or testing its truth, raises."""

    is_autograd_number = True

    def __init__(self, text):
        self.text = text

    def refuse(self, *other):
        raise AssertionError(f"an update branched on {self.text}")

    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __float__ = __int__ = refuse
    __hash__ = object.__hash__

    def sqrt(self):
        return Name(f"sqrt({self.text})")


def operation(symbol, swapped=False):
    def method(*operands):
        left, right = (getattr(x, "text", repr(x)) for x in (operands[::-1] if swapped else operands))
        return Name(f"({left} {symbol} {right})")

    return method


for method, symbol in {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**"}.items():
    setattr(Name, f"__{method}__", operation(symbol))
    setattr(Name, f"__r{method}__", operation(symbol, swapped=True))


@of_each
def test_an_update_is_the_same_arithmetic_on_floats_values_and_names(name):
    optimizer = CASES[name][0](parameters())
    numbers = [1.5, 0.25, *(0.5, 0.75)[: optimizer.slots], 0.1, 3.0]

    def update(w, gradient, *rest):
        moved, state = optimizer.update(w, gradient, rest[: optimizer.slots], *rest[optimizer.slots :])
        assert len(state) == optimizer.slots
        return moved, *state

    by_float = update(*numbers)
    values = [Value(number) for number in numbers]
    by_value = update(*values)
    assert [value.data for value in by_value] == list(by_float)
    letters = ["w", "g", *("m", "v")[: optimizer.slots], "lr", "t"]
    texts = [number.text for number in update(*map(Name, letters))]
    known = dict(zip(letters, numbers, strict=True), sqrt=math.sqrt)
    assert [eval(text, known) for text in texts] == list(by_float)  # the test's own texts


def test_an_update_is_differentiable():
    w, g, lr = Value(1.0), Value(0.5), Value(0.1)
    moved, _ = SGD([w], weight_decay=0.2).update(w, g, (), lr, Value(1.0))
    assert derivative(moved, w).data == pytest.approx(1.0 - 0.1 * 0.2)
    assert derivative(moved, g).data == pytest.approx(-0.1)
    assert derivative(moved, lr).data == pytest.approx(-(0.5 + 0.2 * 1.0))


def test_a_derived_optimizer_defines_update():
    class SignDescent(Optimizer):
        slots = 1

        def update(self, w, gradient, state, lr, t):
            return w - lr * t, (state[0] + 1.0,)

    optimizer = SignDescent(parameters(), 1.0)
    assert run(optimizer, 2).tolist() == (START - 3.0).tolist()
    assert optimizer.states == [(2.0,)] * 4
    with pytest.raises(NotImplementedError, match=r"Optimizer must define update\(self, w, gradient, state, lr, t\)"):
        Optimizer(parameters(), 0.1).step()


def test_a_derived_optimizer_without_slots_has_no_state():
    class Descent(Optimizer):
        def update(self, w, gradient, state, lr, t):
            assert state == ()
            return w - lr * gradient, state

    assert run(Descent(parameters(), 0.1), 2) == pytest.approx(sgd(2))


# Interruptions.


@pytest.mark.parametrize("make", [lambda p: SGD(p, momentum=0.9), Adam])
def test_a_step_interrupted_at_any_line_moves_every_parameter_or_none(make):
    def state(optimizer):
        return [parameter.data for parameter in optimizer.parameters], optimizer.states, optimizer.steps

    reference = make(parameters())
    before = START.tolist(), list(reference.states), 0
    run(reference, 1)
    after = state(reference)

    def check(optimizer, where):
        assert state(optimizer) in (before, after), where
        if optimizer.steps == 0:  # the step can be made again
            run(optimizer, 1)
            assert state(optimizer) == after, where

    assert interrupted_everywhere(lambda: make(parameters()), lambda optimizer: run(optimizer, 1), check) > 10


def test_an_update_that_fails_moves_no_parameter():
    class Failing(SGD):
        def update(self, w, gradient, state, lr, t):
            if w == START[2]:
                raise KeyboardInterrupt
            return super().update(w, gradient, state, lr, t)

    optimizer = Failing(parameters(), lr=0.1, momentum=0.5)
    with pytest.raises(KeyboardInterrupt):
        run(optimizer, 1)
    assert [parameter.data for parameter in optimizer.parameters] == START.tolist()
    assert (optimizer.states, optimizer.steps) == ([(0.0,)] * 4, 0)


# Bad input.


@pytest.mark.parametrize("make", [SGD, lambda p: SGD(p, momentum=0.9), Adam])
def test_a_parameter_added_later_has_no_state_so_no_step_is_made(make):
    optimizer = make(parameters())
    optimizer.parameters.append(Value(4.0, role="parameter"))
    with pytest.raises(ValueError, match="shorter"):
        optimizer.step()
    assert [parameter.data for parameter in optimizer.parameters] == [*START, 4.0]


RATES = [-0.1, math.nan, math.inf, -math.inf, "0.1", None, 1j, True, [0.1]]


@pytest.mark.parametrize("make", [SGD, Adam, AdamW])
@pytest.mark.parametrize("rate", RATES)
def test_a_rate_out_of_range_is_refused(make, rate):
    with pytest.raises(ValueError, match="lr must be a finite number >= 0, not ") as caught:
        make(parameters(), lr=rate)
    assert repr(rate) in str(caught.value)


BAD = {  # name: what is made, what the message says
    "momentum 1": (lambda p: SGD(p, momentum=1.0), "momentum must be a number >= 0 and < 1, not 1.0"),
    "momentum below 0": (lambda p: SGD(p, momentum=-0.5), "momentum .* not -0.5"),
    "momentum nan": (lambda p: SGD(p, momentum=math.nan), "momentum .* not nan"),
    "decay below 0": (lambda p: SGD(p, weight_decay=-1), "weight_decay must be a finite number >= 0, not -1"),
    "Adam's decay": (lambda p: Adam(p, weight_decay=math.inf), "weight_decay .* not inf"),
    "AdamW's decay": (lambda p: AdamW(p, weight_decay="a"), "weight_decay .* not 'a'"),
    "a beta of 1": (lambda p: Adam(p, betas=(0.9, 1.0)), "a beta must be .* < 1, not 1.0"),
    "a beta below 0": (lambda p: AdamW(p, betas=(-0.1, 0.9)), "a beta must be .* not -0.1"),
    "one beta": (lambda p: Adam(p, betas=(0.9,)), r"betas must be two numbers, .* not \(0.9,\)"),
    "three betas": (lambda p: Adam(p, betas=(0.9, 0.9, 0.9)), "betas must be two numbers"),
    "a beta alone": (lambda p: Adam(p, betas=0.9), "betas must be two numbers, .* not 0.9"),
    "eps below 0": (lambda p: Adam(p, eps=-1e-8), "eps must be .* not -1e-08"),
    "no parameters": (
        lambda p: SGD([]),
        r"^parameters must not be empty; create them with Value\(\.\.\., role='parameter'\)$",
    ),
    "numbers": (lambda p: Adam([1.0, 2.0]), r"parameters must be a list of Values, .*; one of them is 1.0"),
    "a number": (lambda p: SGD(3.0), r"^parameters must be a list of Values, such as model.parameters\(\), not 3.0$"),
    "a model": (lambda p: SGD(MLP(2, [1])), r"not MLP: did you mean model.parameters\(\)\?$"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_option_is_refused_with_a_helpful_message(name):
    make, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        make(parameters())


@pytest.mark.parametrize("rate", [-1.0, math.nan, "a", None, True])
def test_a_learning_rate_that_was_set_later_is_checked_at_the_step(rate):
    values = parameters()
    optimizer = SGD(values)
    optimizer.lr = rate
    before = [value.data for value in values]
    with pytest.raises(ValueError, match=f"lr must be .* not {rate!r}"):
        optimizer.step()
    assert [value.data for value in values] == before


def test_an_optimizer_shows_its_options_and_how_many_parameters_it_moves():
    w = Value(1.0, role="parameter")
    assert repr(SGD([w], lr=0.5, momentum=0.9)) == "SGD(<1 parameters>, lr=0.5, momentum=0.9, weight_decay=0.0)"
    assert repr(Adam([w])).startswith("Adam(<1 parameters>, lr=0.001, betas=(0.9, 0.999), eps=1e-08")


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW, lambda p: SGD(p, momentum=0.9, weight_decay=0.1)])
@pytest.mark.parametrize("number", [np.float32(0.5), np.array(0.5), Fraction(1, 2), Decimal("0.5")], ids=repr)
def test_parameters_stay_floats_whatever_number_their_gradient_is(kind, number):
    w, twin = Value(1.0, role="parameter"), Value(1.0, role="parameter")
    w.data = np.float32(1.0)
    for parameter, gradient in ((w, number), (twin, 0.5)):
        optimizer = kind([parameter])
        for _ in range(2):
            parameter.grad = gradient
            optimizer.step()
    assert type(w.data) is float
    assert w.data == twin.data


@pytest.mark.parametrize("wrong", [Value(0.5), np.array([0.5]), 1j, None], ids=repr)
def test_a_gradient_that_is_no_number_is_refused_by_the_step(wrong):
    v, w = Value(1.0, "v", role="parameter"), Value(1.0, "w", role="parameter")
    optimizer = SGD([v, w])
    v.grad, w.grad = 1.0, wrong
    with pytest.raises(TypeError, match="the grad of the parameter leaf 'w' must be a real number, not"):
        optimizer.step()
    assert (v.data, w.data, optimizer.steps) == (1.0, 1.0, 0)
