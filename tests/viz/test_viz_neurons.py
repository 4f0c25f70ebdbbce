"""`viz.plot_neurons`: the line and the activation of each hidden neuron, and the output that they make together."""

import io

import numpy as np
import pytest
from support.by_hand import same

import nn
import viz
from autograd import data_of

X, XOR = nn.datasets.xor()


def network(activation="sigmoid", output_activation="sigmoid"):
    """XOR by fixed weights, worked example F8."""
    model = nn.MLP(2, [2, 1], activation=activation, output_activation=output_activation)
    model.layers[0].assign([[20.0, 20.0], [-20.0, -20.0]], [-10.0, 30.0])
    model.layers[1].assign([[20.0, 20.0]], [-30.0])
    return model


def panels(figure):
    """The axes of the neurons and of the output, by their title."""
    return {ax.get_title().split(":")[0]: ax for ax in figure.axes if ax.get_title()}


def boundary(ax):
    [line] = [c for c in ax.collections if hasattr(c, "allsegs")]
    return np.concatenate(line.allsegs[0])


def shown(ax):
    [image] = ax.get_images()
    return image


def bars(figure):
    return {ax.get_ylabel(): ax for ax in figure.axes if not ax.get_title() and ax.get_ylabel()}


def text_of(figure):
    [legend] = figure.legends
    return [text.get_text() for text in legend.get_texts()]


def test_there_is_a_panel_for_each_neuron_of_the_first_hidden_layer_and_one_for_the_output():
    figure = viz.plot_neurons(nn.MLP(2, [5, 3, 1]), X, XOR)
    assert list(panels(figure)) == [*(f"neuron {k}" for k in range(1, 6)), "output"]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "silu"])
def test_the_line_of_a_neuron_is_where_its_weighted_sum_is_0(activation):
    figure = viz.plot_neurons(network(activation), X, XOR)
    for name, total in (("neuron 1", 0.5), ("neuron 2", 1.5)):
        points = boundary(panels(figure)[name])
        same(points.sum(axis=1), np.full(len(points), total), 1e-9)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_the_surface_of_a_neuron_is_its_activation_at_each_point(activation):
    model = network(activation)
    figure = viz.plot_neurons(model, X, XOR, resolution=7)
    axis = np.linspace(-0.25, 1.25, 7)
    points = np.array([(x1, x2) for x2 in axis for x1 in axis])
    for k in (0, 1):
        numbers = shown(panels(figure)[f"neuron {k + 1}"]).get_array()
        same(np.asarray(numbers).ravel(), model.layers[0].predict(points)[:, k])
    same(np.asarray(shown(panels(figure)["output"]).get_array()).ravel(), model.predict(points))


@pytest.mark.parametrize(("activation", "at_zero"), [("sigmoid", 0.5), ("tanh", 0.0), ("relu", 0.0)])
def test_all_neurons_share_one_scale_of_colours_with_the_activation_of_0_in_its_middle(activation, at_zero):
    axes = panels(viz.plot_neurons(network(activation), X, XOR))
    first, second = (shown(axes[name]).norm for name in ("neuron 1", "neuron 2"))
    assert first.vcenter == second.vcenter == at_zero
    assert (first.vmin, first.vmax) == (second.vmin, second.vmax)
    assert first(at_zero) == 0.5


def test_the_colour_bar_of_the_activations_shows_only_numbers_that_occur():
    figure = viz.plot_neurons(network("relu"), X, XOR)
    assert bars(figure)["activation"].get_ylim() == (0.0, pytest.approx(40.0))


def test_the_output_has_the_boundary_of_the_decision_surface():
    model = network()
    points = boundary(panels(viz.plot_neurons(model, X, XOR))["output"])
    expected = boundary(viz.plot_decision_surface(model, X, XOR).axes[0])
    same(points, expected)
    moved = boundary(panels(viz.plot_neurons(model, X, XOR, threshold=0.9))["output"])
    assert np.abs(model.predict(moved) - 0.9).max() < 0.1


def test_several_outputs_are_shown_as_regions():
    figure = viz.plot_neurons(nn.MLP(2, [4, 3], seed=1), X, [0, 1, 2, 0])
    assert not panels(figure)["output"].get_images()
    assert text_of(figure) == ["class 0", "class 1", "class 2", "z = 0"]


def test_the_title_of_a_neuron_is_its_weighted_sum():
    figure = viz.plot_neurons(network(), X, XOR, labels=("rain", "$un"))
    titles = [ax.get_title() for ax in panels(figure).values()]
    assert titles == [
        "neuron 1: z =\n20 rain + 20 \\$un − 10",
        "neuron 2: z =\n−20 rain − 20 \\$un + 30",
        "output",
    ]


def test_the_legend_says_what_points_and_lines_are():
    assert text_of(viz.plot_neurons(network(), X, XOR)) == ["class 0", "class 1", "z = 0; at the right, output = 0.5"]
    assert text_of(viz.plot_neurons(network(), X)) == ["z = 0; at the right, output = 0.5"]


def test_a_neuron_whose_line_is_outside_of_the_plane_has_none():
    model = network()
    model.layers[0].assign([[1.0, 1.0], [0.0, 0.0]], [50.0, -2.0])
    axes = panels(viz.plot_neurons(model, X, XOR))
    for name in ("neuron 1", "neuron 2"):
        assert not [c for c in axes[name].collections if hasattr(c, "allsegs")]
    assert axes["neuron 2"].get_title() == "neuron 2: z =\n−2"


def test_dead_neurons_are_drawn():
    model = network("relu", "linear")
    model.layers[0].assign([[0.0, 0.0], [0.0, 0.0]], [0.0, -1.0])
    figure = viz.plot_neurons(model, X, XOR)
    assert panels(figure)["neuron 1"].get_title() == "neuron 1: z =\n0"
    figure.savefig(io.BytesIO())


def test_plotting_changes_neither_weights_nor_gradients():
    model = network()
    nn.mse_loss(model(X), XOR).backward()
    before = [(p.data, p.grad) for p in model.parameters()]
    viz.plot_neurons(model, X, XOR)
    assert [(p.data, p.grad) for p in model.parameters()] == before
    same(data_of(model.layers[1].bias), [-30.0])


@pytest.mark.parametrize(
    ("model", "inputs", "options", "error", "message"),
    [
        (nn.MLP(2, [1]), X, {}, TypeError, r"a model with a hidden layer, such as nn.MLP\(2, \[4, 1\]\), not MLP"),
        (len, X, {}, TypeError, "a model with a hidden layer"),
        (nn.MLP(3, [2, 1]), X, {}, ValueError, "must have 2 inputs, which are the axes of the plot, not 3"),
        (nn.MLP(2, [25, 1]), X, {}, ValueError, "at most 24 neurons, one a panel, not 25"),
        (network(), [[1.0, 2.0, 3.0]], {}, ValueError, "X must have the shape n×2"),
        (network(), X, {"y": [0, 1]}, ValueError, "one class for each of 4 samples"),
        (network(), X, {"threshold": "high"}, ValueError, "threshold must be a finite number, not 'high'"),
        (network(), X, {"labels": "ab"}, ValueError, "labels must be the names of two features"),
        (network(), X, {"resolution": 1}, ValueError, "resolution must be an integer of at least 2, not 1"),
        (network(), X, {"palette": "sepia"}, ValueError, "palette must be 'light' or 'dark', not 'sepia'"),
    ],
)
def test_what_cannot_be_plotted_is_rejected(model, inputs, options, error, message):
    with pytest.raises(error, match=message):
        viz.plot_neurons(model, inputs, **{"y": None, **options})
