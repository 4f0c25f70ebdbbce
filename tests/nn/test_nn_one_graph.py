"""A loss written as one graph over all samples, as micrograd's users write it, compiles to a program of one sample."""

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from autograd.compiler.summed_program import SummedProgram

MOONS, SIDES = nn.datasets.moons(32, seed=0)
SIDES = 2.0 * SIDES - 1.0
RATES = [1.0 - 0.9 * k / 100 for k in range(80)]


def moons_model():
    return nn.MLP(2, [8, 8, 1], activation="relu", seed=1337)


def moons_loss(model):
    """The loss of micrograd's demo, hinge loss and L2 penalty, with the accuracy."""
    inputs = [list(map(Value, row)) for row in MOONS.tolist()]
    scores = list(map(model, inputs))
    losses = [(1 + -yi * score).relu() for yi, score in zip(SIDES.tolist(), scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    reg_loss = 1e-4 * sum(p * p for p in model.parameters())
    accuracy = [(yi > 0) == (score.data > 0) for yi, score in zip(SIDES.tolist(), scores, strict=True)]
    return data_loss + reg_loss, sum(accuracy) / len(accuracy)


@pytest.fixture(scope="module")
def step_by_step():
    """The loss before each step of micrograd's demo, run as written, and the accuracy at the end."""
    model, losses = moons_model(), []
    for rate in RATES:
        loss, _ = moons_loss(model)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        losses.append(loss.data)
    return losses, moons_loss(model)[1]


@pytest.mark.parametrize("target", ["numpy", "native"])
def test_the_moons_demo_trains_the_same_compiled_and_step_by_step(target, step_by_step):
    model = moons_model()
    program = autograd.compile(moons_loss(model)[0], wrt=model.parameters(), target=target)
    assert [samples.size for samples in program.summation.sums] == [32]
    losses = []
    for rate in RATES:
        value, gradients = program.value_and_grad()
        for p, gradient in zip(model.parameters(), gradients, strict=True):
            p.data -= rate * gradient
        losses.append(value)
    assert (losses, moons_loss(model)[1]) == (pytest.approx(step_by_step[0], rel=1e-12), step_by_step[1])
    assert step_by_step[1] == 1.0


X, CLASSES = nn.datasets.blobs(36, seed=1)
BINARY = nn.datasets.moons(36, seed=3).y
LOSSES = {  # outputs of the network, the loss, the targets, and how many routines of samples
    "squared error": (1, nn.mse_loss, BINARY, 1),
    "squared error of several outputs": (3, nn.mse_loss, nn.one_hot(CLASSES, 3), 1),
    "hinge": (1, nn.hinge_loss, 2.0 * BINARY - 1.0, 1),
    "cross entropy with logits": (1, nn.binary_cross_entropy_with_logits, BINARY, 1),
    "cross entropy of one-hot rows": (3, nn.cross_entropy, nn.one_hot(CLASSES, 3), 1),
    "cross entropy of classes": (3, nn.cross_entropy, CLASSES, 3),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_over_all_samples_is_run_sample_by_sample(name):
    outputs, loss_of, targets, routines = LOSSES[name]
    model = nn.MLP(2, [5, outputs], activation="tanh", output_activation="linear", seed=2)
    loss = loss_of(model(X), targets) + 0.01 * sum(p * p for p in model.parameters())
    program = autograd.compile(loss, wrt=model.parameters(), target="numpy")
    assert isinstance(program, SummedProgram)
    assert len(program.summation.sums) == routines
    assert sum(samples.size for samples in program.summation.sums) == 36
    assert program.stats()["operations"]["tanh"] == 5 * routines
    value, gradients = program.value_and_grad()
    loss.backward()
    assert value == pytest.approx(loss.data, rel=1e-12)
    np.testing.assert_allclose(gradients, [p.grad for p in model.parameters()], rtol=1e-11, atol=1e-14)
