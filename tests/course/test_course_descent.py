"""Gradient descent on a loss of two parameters: the spring of chapter 2, its learning rates, and `zero_grad`."""

from itertools import pairwise

import numpy as np
import pytest
from support.by_hand import same

import autograd
from autograd import Value, tanh

MASSES, LENGTHS = [0.0, 1.0, 2.0], [3.1, 4.9, 7.0]  # kg, cm
START = 27.54  # the loss at w = b = 0
LEAST = 0.005  # the loss of the best line
CURVATURES = np.linalg.eigvalsh([[2 * 5 / 3, 2.0], [2.0, 2.0]])  # of the mean squared error over these masses


def height(w, b):
    return sum((w * x + b - y) ** 2 for x, y in zip(MASSES, LENGTHS, strict=True)) / 3


def losses(lr, steps, clear=True):
    w, b = Value(0.0, "w"), Value(0.0, "b")
    loss = height(w, b)
    found = []
    for _ in range(steps):
        found.append(loss.forward())
        if clear:
            loss.zero_grad()
        loss.backward()
        for parameter in (w, b):
            parameter.data -= lr * parameter.grad
    return [*found, loss.forward()]


def test_the_numbers_of_the_spring():
    w, b = np.polyfit(MASSES, LENGTHS, 1)
    same([w, b, height(w, b), height(0.0, 0.0)], [1.95, 3.05, LEAST, START])
    hessian = autograd.hessian(lambda p: height(p[0], p[1]))([0.3, -0.7])
    same(np.linalg.eigvalsh(np.array(hessian, dtype=float)), CURVATURES)
    assert [round(c, 4) for c in CURVATURES.tolist()] == [0.5585, 4.7749]
    assert 2 / CURVATURES[1] == pytest.approx(0.419, abs=1e-3)


def test_a_learning_rate_is_too_small_right_or_too_large():
    assert losses(0.01, 15)[-1] > 6.0
    assert losses(0.3, 15)[-1] < 0.02
    too_large = losses(0.45, 15)
    assert all(later > earlier for earlier, later in pairwise(too_large))


def test_descent_converges_up_to_two_divided_by_the_largest_curvature():
    limit = 2 / CURVATURES[1]
    assert losses(limit - 0.01, 1000)[-1] == pytest.approx(LEAST, abs=1e-9)
    assert losses(limit + 0.01, 1000)[-1] > 1e6


@pytest.mark.parametrize("lr", [0.02, 0.1, 0.3])
def test_without_zero_grad_the_loss_never_settles_and_with_it_it_does(lr):
    with_it, without = losses(lr, 600), losses(lr, 600, clear=False)
    assert with_it[-1] == pytest.approx(LEAST, abs=2e-3)
    for part in (without[100:350], without[350:]):  # late as well as early
        assert max(part) > 25.0
        assert np.mean(part) > 10.0


def test_without_zero_grad_the_numbers_are_those_of_the_chapter():
    without = losses(0.1, 200, clear=False)
    same([round(without[k], 3) for k in (0, 10, 100, 200)], [START, 6.029, 1.517, 30.896])


def test_summed_gradients_make_a_parabola_swing_as_a_pendulum_does():
    """The sums obey w(t+1) = 2w(t) − w(t−1) − η·c·w(t), whose solutions are cosines for 0 < η·c < 4."""
    for lr in (0.1, 0.01, 1.5):
        w = Value(4.0, "w")
        f = w**2
        found = [4.0]
        for _ in range(200):
            f.forward()
            f.backward()
            w.data -= lr * w.grad
            found.append(w.data)
        angle = np.arccos(1 - lr)  # c = 2
        first = found[1]
        t = np.arange(201)
        swing = 4.0 * np.cos(angle * t) + (first - 4.0 * np.cos(angle)) / np.sin(angle) * np.sin(angle * t)
        assert found == pytest.approx(swing, abs=1e-6)


def test_a_step_lowers_the_loss_by_about_the_learning_rate_times_the_square_of_the_gradient():
    w1, w2, b = Value(0.7), Value(-1.2), Value(0.3)
    loss = (tanh(w1 * 1.5 + w2 * -0.4 + b) - 0.5) ** 2
    loss.backward()
    squares = sum(parameter.grad**2 for parameter in (w1, w2, b))
    before, start = loss.data, [parameter.data for parameter in (w1, w2, b)]
    for lr in (0.01, 0.001):
        for parameter, at in zip((w1, w2, b), start, strict=True):
            parameter.data = at - lr * parameter.grad
        assert before - loss.forward() == pytest.approx(lr * squares, rel=lr)


@pytest.mark.parametrize("n", [2, 10, 100])
def test_backward_multiplies_once_for_each_arrow_and_not_once_for_each_path(n):
    weights = [Value(0.1) for _ in range(n)]
    loss = (tanh(sum((w * 0.5 for w in weights[1:]), weights[0] * 0.5)) - 0.5) ** 2
    arrows = {loss: 0}
    for step in list(autograd.backward_steps(loss))[1:]:
        arrows[step.operand] = arrows[step.node] + 1
    assert sum(arrows[w] for w in weights) == {2: 10, 10: 94, 100: 5449}[n]
    assert len(arrows) - 1 == 4 * n + 2
