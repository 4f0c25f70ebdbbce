"""The formulas of losses on the page of matrices: those of `nn`, evaluated, and none for anything else."""

import math

import numpy as np
import pytest

import nn
from autograd import scope
from autograd.graph import walk
from viz.pages.matrix_blocks import blocks_of
from viz.pages.matrix_payload import matrix_payload


def shown(root):
    """The formulas of the last block of the page of a graph; None if it has none."""
    block = matrix_payload(root, blocks_of(walk(root))).data["blocks"][-1]
    return (block["forward"], block["backward"]) if "forward" in block else None


def prediction(outputs, seed=0):
    rng = np.random.default_rng(seed)
    model = nn.MLP(3, [4, outputs], activation="tanh", seed=seed)
    for parameter in model.parameters():
        parameter.data = float(rng.normal())
    return model(rng.normal(size=3).tolist())


SLOPE = r"\frac{\partial L}{\partial a_{2}} ="


@pytest.mark.parametrize("chosen", range(3))
@pytest.mark.parametrize("one_hot", [False, True])
def test_cross_entropy_is_minus_the_logarithm_of_the_softmax_of_the_class(chosen, one_hot):
    target = [float(at == chosen) for at in range(3)] if one_hot else chosen
    forward, backward = shown(nn.cross_entropy([prediction(3, chosen)], [target]))
    assert forward == [
        ["p =", r"\operatorname{softmax}\left(a_{2}\right)"],
        ["L =", rf"-\ln\left(p_{{{chosen + 1}}}\right)"],
    ]
    one_hot = ", ".join("1" if at == chosen else "0" for at in range(3))
    assert backward == [[SLOPE, f"{forward[0][1]} - y"], ["y =", rf"\left({one_hot}\right)"]]


def test_the_targets_of_many_classes_are_a_unit_vector():
    _, backward = shown(nn.cross_entropy([prediction(20, 0)], [6]))
    assert backward[1] == ["y =", "e_{7}"]


@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_of_a_score_has_the_gradient_sigmoid_minus_y(y):
    forward, backward = shown(nn.binary_cross_entropy_with_logits(prediction(1), y))
    assert forward[0] == ["p =", r"\sigma\left(a_{2}\right)"]
    assert backward == [[SLOPE, r"\sigma\left(a_{2}\right) - y"], ["y =", f"{y:g}"]]


@pytest.mark.parametrize(
    ("outputs", "reduction", "forward", "slope"),
    [
        (1, "mean", r"\left(a_{2} - y\right)^{2}", r"2 \left(a_{2} - y\right)"),
        (3, "mean", r"\frac{1}{3} \left\lVert a_{2} - y \right\rVert^{2}", r"\frac{2}{3} \left(a_{2} - y\right)"),
        (3, "sum", r"\left\lVert a_{2} - y \right\rVert^{2}", r"2 \left(a_{2} - y\right)"),
    ],
)
def test_the_squared_error_has_the_divisor_of_its_reduction(outputs, reduction, forward, slope):
    target = 0.5 if outputs == 1 else [0.5, -1.0, 2.0]
    found = shown(nn.mse_loss(prediction(outputs), target, reduction=reduction))
    assert found[0][0] == ["L =", forward]
    assert found[1][0] == [SLOPE, slope]
    assert found[0][1:] == found[1][1:] == ([["y =", "0.5"]] if outputs == 1 else [])


def in_scope(name, function):
    output = prediction(1)
    with scope(name):
        return function(output)


OTHERS = {
    "another loss": lambda: nn.half_squared_error(prediction(1), 0.5),
    "probabilities": lambda: nn.cross_entropy([prediction(3)], [[0.5, 0.25, 0.25]]),
    "two scores": lambda: nn.binary_cross_entropy_with_logits(prediction(2), [1.0, 0.0]),
    "more than a loss": lambda: nn.mse_loss(prediction(1), 0.5) * 2.0,
    "a square of an earlier layer": lambda: nn.mse_loss(sum(prediction(2)), 0.5),
    "its name, but with a factor": lambda: in_scope("mse_loss", lambda a: (a - 0.5) ** 2 * 3.0),
    "its name, but cubed": lambda: in_scope("cross_entropy", lambda a: a**3),
    "its name, but a sine": lambda: in_scope("binary_cross_entropy_with_logits", lambda a: np.sin(a)),
    "no error": lambda: nn.mse_loss(prediction(1), prediction(1).data),
    "not finite": lambda: nn.mse_loss(prediction(1), math.inf),
}


@pytest.mark.parametrize("name", OTHERS)
def test_no_formula_is_shown_that_the_numbers_do_not_confirm(name):
    assert shown(OTHERS[name]()) is None
