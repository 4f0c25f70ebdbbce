"""Images in a row or a grid: what is drawn where, and what is rejected."""

import math

import numpy as np
import pytest
from matplotlib.figure import Figure

import viz
from viz.pictures.palette import palette_named
from viz.plots import plot_images

IMAGES = np.arange(24.0).reshape(4, 2, 3)  # four images, two high and three wide


def drawn(figure, ax=0):
    return figure.axes[ax].get_images()


def positions(figure):
    """The left and the upper edge of each image."""
    return [(image.get_extent()[0], image.get_extent()[3]) for image in drawn(figure)]


def test_every_image_is_drawn_with_its_numbers():
    for image, given in zip(drawn(plot_images(IMAGES)), IMAGES, strict=True):
        assert image.get_array().tolist() == given.tolist()


def test_a_row_of_pixels_is_a_square_image_whose_first_pixels_are_its_upper_row():
    [image] = drawn(plot_images([[1, 2, 3, 4]]))
    assert image.get_array().tolist() == [[1, 2], [3, 4]]
    assert image.origin == "upper"


@pytest.mark.parametrize("shape", [(1, 2, 3), (1, 3, 2), (1, 4, 4)])
def test_pixels_are_square(shape):
    figure = plot_images(np.zeros(shape))
    left, right, bottom, top = drawn(figure)[0].get_extent()
    assert (top - bottom) / (right - left) == pytest.approx(shape[1] / shape[2])
    assert figure.axes[0].get_aspect() == 1


def test_images_fill_rows_from_the_upper_left():
    lefts, tops = zip(*positions(plot_images(IMAGES, columns=3)), strict=True)
    assert lefts[0] < lefts[1] < lefts[2]
    assert lefts[3] == lefts[0]
    assert tops[0] == tops[1] == tops[2] > tops[3]


@pytest.mark.parametrize(("images", "columns", "in_a_row"), [(4, None, 4), (25, None, 10), (4, 9, 4), (4, 1, 1)])
def test_a_row_has_at_most_the_columns_asked_for_or_ten(images, columns, in_a_row):
    figure = plot_images(np.zeros((images, 2, 2)), columns=columns)
    assert len({left for left, _ in positions(figure)}) == in_a_row


@pytest.mark.parametrize("labels", [None, ["one"] * 7, ["two\nlines"] * 7])
def test_neither_images_nor_labels_overlap_or_leave_the_figure(labels):
    figure = plot_images(np.zeros((7, 5, 4)), labels, columns=3)
    figure.canvas.draw()
    boxes = [artist.get_window_extent() for artist in (*drawn(figure), *figure.axes[0].texts)]
    for k, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[k + 1 :])


def test_each_label_stands_above_its_image():
    figure = plot_images(IMAGES, [7, "$x$", "_", 2.5], columns=2)
    shown = figure.axes[0].texts
    assert [text.get_text() for text in shown] == ["7", r"\$x\$", " _", "2.5"]
    for text, image in zip(shown, drawn(figure), strict=True):
        left, right, _, top = image.get_extent()
        assert text.get_position()[0] == pytest.approx((left + right) / 2)
        assert text.get_position()[1] >= top


@pytest.mark.parametrize(
    ("options", "scale"), [({}, (0, 23)), ({"high": 16}, (0, 16)), ({"low": -5, "high": 5}, (-5, 5))]
)
def test_all_images_share_one_scale(options, scale):
    assert {image.get_clim() for image in drawn(plot_images(IMAGES, **options))} == {scale}


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_ink_has_the_colour_of_text_and_paper_that_of_the_background(palette):
    from matplotlib.colors import to_hex

    [image] = drawn(plot_images([[[0.0, 1.0]]], palette=palette))
    colours = palette_named(palette)
    assert [to_hex(colour) for colour in image.to_rgba([0.0, 1.0])] == [colours.background, colours.text]


def test_images_without_contrast_are_background():
    [image] = drawn(plot_images([[[3.0, 3.0]]]))
    assert image.norm(3.0) == 0.0


def test_it_draws_into_given_axes():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert viz.plot_images(IMAGES, ax=right) is figure
    assert len(right.get_images()) == 4
    assert not left.get_images()


def test_the_given_images_stay_as_they_are():
    images = IMAGES.copy()
    for image in drawn(plot_images(images)):
        image.get_array()[:] = 0
    assert images.tolist() == IMAGES.tolist()


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        ([], {}, "images must have the shape n×height×width"),
        (np.zeros((2, 0, 3)), {}, "images must have the shape"),
        ([1.0, 2.0], {}, "images must have the shape"),
        (np.zeros((2, 6)), {}, r"not \(2, 6\); put a single image into a list"),
        (np.zeros((1, 2, 3, 4)), {}, "images must have the shape"),
        ([[math.nan]], {}, "images must be finite"),
        (IMAGES, {"labels": ["a", "b"]}, "one label for each of 4 images, not"),
        (IMAGES, {"labels": "abcd"}, "one label for each of 4 images, not 'abcd'"),
        (IMAGES, {"columns": 0}, "columns must be a positive integer, not 0"),
        (IMAGES, {"columns": 2.0}, "columns must be a positive integer, not 2.0"),
        (IMAGES, {"columns": True}, "columns must be a positive integer, not True"),
        (IMAGES, {"low": 30.0}, "low must be below high, and both finite, not low=30.0 and high=23.0"),
        (IMAGES, {"high": math.inf}, "low must be below high"),
        (IMAGES, {"palette": "sepia"}, "palette must be 'light' or 'dark'"),
    ],
)
def test_what_cannot_be_plotted_is_rejected(images, options, message):
    with pytest.raises(ValueError, match=message):
        plot_images(images, **options)
