"""What the plots show, and what they reject."""

import base64
import io
import math
import os
import struct
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from support.contrast import contrast

import autograd
import nn
from autograd import Value
from viz.plots import (
    plot_decision_surface,
    plot_difference_error,
    plot_function,
    plot_images,
    plot_landscape,
    plot_loss,
    plot_neurons,
    plot_secants,
    plot_weights,
)

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR = [0, 1, 1, 0]


def half_plane(points):
    return 1 / (1 + np.exp(2.0 - 4.0 * points[:, 0]))


def three_outputs(points):
    return np.stack([points[:, 0], points[:, 1], -points.sum(axis=1)], axis=1)


def network():
    first = SimpleNamespace(weight=autograd.array([[1.0, -2.0], [0.5, 3.0]]), bias=autograd.array([0.1, -0.2]))
    second = SimpleNamespace(weight=autograd.array([[1.0, -4.0]]), bias=None)
    return SimpleNamespace(layers=[first, SimpleNamespace(), second])


def curves(figure):
    return {line.get_label(): line.get_xydata() for line in figure.axes[0].get_lines() if line.get_label()[0] != "_"}


FIGURES = [
    lambda **options: plot_loss([1.0, 0.5], **options),
    lambda **options: plot_decision_surface(half_plane, X, XOR, **options),
    lambda **options: plot_decision_surface(three_outputs, X, [0, 1, 2, 0], **options),
    lambda **options: plot_function(autograd.tanh, points=41, **options),
    lambda **options: plot_weights(network(), **options),
    lambda **options: plot_neurons(nn.MLP(2, [3, 1]), X, XOR, **options),
    lambda **options: plot_difference_error(autograd.tanh, 0.5, **options),
    lambda **options: plot_secants(autograd.tanh, 0.5, **options),
    lambda **options: plot_landscape(lambda x, y: x * x + y * y, [(1, 1), (0.5, 0.5)], resolution=20, **options),
    lambda **options: plot_images([[0.0, 1.0, 2.0, 3.0]], ["four pixels"], **options),
]


@pytest.mark.parametrize("make", FIGURES)
def test_every_plot_is_a_figure_that_can_be_saved(make, tmp_path):
    figure = make()
    assert isinstance(figure, Figure)
    figure.savefig(tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").stat().st_size > 1000


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("loss.svg", {}),
        ("loss.SVG", {}),
        ("loss", {}),
        ("loss.", {}),
        ("loss.v2", {"format": "pdf"}),
        ("loss", {"format": "svg"}),
        (".svg", {}),
        ("loss.png", {"dpi": 30, "transparent": True}),
    ],
)
def test_a_plot_is_saved_under_the_name_and_in_the_format_that_matplotlib_chooses(name, options, tmp_path):
    ours, theirs = plot_loss([1.0, 0.5]), Figure()
    for folder, figure in (("ours", ours), ("theirs", theirs)):
        (tmp_path / folder).mkdir()
        figure.savefig(str(tmp_path / folder / name), **options)
    assert os.listdir(tmp_path / "ours") == os.listdir(tmp_path / "theirs")
    starts = {path.read_bytes()[:5] for path in tmp_path.rglob("*") if path.is_file()}
    assert len(starts) == 1


def test_a_plot_is_saved_to_an_open_file_as_to_a_path(tmp_path):
    figure, content = plot_loss([1.0, 0.5]), io.BytesIO()
    figure.savefig(tmp_path / "loss.png")
    figure.savefig(content)
    assert content.getvalue() == (tmp_path / "loss.png").read_bytes()


def test_a_saved_png_is_as_sharp_as_in_a_notebook_which_shows_it_at_half_its_size():
    figure, content = plot_loss([1.0, 0.5]), io.BytesIO()
    figure.savefig(content)
    width, height = struct.unpack(">2I", content.getvalue()[16:24])
    data, sizes = figure._repr_mimebundle_()
    assert base64.b64decode(data["image/png"])[16:24] == content.getvalue()[16:24]
    assert sizes["image/png"] == {"width": width // 2, "height": height // 2}
    assert width == 1280


def test_a_plot_of_an_unknown_format_leaves_the_file(tmp_path):
    (tmp_path / "loss.xyz").write_text("old")
    with pytest.raises(ValueError, match="xyz"):
        plot_loss([1.0, 0.5]).savefig(tmp_path / "loss.xyz")
    assert (tmp_path / "loss.xyz").read_text() == "old"


@pytest.mark.parametrize("make", FIGURES)
def test_jupyter_shows_every_plot_and_none_uses_global_state(make):
    assert make(palette="dark")._repr_png_().startswith(b"\x89PNG")
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


@pytest.mark.parametrize("make", FIGURES)
def test_notebooks_show_a_plot_at_half_its_size_in_pixels(make):
    figure = make()
    data, metadata = figure._repr_mimebundle_()
    picture = base64.b64decode(data["image/png"])
    assert picture[:4] == b"\x89PNG"
    width, height = struct.unpack(">II", picture[16:24])
    shown = metadata["image/png"]
    assert max(abs(2 * shown["width"] - width), abs(2 * shown["height"] - height)) <= 1
    assert data["text/plain"] == repr(figure)


@pytest.mark.parametrize("make", FIGURES)
def test_an_unknown_palette_is_rejected(make):
    with pytest.raises(ValueError, match="palette must be 'light' or 'dark', not 'sepia'"):
        make(palette="sepia")


def test_a_plot_can_be_drawn_into_given_axes():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert plot_loss([1.0, 0.5], ax=left) is figure
    assert plot_function(autograd.relu, ax=right) is figure
    assert left.get_xlabel() == "epoch"
    assert right.get_xlabel() == "x"


class TestLoss:
    def test_it_shows_every_epoch_counted_from_1(self):
        line = plot_loss([3.0, 2.0, 1.0]).axes[0].get_lines()[0]
        assert line.get_xydata().tolist() == [[1, 3], [2, 2], [3, 1]]

    def test_a_history_shows_its_validation_loss_too(self):
        lines = curves(plot_loss(SimpleNamespace(loss=[2.0, 1.0], validation_loss=[2.5, 1.5])))
        assert lines["training"][:, 1].tolist() == [2.0, 1.0]
        assert lines["validation"][:, 1].tolist() == [2.5, 1.5]

    def test_without_validation_there_is_no_curve_of_it(self):
        assert list(curves(plot_loss(SimpleNamespace(loss=[1.0], validation_loss=[])))) == ["training"]

    def test_log_makes_the_axis_logarithmic(self):
        assert plot_loss([1.0, 0.1], log=True).axes[0].get_yscale() == "log"

    def test_the_epoch_at_which_training_broke_is_marked(self):
        labels = [text.get_text() for text in plot_loss([1.0, math.nan]).axes[0].get_legend().get_texts()]
        assert "not finite from epoch 2" in labels

    @pytest.mark.parametrize("losses", [[], [math.nan], [math.inf, math.nan]])
    def test_nothing_to_show_is_an_error(self, losses):
        with pytest.raises(ValueError, match="at least one loss must be finite"):
            plot_loss(losses)

    def test_a_logarithm_of_nothing_positive_is_an_error(self):
        with pytest.raises(ValueError, match="log=False"):
            plot_loss([0.0, -1.0], log=True)


class TestDecisionSurface:
    def test_the_boundary_is_where_the_output_crosses_the_threshold(self):
        figure = plot_decision_surface(half_plane, X, XOR)
        (boundary,) = [c for c in figure.axes[0].collections if hasattr(c, "levels")]
        points = np.concatenate([path.vertices for path in boundary.get_paths()])
        assert boundary.levels.tolist() == [0.5]
        assert points[:, 0] == pytest.approx(0.5, abs=1e-3)

    def test_a_surface_on_one_side_of_the_threshold_has_no_boundary(self):
        figure = plot_decision_surface(half_plane, X, XOR, threshold=2.0)
        assert not [c for c in figure.axes[0].collections if hasattr(c, "levels")]

    def test_every_sample_is_shown_in_the_marker_of_its_class(self):
        figure = plot_decision_surface(half_plane, X, XOR)
        shown = {c.get_label(): c for c in figure.axes[0].collections if str(c.get_label()).startswith("class")}
        assert shown["class 0"].get_offsets().tolist() == [[0, 0], [1, 1]]
        assert shown["class 1"].get_offsets().tolist() == [[0, 1], [1, 0]]
        shapes = {name: c.get_paths()[0].vertices.shape for name, c in shown.items()}
        assert shapes["class 0"] != shapes["class 1"]

    def test_the_model_may_have_predict_columns_and_one_hot_targets(self):
        model = SimpleNamespace(predict=lambda points: half_plane(points)[:, None])
        for figure, classes in (
            (plot_decision_surface(model, X, [[0], [1], [1], [0]]), 2),
            (plot_decision_surface(three_outputs, X, [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]), 3),
        ):
            labels = {str(c.get_label()) for c in figure.axes[0].collections}
            assert {f"class {k}" for k in range(classes)} <= labels

    def test_a_constant_model_is_drawn(self):
        assert plot_decision_surface(lambda points: np.zeros(len(points)), X, XOR)._repr_png_()[1:4] == b"PNG"

    @pytest.mark.parametrize(
        ("inputs", "targets", "message"),
        [
            ([[1.0, 2.0, 3.0]], [0], r"n×2, for two features, not \(1, 3\)"),
            ([1.0, 2.0], [0, 1], "n×2"),
            (np.empty((0, 2)), [], "n×2"),
            (X, [0, 1], "4 samples"),
            ([[math.nan, 0.0]], [0], "nan or inf"),
            (X, [0, 1, math.nan, 1], "nan or inf"),
            (np.random.default_rng(0).normal(size=(20, 2)), np.arange(20), "at most 8 classes, not 20"),
        ],
    )
    def test_samples_of_another_shape_or_kind_are_rejected(self, inputs, targets, message):
        with pytest.raises(ValueError, match=message):
            plot_decision_surface(half_plane, inputs, targets)

    def test_outputs_of_another_shape_or_kind_are_rejected(self):
        with pytest.raises(ValueError, match="one row for each of 6400 inputs"):
            plot_decision_surface(lambda points: points[:3, 0], X, XOR)
        with pytest.raises(ValueError, match="they are not at"):
            assert plot_decision_surface(lambda points: np.full(len(points), math.nan), X, XOR)


class TestFunction:
    def test_it_shows_the_function_and_its_exact_derivative(self):
        lines = curves(plot_function(lambda x: x**3, -1.0, 1.0, name="cube"))
        assert lines["cube"][:, 1] == pytest.approx(lines["cube"][:, 0] ** 3, abs=1e-12)
        assert lines["derivative"][:, 1] == pytest.approx(3 * lines["derivative"][:, 0] ** 2, abs=1e-12)

    def test_a_jump_is_a_gap_between_its_two_sides(self):
        lines = curves(plot_function(autograd.relu, -1.0, 1.7))
        value, slope = lines["relu(x)"], lines["derivative"]
        (gap,) = np.flatnonzero(np.isnan(slope[:, 1]))
        assert np.isfinite(value).all()
        assert slope[gap - 1, 1] == 0.0
        assert slope[gap + 1, 1] == 1.0
        assert slope[gap - 1 : gap + 2, 0] == pytest.approx(0.0, abs=1e-9)

    @pytest.mark.parametrize("f", [autograd.tanh, autograd.exp, lambda x: (20 * x).sin(), lambda x: (500 * x).tanh()])
    def test_a_steep_slope_is_not_a_jump(self, f):
        assert all(np.isfinite(line).all() for line in curves(plot_function(f)).values())

    def test_a_pole_neither_joins_its_branches_nor_sets_the_scale(self):
        figure = plot_function(lambda x: 1.0 / x)
        low, high = figure.axes[0].get_ylim()
        assert high - low < 100.0
        assert np.isnan(curves(figure)["f(x)"][:, 1]).any()

    def test_a_constant_and_a_function_of_another_value_are_drawn(self):
        constant, line = plot_function(lambda x: 0.0 * x + 1.0), plot_function(lambda x: x * Value(2.0, "w"))
        assert set(curves(constant)["f(x)"][:, 1]) == {1.0}
        x, y = curves(line)["f(x)"].T
        assert y == pytest.approx(2.0 * x)

    @pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
    def test_an_invalid_range_is_rejected(self, low, high):
        with pytest.raises(ValueError, match="low < high"):
            plot_function(autograd.tanh, low, high)

    def test_a_function_that_is_finite_nowhere_is_rejected(self):
        with pytest.raises(ValueError, match="must be finite somewhere"):
            plot_function(autograd.log, -2.0, -1.0)


class TestDifferenceError:
    def test_it_falls_with_the_square_of_the_step_until_round_off(self):
        line = plot_difference_error(lambda x: x.exp(), 1.0).axes[0].get_lines()[0]
        steps, errors = np.log10(line.get_xydata()).T
        truncation, round_off = steps > -4, steps < -7
        assert np.polyfit(steps[truncation], errors[truncation], 1)[0] == pytest.approx(2.0, abs=0.1)
        assert np.polyfit(steps[round_off], errors[round_off], 1)[0] == pytest.approx(-1.0, abs=0.4)

    @pytest.mark.parametrize(("f", "x"), [(lambda x: x.log(), 0.0), (lambda x: x, 0.0), (autograd.tanh, math.nan)])
    def test_nothing_to_show_is_an_error(self, f, x):
        with pytest.raises(ValueError, match="no error to show at x="):
            plot_difference_error(f, x)


class TestWeights:
    def test_every_weight_and_bias_is_in_its_cell(self):
        first, second = plot_weights(network()).axes[:2]
        assert first.images[0].get_array().tolist() == [[1.0, -2.0, 0.1], [0.5, 3.0, -0.2]]
        assert second.images[0].get_array().tolist() == [[1.0, -4.0]]
        assert [text.get_text() for text in second.texts] == ["1.00", "−4.00"]

    @pytest.mark.parametrize("palette", ["light", "dark"])
    def test_every_number_can_be_read_on_its_colour(self, palette):
        model = nn.MLP(1, [24], seed=0)
        for number, w in enumerate(model.parameters()):
            w.data = (number - 24) / 24
        (ax, *_) = plot_weights(model, palette=palette).axes
        image = ax.images[0]
        for text in ax.texts:
            column, row = map(int, text.get_position())
            ground = image.cmap(image.norm(image.get_array()[row, column]))
            assert contrast(text.get_color(), ground) >= 4.5

    def test_all_layers_share_one_scale_centred_at_0(self):
        assert {image.get_clim() for ax in plot_weights(network()).axes[:2] for image in ax.images} == {(-4.0, 4.0)}

    def test_a_model_without_weights_is_rejected(self):
        with pytest.raises(TypeError, match="layers have weights"):
            plot_weights(SimpleNamespace(layers=[]))


@pytest.mark.parametrize("label", ["$x$", r"\$x", "a_b^c", "_hidden", "100 %", "{}", "<script>", "$"])
def test_labels_are_shown_verbatim(label):
    figure = plot_function(autograd.tanh, name=label, points=5)
    (shown, _) = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    figure.draw_without_rendering()
    text, mathematics = figure.axes[0].title._preprocess_math(shown)
    assert text.strip() == label
    assert not mathematics


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"resolution": 0}, "resolution must be an integer of at least 2, not 0"),
        ({"resolution": 2.5}, "resolution must be .* not 2.5"),
        ({"labels": ["x1"]}, r"labels must be the names of two features, .* not \['x1'\]"),
        ({"labels": "ab"}, "labels must be .* not 'ab'"),
        ({"threshold": math.nan}, "threshold must be a finite number, not nan"),
        ({"threshold": "a"}, "threshold must be a finite number, not 'a'"),
    ],
)
def test_a_surface_rejects_an_option_before_it_evaluates_the_model(options, message):
    def model(X):
        raise AssertionError("was evaluated")

    with pytest.raises(ValueError, match=message):
        plot_decision_surface(model, [[0, 0], [1, 1]], [0, 1], **options)
