"""A loss as a landscape with paths of descent: what the plot shows, and what it rejects."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value
from viz.plots import plot_landscape

PATH = [(2.0, 1.0), (1.0, 0.5), (0.5, 0.25)]


def bowl(x, y):
    return x * x + 3 * y * y


def small(*arguments, **options):
    return plot_landscape(bowl, *arguments, resolution=30, **options)


def paths(figure):
    """The points of each path by its label."""
    lines = [line for line in figure.axes[0].get_lines() if line.get_marker() == "."]
    return [line.get_xydata().tolist() for line in lines]


def contours(figure):
    (lines,) = [c for c in figure.axes[0].collections if hasattr(c, "levels") and not c.filled]
    return lines


def test_the_height_is_the_same_all_along_a_contour_line():
    lines = contours(plot_landscape(bowl, x=(-2, 2), y=(-1, 1)))
    drawn = 0
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        points = path.vertices[np.isfinite(path.vertices).all(axis=1)]
        drawn += len(points)
        assert bowl(points[:, 0], points[:, 1]) == pytest.approx(level, abs=0.02)
    assert drawn > 100


def test_the_contour_lines_of_a_parabola_are_equally_far_apart():
    levels = contours(small(levels=5)).levels
    assert np.diff(np.sqrt(levels - levels[0])) == pytest.approx(np.sqrt(levels[-1] - levels[0]) / 5)


def test_a_path_is_drawn_step_by_step_and_begins_at_a_square():
    figure = small(PATH)
    assert paths(figure) == [[list(point) for point in PATH]]
    (start,) = [line for line in figure.axes[0].get_lines() if line.get_marker() == "s"]
    assert start.get_xydata().tolist() == [[2.0, 1.0]]
    assert figure.axes[0].get_legend() is None


def test_several_paths_have_names_and_colours_of_their_own():
    figure = small({"slow": PATH, "fast": np.array(PATH)[::2]})
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["slow", "fast"]
    assert [len(points) for points in paths(figure)] == [3, 2]
    assert len({line.get_color() for line in figure.axes[0].get_lines()}) == 2


def test_the_map_has_room_around_the_path_unless_its_ends_are_given():
    ax = small(PATH).axes[0]
    assert ax.get_xlim() == (0.5 - 0.375, 2.0 + 0.375)
    ax = small(PATH, x=(-5, 5)).axes[0]
    assert ax.get_xlim() == (-5.0, 5.0)
    assert ax.get_ylim() == (0.25 - 0.1875, 1.0 + 0.1875)
    assert small().axes[0].get_xlim() == (-3.0, 3.0)
    assert small([(1.0, 1.0)]).axes[0].get_xlim() == (0.0, 2.0)


def test_a_path_that_diverges_ends_where_it_is_not_finite():
    figure = small([(1.0, 1.0), (-3.0, 2.0), (math.inf, 5.0), (0.0, 0.0)])
    assert paths(figure) == [[[1.0, 1.0], [-3.0, 2.0]]]


def test_the_colour_scale_can_be_left_out():
    assert [len(small(scale=scale).axes) for scale in (True, False)] == [2, 1]


def test_losses_and_paths_may_be_made_of_values():
    w = Value(1.5, "w")
    figure = plot_landscape(lambda x, y: (w * x + y) ** 2, [(w, Value(2.0))], resolution=10)
    assert paths(figure) == [[[1.5, 2.0]]]
    assert w.grad == 0.0


def test_axes_are_labelled_with_the_names_of_the_numbers():
    ax = small(labels=("price", "$sold$")).axes[0]
    assert ax.get_xlabel() == "price"
    assert ax.get_ylabel() == r"\$sold\$"


def test_a_flat_landscape_is_drawn_without_contour_lines():
    figure = plot_landscape(lambda x, y: 1.0, PATH, resolution=5)
    assert len(figure.axes) == 1
    assert len(paths(figure)) == 1


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((), {"levels": 1}, "levels must be an integer of at least 2, not 1"),
        ((), {"resolution": 2.5}, "resolution must be an integer of at least 2, not 2.5"),
        ((), {"labels": "wb"}, "labels must be the names of two numbers, .* not 'wb'"),
        ((), {"labels": ["w"]}, "labels must be"),
        ((), {"x": (1.0, 1.0)}, "x must be two finite numbers in ascending order, not 1.0 and 1.0"),
        ((), {"y": (0.0, math.inf)}, "y must be two finite numbers"),
        (([1.0, 2.0],), {}, "path must consist of pairs of numbers"),
        (([],), {}, "path must consist of pairs of numbers"),
        (([(1.0, 2.0, 3.0)],), {}, r"pairs of numbers, not \[\(1.0, 2.0, 3.0\)\]"),
        (([(1.0, 2.0), (3.0,)],), {}, "path must consist of pairs"),
        (({"a": [(math.nan, 1.0)]},), {}, "the path 'a' must begin at a finite point, not at"),
        (({str(k): PATH for k in range(9)},), {}, "at most 8 paths, not 9"),
    ],
)
def test_what_cannot_be_drawn_is_rejected(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        plot_landscape(bowl, *arguments, **options)


def test_a_loss_that_is_not_finite_is_rejected_with_the_place():
    with pytest.raises(ValueError, match=r"must be finite on the map, but at \(-1, 0\) it is not"):
        plot_landscape(lambda x, y: autograd.log(x), x=(-1.0, 1.0), y=(0.0, 1.0), resolution=3)
