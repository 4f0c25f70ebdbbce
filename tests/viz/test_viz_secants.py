"""Secants and the tangent that they approach: what the plot shows, and what it rejects."""

import math

import numpy as np
import pytest

import autograd
from viz.plots import plot_secants


def legend(figure):
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def lines(figure):
    """The slope and a point of each secant and of the tangent, by their label."""
    found = {}
    for line in figure.axes[0].get_lines():
        if "slope" in line.get_label():
            (x, y), slope = line.get_xy1(), line.get_slope()
            found[line.get_label().split(":")[0]] = (x, y, slope)
    return found


def test_each_secant_passes_through_both_of_its_points():
    figure = plot_secants(autograd.exp, 0.5, steps=[2.0, 0.25, -1.0])
    for step in (2.0, 0.25, -1.0):
        x, y, slope = lines(figure)[f"Δ = {step:g}".replace("-", "−")]
        for point in (0.5, 0.5 + step):
            assert y + slope * (point - x) == pytest.approx(math.exp(point), rel=1e-12)


def test_the_tangent_has_the_slope_of_the_engine_and_secants_approach_it():
    found = lines(plot_secants(autograd.tanh, 0.5, steps=[1.0, 0.1, 0.01]))
    x, y, slope = found["tangent"]
    assert (x, y) == (0.5, math.tanh(0.5))
    assert slope == pytest.approx(1 - math.tanh(0.5) ** 2, rel=1e-12)
    errors = [abs(found[f"Δ = {step}"][2] - slope) for step in (1, 0.1, 0.01)]
    assert errors[0] > 5 * errors[1] > 25 * errors[2]


def test_central_secants_have_the_slope_of_the_central_difference():
    figure = plot_secants(autograd.exp, 0.5, steps=[1.0, 0.5], central=True)
    for step in (1.0, 0.5):
        _, _, slope = lines(figure)[f"Δ = {step:g}"]
        assert slope == pytest.approx((math.exp(0.5 + step) - math.exp(0.5 - step)) / (2 * step), rel=1e-12)
    low, high = figure.axes[0].get_xlim()
    assert low < -0.5
    assert high > 1.5


def test_the_legend_lists_the_slopes_with_a_minus_sign_where_they_are_negative():
    figure = plot_secants(lambda x: x**2, -1.0, steps=[-1.0, 0.5], name="x²")
    assert legend(figure) == ["x²", "Δ = −1: slope −3", "Δ = 0.5: slope −1.5", "tangent: slope −2"]


def test_at_a_corner_secants_of_both_sides_have_different_slopes_and_the_tangent_is_left_out():
    figure = plot_secants(autograd.relu, 0.0, steps=[-1.0, 1.0], tangent=False)
    assert legend(figure) == ["relu(x)", "Δ = −1: slope 0", "Δ = 1: slope 1"]


def test_all_points_of_secants_are_on_the_plot():
    ax = plot_secants(lambda x: x**3, 1.0, steps=[3.0, -2.0]).axes[0]
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    points = np.concatenate([line.get_xydata() for line in ax.get_lines() if line.get_marker() == "o"])
    assert len(points) == 2 * 2 + 1
    assert ((low < points[:, 0]) & (points[:, 0] < high) & (bottom < points[:, 1]) & (points[:, 1] < top)).all()
    assert plot_secants(autograd.tanh, 0.0, low=-4, high=2).axes[0].get_xlim() == (-4.0, 2.0)


@pytest.mark.parametrize(
    ("f", "at", "options", "message"),
    [
        (autograd.tanh, math.nan, {}, "must be finite, and no step 0, not at=nan"),
        (autograd.tanh, 0.0, {"steps": [1.0, 0.0]}, "no step 0, .* steps=\\[1.0, 0.0\\]"),
        (autograd.tanh, 0.0, {"steps": [math.inf]}, "must be finite"),
        (autograd.tanh, 0.0, {"steps": [], "tangent": False}, "needs a step or the tangent"),
        (autograd.tanh, 0.0, {"low": 1.0, "high": 1.0}, "finite low < high, not low=1.0 and high=1.0"),
        (autograd.log, 1.0, {"steps": [-2.0]}, "must be finite at 1 and -1"),
        (autograd.sqrt, 0.0, {"steps": [1.0]}, "must be finite at 0 with its derivative"),
        (autograd.log, 0.0, {"steps": [1.0], "tangent": False}, "must be finite at 0"),
    ],
)
def test_what_cannot_be_drawn_is_rejected(f, at, options, message):
    with pytest.raises(ValueError, match=message):
        plot_secants(f, at, **options)


def test_a_function_without_a_tangent_is_drawn_with_secants():
    assert legend(plot_secants(autograd.sqrt, 0.0, steps=[1.0], tangent=False)) == ["sqrt(x)", "Δ = 1: slope 1"]


def test_the_tangent_alone_is_drawn():
    assert legend(plot_secants(autograd.tanh, 0.0, steps=[])) == ["tanh(x)", "tangent: slope 1"]
