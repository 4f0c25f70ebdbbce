"""A graph at any step of its passes: what is known by then, what the step uses, and files of all steps."""

import csv
import re
import shutil
import subprocess
from io import BytesIO, StringIO
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from PIL import Image, ImageChops
from support.labelled_graphs import graphs
from support.pictures import SVG, seen
from support.texts import HOSTILE

import nn
import viz
from autograd import Value, backward_steps, forward_steps
from viz.pictures.arrangement import arrange
from viz.pictures.palette import LIGHT
from viz.pictures.plain_svg import plain_svg
from viz.pictures.tikz import tikz_of


def neuron():
    x, w, b = Value(1.5, "x", role="input"), Value(1 / 3, "w", role="parameter"), Value(-0.1, "b", role="parameter")
    y = (w * x + b).tanh()
    y.label = "y"
    return y


def last(value):
    return len(forward_steps(value)) + len(backward_steps(value))


def known(box):
    """The numbers of a box: its data and its gradient, None where they are not known."""
    *_, data, gradient = box.lines
    assert gradient.startswith("grad ")
    return tuple(None if text == "…" else text for text in (data, gradient.removeprefix("grad ")))


def places(drawing):
    """Where the boxes of a drawing stand, and where its arrows, whichever end their heads are at, and labels do."""
    return re.findall(r'id="(node\d+)" .*\bpos="([^"]*)"', drawing.source), arrange(drawing._document).layout


def opened(path):
    return Image.open(BytesIO(path.read_bytes()))


def page(drawing):
    """The size of a drawing, and where its shapes are moved to."""
    size = re.compile(r'(?s)<svg (width="[^"]*" height="[^"]*")\s+viewBox="([^"]*)".*?translate\(([^)]*)\)')
    return size.search(drawing.render("svg").decode()).groups()


def squared_and_added():
    v = Value(2.0, "v")
    return v * v + v


def with_a_long_name():
    return Value(2.0, "the_rate_of_interest") * Value(0.125, "σ²") + 1 / 3


def through_a_network():
    return nn.MLP(2, [2, 1], seed=0)([Value(1.0, "a"), Value(2.0, "b")])


GRAPHS = [squared_and_added, neuron, with_a_long_name, through_a_network, lambda: Value(2.0, "x").exp()]
"""Most of them are narrower than the captions of some of their steps, and wider than those of others."""


class TestStep:
    def test_the_numbers_known_are_those_of_the_steps_so_far(self):
        y = neuron()
        by_name = {box.lines[0]: known(box) for box in seen(viz.draw(y, step=0)).boxes.values()}
        assert by_name["x"] == ("1.5", None)
        assert by_name["t1"] == by_name["t2"] == by_name["y"] == (None, None)
        by_name = {box.lines[0]: known(box) for box in seen(viz.draw(y, step=2)).boxes.values()}
        assert (by_name["t1"], by_name["t2"], by_name["y"]) == (("0.5", None), ("0.4", None), (None, None))
        by_name = {box.lines[0]: known(box) for box in seen(viz.draw(y, step=5)).boxes.values()}
        assert (by_name["y"], by_name["t2"], by_name["b"]) == (("0.3799", "1.0"), ("0.4", "0.8556"), ("−0.1", None))
        assert by_name["w"] == ("0.3333", None)

    @given(graphs())
    @settings(deadline=None, max_examples=25)
    def test_after_the_last_step_the_picture_has_the_numbers_of_backward(self, y):
        before = [(step.operand.grad, step.operand.has_grad) for step in backward_steps(y)]
        found = seen(viz.draw(y, step=last(y), limit=1000))
        assert [(step.operand.grad, step.operand.has_grad) for step in backward_steps(y)] == before  # nothing changes
        y.backward()
        expected = seen(viz.draw(y, limit=1000))
        for box, other in zip(found.boxes.values(), expected.boxes.values(), strict=True):
            *name, _ = box.lines[: 1 + len(box.lines) - len(other.lines)]  # that of a node without a label
            assert len(name) <= 1
            assert box.lines[len(name) :] == other.lines

    @given(graphs())
    @settings(deadline=None, max_examples=25)
    def test_every_node_that_a_step_names_has_its_name_in_the_picture(self, y):
        labels = {node.label for step in forward_steps(y) for node in (step.node, *step.operands)}
        shown = {line for box in seen(viz.draw(y, step=1, limit=1000)).boxes.values() for line in box.lines}
        for step in forward_steps(y):
            assert step.node.label or step.statement.split(" = ")[0] in shown
        assert {label for label in labels if label.isidentifier()} <= shown

    @given(graphs(), st.sampled_from(["LR", "TB", "RL", "BT"]))
    @settings(deadline=None, max_examples=15)
    def test_in_a_backward_step_its_arrow_points_to_the_operand_and_has_a_bold_factor(self, y, direction):
        options = {"direction": direction, "limit": 1000}
        count = last(y)
        for step in {1, len(forward_steps(y)) + 2, count}:
            if step > count:
                continue
            drawing = viz.draw(y, step=step, **options)
            for svg in (drawing.render("svg").decode(), plain_svg(drawing._document)):
                groups = {g.get("id"): g for g in ElementTree.fromstring(svg).iter(f"{SVG}g")}
                for number, arrow in enumerate(drawing._document.arrows, 1):
                    assert arrow.backwards == (arrow.emphasis == "gradient")
                    group = groups[f"edge{number}"]
                    points = [*map(float, re.findall(r"-?[\d.]+", next(group.iter(f"{SVG}path")).get("d")))]
                    (head,) = group.iter(f"{SVG}polygon")
                    corners = [*map(float, re.findall(r"-?[\d.]+", head.get("points")))]
                    x, y_ = sum(corners[:6:2]) / 3, sum(corners[1:6:2]) / 3
                    from_start = abs(points[0] - x) + abs(points[1] - y_)
                    from_end = abs(points[-2] - x) + abs(points[-1] - y_)
                    assert (from_start < from_end) == arrow.backwards
                    for text in group.iter(f"{SVG}text"):
                        assert (text.get("fill"), text.get("font-weight")) == (LIGHT.gradient, "bold")

    @given(graphs(), st.booleans(), st.sampled_from(["LR", "TB", "RL", "BT"]))
    @example(0.0 + (0.0 + (0.0 + Value(0.0, role="constant"))), True, "LR")  # all constant: no gradient but the first
    @settings(deadline=None, max_examples=15)
    def test_boxes_and_arrows_stand_in_the_same_places_at_all_steps(self, y, hide_constants, direction):
        options = {"hide_constants": hide_constants, "direction": direction, "limit": 1000}
        count = len(viz.animate(y, **options))
        first, *others = (viz.draw(y, step=step, **options) for step in {0, 1, count // 2, count - 1} if step < count)
        for other in others:
            assert places(other) == places(first)
            assert page(other) == page(first)

    def test_what_a_step_uses_has_the_colour_of_its_pass(self):
        y = neuron()
        forward, backward = seen(viz.draw(y, step=2)), seen(viz.draw(y, step=6))
        assert [edge.color for edge in forward.edges].count(LIGHT.operation) == 2  # both operands of the sum
        assert [box.lines[0] for box in forward.boxes.values() if box.border == LIGHT.operation] == ["t2"]
        assert [(edge.color, edge.label) for edge in backward.edges if edge.label] == [(LIGHT.gradient, "×1.0")]
        assert [box.lines[0] for box in backward.boxes.values() if box.border == LIGHT.gradient] == ["t1", "t2"]

    def test_the_line_below_has_the_numbers_of_the_step(self):
        x = Value(3.0, "x")
        y = (x * x).tanh()
        notes = [seen(viz.draw(y, step=step)).note for step in range(7)]
        assert notes == [
            ["start: 2 forward and 4 backward steps follow"],
            ["step 1 of 6, forward: t1 = x * x = 9.0"],
            ["step 2 of 6, forward: t2 = tanh(t1) = 1"],
            ["step 3 of 6, backward: t2.grad = 1.0"],
            ["step 4 of 6, backward: t1.grad += 1.0 × 6.092e−8 = 6.092e−8"],
            ["step 5 of 6, backward: x.grad += 6.092e−8 × 3.0 = 1.828e−7"],
            ["step 6 of 6, backward: x.grad += 6.092e−8 × 3.0 = 1.828e−7, now 3.655e−7"],
        ]

    def test_a_branch_that_was_not_taken_is_said_in_words(self):
        x = Value(0.0, "x")
        y = x.exp().select(x, x.log())  # the slope of the logarithm is inf, and is not used
        words = [seen(viz.draw(y, step=step)).note[0] for step in range(last(y) + 1)]
        assert any("+= 0.0, for this branch was not taken" in line for line in words)

    @pytest.mark.parametrize("step", [-1, 8, 1.0, True, "2"])
    def test_a_step_that_is_not_there_is_an_error_that_says_which_are(self, step):
        y = Value(2.0, "x") * 3.0 + 1.0
        with pytest.raises(ValueError, match=r"step must be an integer from 0 to 7 \(2 forward, 5 backward\), not "):
            viz.draw(y, step=step)

    def test_a_folded_step_is_in_its_box(self):
        model = nn.MLP(2, [2, 1], seed=0)
        y = model([Value(1.0, "a"), Value(2.0, "b")])
        picture = seen(viz.draw(y, depth=0, step=1))
        assert [box.lines[0] for box in picture.boxes.values() if box.border == LIGHT.operation] == ["layer1"]
        assert picture.note[1].startswith("folded: ")


class TestAnimation:
    @pytest.mark.parametrize("format", ["gif", "apng", "png"])
    def test_a_file_has_a_picture_of_every_step_and_shows_the_last_one_longer(self, tmp_path, format):
        y = Value(2.0, "w") * Value(-3.0, "x")
        animation = viz.animate(y, seconds=0.5)
        assert len(animation) == 1 + last(y)
        image = Image.open(BytesIO(animation.save(tmp_path / f"pass.{format}", scale=1.0).read_bytes()))
        assert image.n_frames == len(animation)
        durations = []
        for number in range(image.n_frames):
            image.seek(number)
            durations.append(image.info["duration"])
        assert durations == [500] * (len(animation) - 1) + [1500]

    def test_the_pictures_of_a_gif_have_the_colours_of_the_palette(self, tmp_path):
        animation = viz.animate(neuron())
        image = Image.open(BytesIO(animation.save(tmp_path / "pass.gif", scale=1.0).read_bytes()))
        image.seek(image.n_frames - 1)
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 20)}
        rgb = lambda text: tuple(bytes.fromhex(text[1:]))  # noqa: E731
        for fill in (LIGHT.background, LIGHT.colors_of["input"][0], LIGHT.colors_of["parameter"][0]):
            assert min(max(abs(a - b) for a, b in zip(color, rgb(fill), strict=True)) for color in colors) <= 4

    @pytest.mark.parametrize("direction", ["LR", "TB"])
    @pytest.mark.parametrize("graph", GRAPHS)
    def test_all_pictures_have_one_size_and_a_film_has_each_of_them_whole(self, graph, direction, tmp_path):
        animation = viz.animate(graph(), direction=direction)
        assert len({page(frame) for frame in animation._frames}) == 1
        paths = animation.save_frames(tmp_path / "step.png", scale=1.0)
        pictures = [opened(path).convert("RGB") for path in paths]
        assert len({picture.size for picture in pictures}) == 1
        gif = opened(animation.save(tmp_path / "steps.gif", scale=1.0))
        apng = opened(animation.save(tmp_path / "steps.apng", scale=1.0))
        for number, picture in enumerate(pictures):
            gif.seek(number)
            apng.seek(number)
            assert gif.size == apng.size == picture.size
            assert ImageChops.difference(apng.convert("RGB"), picture).getbbox() is None
            film, still = np.asarray(gif.convert("RGB"), int), np.asarray(picture, int)
            assert np.abs(film - still).mean() < 0.5  # a palette of 256 colours
            for fill in (LIGHT.background, *(fill for fill, _ in LIGHT.colors_of.values())):
                plain = (still == [*bytes.fromhex(fill[1:])]).all(axis=2)
                assert (film[plain] == still[plain]).all()

    @pytest.mark.parametrize("graph", GRAPHS)
    def test_boxes_stand_at_the_same_pixels_in_all_pictures(self, graph):
        frames = viz.animate(graph())._frames
        fills = {fill for fill, _ in LIGHT.colors_of.values()} - {LIGHT.background}

        def filled(frame):
            """The rectangle around the pixels of each fill of boxes."""
            pixels = np.asarray(Image.open(BytesIO(frame.render("png", scale=1.0))).convert("RGB"))
            masks = {fill: (pixels == [*bytes.fromhex(fill[1:])]).all(axis=2) for fill in fills}
            return {fill: Image.fromarray(mask).getbbox() for fill, mask in masks.items()}

        first, *others = [filled(frame) for frame in frames]
        assert any(first.values())
        # an outline that is thicker for the step covers a pixel of the fill on each side
        for other in others:
            for fill, place in first.items():
                assert (place is None) == (other[fill] is None)
                assert place is None or max(abs(a - b) for a, b in zip(place, other[fill], strict=True)) <= 1

    def test_each_picture_is_a_file_of_its_own(self, tmp_path):
        y = neuron()
        paths = viz.animate(y).save_frames(tmp_path / "pass.svg")
        assert [path.name for path in paths] == [f"pass-{number}.svg" for number in range(last(y) + 1)]
        assert paths[3].read_bytes() == viz.draw(y, step=3, hide_constants=True, palette="light").render("svg")

    def test_a_pdf_has_a_page_for_each_step_and_its_text_is_text(self, tmp_path):
        pytest.importorskip("typst")
        animation = viz.animate(neuron())
        content = animation.save(tmp_path / "pass.pdf").read_bytes()
        assert content.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type\s*/Page\b", content)) == len(animation)
        assert b"DejaVuSansMono" in content
        assert viz.draw(neuron()).render("pdf") == viz.draw(neuron()).render("pdf")

    def test_steps_to_constants_are_left_out_as_in_the_table(self):
        y = Value(2.0, "x") * 3.0
        assert len(viz.animate(y)) == len(str(viz.steps_table(y, hide_constants=True)).splitlines())
        assert len(viz.animate(y, hide_constants=False)) == len(str(viz.steps_table(y)).splitlines())

    def test_a_notebook_plays_it(self):
        bundle = viz.animate(Value(2.0, "x") * 3.0)._repr_mimebundle_()
        assert bundle["text/html"].startswith('<img alt="Steps of Value(')
        assert "data:image/gif;base64," in bundle["text/html"]
        assert repr(viz.animate(Value(2.0, "x") * 3.0)) == "<animation of 4 pictures; .save('steps.gif') writes it>"

    def test_what_cannot_be_animated_is_refused(self, tmp_path):
        with pytest.raises(TypeError, match="animate takes a Value, not 3"):
            viz.animate(3)
        with pytest.raises(ValueError, match="seconds must be a positive number, not 0"):
            viz.animate(neuron(), seconds=0)
        with pytest.raises(viz.RenderError, match=r"must end with \.gif, \.apng, \.png or \.pdf, not \.mp4"):
            viz.animate(neuron()).save(tmp_path / "pass.mp4")
        x = Value(0.5, "x")
        for _ in range(300):
            x = x.tanh()
        with pytest.raises(viz.GraphTooLargeError, match="at most 500 pictures, but this graph has 602"):
            viz.animate(x)


class TestTraining:
    @pytest.fixture(scope="class")
    @classmethod
    def history(cls):
        model = nn.MLP(2, [3, 1], activation="tanh", output_activation="sigmoid", seed=0)
        return model.fit(*nn.datasets.xor(), epochs=60, record=4, progress=False)

    def test_there_is_a_picture_for_each_recorded_epoch(self, history, tmp_path):
        animation = viz.animate_training(history)
        image = Image.open(BytesIO(animation.save(tmp_path / "training.gif", scale=0.5).read_bytes()))
        assert (len(animation), image.n_frames) == (4, 4)
        paths = animation.save_frames(tmp_path / "training.svg")
        assert [f"Epoch {epoch} of 60" in path.read_text() for path, epoch in zip(paths, [0, 20, 40, 60], strict=True)]

    def test_pictures_show_the_weights_of_their_epochs_and_the_model_keeps_its_own(self, history):
        before = history.recording.model.state_dict()
        animation = viz.animate_training(history)
        first, last = (animation._frames[number].render("png", scale=1.0) for number in (0, -1))
        assert history.recording.model.state_dict() == before
        assert first != last
        assert animation._frames[0].render("png", scale=1.0) == first  # in any order

    @pytest.mark.parametrize("dataset", [nn.datasets.moons, lambda n, seed: ([[0.1], [0.7]], [0.2, 0.9])])
    def test_axes_titles_and_the_legend_stand_still_and_inside(self, dataset):
        X, y = dataset(20, seed=0)
        classifies = len(X[0]) == 2
        model = nn.MLP(len(X[0]), [3, 1], output_activation="sigmoid", seed=0)
        fit = {"epochs": 20, "record": 4, "progress": False, "validation": (X, y)}
        history = model.fit(X, y, loss="binary_cross_entropy" if classifies else "mse_loss", **fit)
        found = []
        for frame in viz.animate_training(history)._frames:
            figure = frame.plots.plot(frame.number)
            figure.draw_without_rendering()
            titles = [axes.title.get_window_extent() for axes in figure.axes]
            assert all(figure.bbox.y1 - title.y1 >= 0.02 * figure.bbox.height for title in titles)
            legends = [legend for axes in figure.axes if (legend := axes.get_legend())]
            assert [text.get_text() for text in legends[-1].get_texts()] == ["training", "validation"]
            found.append([artist.get_window_extent().bounds for artist in (*legends, *figure.axes)])
        assert len(found) == 4
        assert found[1:] == found[:-1]

    def test_a_run_that_was_not_recorded_is_refused(self):
        history = nn.MLP(2, [1], seed=0).fit(*nn.datasets.xor(), epochs=1, progress=False)
        with pytest.raises(ValueError, match="must be recorded"):
            viz.animate_training(history)
        with pytest.raises(TypeError, match=r"animate_training takes the result of model.fit\(..., record=50\), not 3"):
            viz.animate_training(3)


def overlay(tikz, number):
    """The picture that Beamer shows on an overlay."""
    lines = []
    for line in tikz.splitlines():
        specified = re.fullmatch(r"((?:\\only<\d+-\d+>\{.*?\}(?=\\only<|$))+)", line)
        if not specified:
            lines.append(line)
        for first, last, code in re.findall(r"\\only<(\d+)-(\d+)>\{(.*?)\}(?=\\only<|$)", line) if specified else ():
            if int(first) <= number <= int(last):
                lines.append(code)
    return [line for line in lines if line]


class TestTikz:
    def test_each_overlay_is_the_picture_of_its_step(self, tmp_path):
        y = neuron()
        written = viz.animate(y).save(tmp_path / "pass.tikz").read_text()
        for step in range(last(y) + 1):
            single = viz.draw(y, step=step, hide_constants=True).render("tikz").decode()
            assert overlay(written, step + 1) == [line for line in single.splitlines() if line]

    @pytest.mark.parametrize("text", HOSTILE[:40])
    def test_any_label_is_shown_verbatim(self, text):
        drawn = viz.draw(Value(1.0, text) * 2.0).render("tikz").decode()
        plain = re.sub(r"\\[&%$#_{}]", "", drawn)
        assert plain.count("{") == plain.count("}")
        assert "%" not in plain.replace("\\%", "")

    @pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs LaTeX")
    def test_it_compiles(self, tmp_path):
        y = neuron() * Value(2.0, r"a_1 & {50%} \x^~") + Value(1.0, "σ")
        (tmp_path / "one.tex").write_text(
            r"\documentclass{article}\usepackage{tikz}\begin{document}"
            + viz.draw(y).render("tikz").decode()
            + viz.draw_network([2, 2, 1]).render("tikz").decode()
            + r"\end{document}"
        )
        viz.animate(y).save(tmp_path / "steps.tex")
        for name in ("one", "steps"):
            command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-2000:]

    def test_a_document_has_the_picture_in_it(self):
        drawing = viz.draw(neuron())
        assert drawing.render("tikz").decode() in drawing.render("tex").decode()
        assert tikz_of([drawing._document]) == drawing.render("tikz").decode()


class TestGradientTable:
    def graph(self):
        w, x = Value(2.0, "w", role="parameter"), Value(-3.0, "x", role="input")
        y = (w * x + 1 / 3).exp()
        y.backward()
        return y

    def test_csv_has_all_digits(self):
        y = self.graph()
        rows = [*csv.DictReader(StringIO(viz.gradient_table(y, nodes="all").csv))]
        w, x = y.operands[0].operands[0].operands
        assert [(row["name"], row["kind"]) for row in rows[:2]] == [("w", "parameter"), ("x", "input")]
        assert [float(row["gradient"]) for row in rows[:2]] == [w.grad, x.grad]
        assert float(rows[-1]["value"]) == y.data

    def test_every_format_has_every_row(self, tmp_path):
        table = viz.gradient_table(nn.MLP(2, [2, 1], seed=0))
        assert len(str(table).splitlines()) == 10
        assert len(table.save(tmp_path / "g.md").read_text().splitlines()) == 11
        assert table.save(tmp_path / "g.tex").read_text().count(r"\\") == 10
        assert len(table.save(tmp_path / "g.csv").read_text().splitlines()) == 10
        assert table._repr_html_().count("<tr>") == 10

    def test_a_node_without_a_gradient_has_an_empty_cell(self):
        assert viz.gradient_table(Value(1.0, "a") * 2.0).csv == "name,kind,value,gradient\na,leaf,1.0,\n"

    @pytest.mark.parametrize("text", ["a|b", "a\\b", "a_b & c"])
    def test_special_characters_stay_in_their_cells(self, text):
        table = viz.gradient_table(Value(1.0, text) * 2.0)
        assert len(re.split(r"(?<!\\)\|", table.markdown.splitlines()[2].replace("\\\\", ""))) == 6
        assert len(re.split(r"(?<!\\)&", table.latex.splitlines()[2])) == 4

    def test_what_has_no_gradients_is_refused(self, tmp_path):
        with pytest.raises(TypeError, match="gradient_table takes a Value or a model, not 3"):
            viz.gradient_table(3)
        with pytest.raises(ValueError, match="nodes must be 'leaves' or 'all', not 'some'"):
            viz.gradient_table(self.graph(), nodes="some")
        with pytest.raises(viz.RenderError, match=r"must end with \.md, \.tex or \.csv, not \.xlsx"):
            viz.gradient_table(self.graph()).save(tmp_path / "g.xlsx")


def test_a_gif_is_the_same_for_the_same_graph():
    save = lambda: viz.animate(neuron())._rendered("gif", 1.0)  # noqa: E731
    assert save() == save()
    assert Image.open(BytesIO(save())).info["loop"] == 0
