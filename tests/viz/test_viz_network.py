"""A network as neurons and weights, or as matrices and their shapes."""

import math
import re
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.pictures import number_of, seen

import autograd
import nn
import viz
from viz.pictures.palette import DARK, LIGHT


def model(sizes=(2, 4, 1), **options):
    return nn.MLP(sizes[0], list(sizes[1:]), **options)


def weights_of(network):
    """Every weight by the names of the neurons that it connects."""
    return {
        (f"neuron{depth}_{source}", f"neuron{depth + 1}_{neuron}"): parameter.data
        for depth, layer in enumerate(network.layers)
        for neuron, row in enumerate(layer.weight.tolist(), 1)
        for source, parameter in enumerate(row, 1)
    }


class TestNeurons:
    @pytest.mark.parametrize("sizes", [(1, 1), (2, 4, 1), (3, 3, 3, 2), (1, 10, 1)])
    def test_every_neuron_and_every_weight_is_there_once(self, sizes):
        network = model(sizes)
        for picture in (seen(viz.draw_network(network)), seen(viz.draw_network(sizes))):
            expected = {f"neuron{d}_{i}" for d, size in enumerate(sizes) for i in range(1, size + 1)}
            assert picture.boxes.keys() == expected
            assert Counter(edge.ends for edge in picture.edges) == Counter(list(weights_of(network)))

    @given(st.lists(st.floats(-5, 5), min_size=4, max_size=4))
    @settings(deadline=None, max_examples=40)
    def test_a_weight_is_its_edges_sign_as_colour_and_its_size_as_width(self, numbers):
        network = model((2, 2))
        for parameter, number in zip(network.layers[0].weight.flat, numbers, strict=True):
            parameter.data = number
        weights = weights_of(network)
        edges = seen(viz.draw_network(network)).edges
        for edge in edges:
            weight = weights[edge.ends]
            expected = LIGHT.positive if weight > 0 else LIGHT.negative if weight < 0 else LIGHT.edge
            assert edge.color == expected
            assert number_of(edge.label) == pytest.approx(weight, rel=0.06)
            assert repr(weight) in edge.tooltip
        by_size = sorted(edges, key=lambda edge: abs(weights[edge.ends]))
        widths = [edge.width for edge in by_size]
        assert widths == sorted(widths)
        if abs(weights[by_size[-1].ends]) > 2 * abs(weights[by_size[0].ends]):
            assert widths[-1] > 1.5 * widths[0]

    def test_widths_compare_across_layers(self):
        network = model((1, 1, 1))
        network.layers[0].weight[0, 0].data, network.layers[1].weight[0, 0].data = 4.0, -0.5
        first, second = sorted(seen(viz.draw_network(network)).edges, key=lambda edge: edge.ends)
        assert first.width > 3 * second.width

    @pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 0.0, 1e308, 5e-324])
    def test_a_network_with_extreme_weights_is_drawn(self, number):
        network = model((2, 2))
        network.layers[0].weight[0, 0].data = number
        drawing = viz.draw_network(network)
        edges = seen(drawing).edges
        assert len(edges) == 4
        assert all(0 < edge.width <= 4 for edge in edges)
        assert drawing.render("png").startswith(b"\x89PNG")

    def test_a_neuron_shows_its_activation_and_its_bias(self):
        network = model(activation="relu", output_activation="sigmoid")
        for i, bias in enumerate(network.layers[0].bias):
            bias.data = i + 0.5
        boxes = seen(viz.draw_network(network)).boxes
        assert [boxes[f"neuron0_{i}"].lines for i in (1, 2)] == [["x1"], ["x2"]]
        assert [boxes[f"neuron1_{i}"].lines for i in (1, 2, 3, 4)] == [["relu", f"{i}.5"] for i in range(4)]
        assert boxes["neuron2_1"].lines == ["sigmoid", "0.0"]

    def test_inputs_hidden_neurons_and_outputs_look_different(self):
        boxes = seen(viz.draw_network(model())).boxes
        assert len({boxes[f"neuron{depth}_1"].fill for depth in range(3)}) == 3

    def test_a_legend_explains_the_numbers_where_there_are_any(self):
        assert "weight, blue above 0, orange below" in seen(viz.draw_network(model())).note[0]
        assert seen(viz.draw_network([2, 1])).note == []

    @pytest.mark.parametrize("size", [11, 12, 100, 12345])
    def test_the_middle_of_a_large_layer_is_left_out_and_counted(self, size):
        picture = seen(viz.draw_network([2, size, 1]))
        neurons = [name for name in picture.boxes if name.startswith("neuron1_")]
        [gap] = [box for name, box in picture.boxes.items() if name.startswith("gap")]
        assert f"neuron1_{size}" in neurons
        assert gap.lines == ["⋮", f"{size - len(neurons):,} more"]
        assert len(picture.edges) == 3 * len(neurons)

    def test_a_layer_of_ten_neurons_is_drawn_whole(self):
        assert len(seen(viz.draw_network([10, 10])).boxes) == 20

    def test_a_column_keeps_the_order_of_its_neurons(self):
        root = seen(viz.draw_network([12, 3], output_activation="relu")).root
        y = {}
        for group in root.iter("{http://www.w3.org/2000/svg}g"):
            if group.get("class") == "node":
                y[group.get("id")] = float(next(group.iter("{http://www.w3.org/2000/svg}text")).get("y", 0))
        for depth, size in ((0, 12), (1, 3)):
            column = [y[name] for i in range(1, size + 1) if (name := f"neuron{depth}_{i}") in y]
            assert column == sorted(column)

    def test_weights_carry_numbers_unless_there_are_many_and_then_the_picture_says_so(self):
        for sizes in [(4, 4, 2), (4, 5, 3)]:
            assert all(edge.label for edge in seen(viz.draw_network(model(sizes))).edges)
        picture = seen(viz.draw_network(model((6, 7))))
        assert not any(edge.label for edge in picture.edges)
        assert "edges: 42 weights, too many to write" in picture.note[0]

    def test_the_dark_palette_is_dark(self):
        picture = seen(viz.draw_network(model(), palette="dark"))
        assert {edge.color for edge in picture.edges} == {DARK.positive, DARK.negative}
        assert {box.fill for box in picture.boxes.values()} <= {fill for fill, _ in DARK.colors_of.values()}

    def test_a_dropped_neuron_and_all_of_its_weights_are_pale_and_carry_no_number(self):
        network = model((2, 4, 3, 1))
        picture = seen(viz.draw_network(network, masks=[np.array([2.0, 0.0, 2.0, 0.0]), [0.0, 2.0, 2.0]]))
        dropped = {"neuron1_2", "neuron1_4", "neuron2_1"}
        pale, border = LIGHT.colors_of["constant"]
        for name, box in picture.boxes.items():
            hidden = name[6] in "12"
            assert (box.fill == pale) == (name in dropped)
            assert [line for line in box.lines if "×" in line] == hidden * ["×0.0" if name in dropped else "×2.0"]
        assert len(picture.edges) == len(weights_of(network))
        for edge in picture.edges:
            assert edge.dashed == (not dropped.isdisjoint(edge.ends))
            assert (edge.color == border) == edge.dashed
            assert (edge.label == "") == edge.dashed
        assert picture.note[-1] == "3 of 7 hidden neurons dropped"
        assert "factor of dropout" in picture.note[0]
        assert not any(edge.dashed for edge in seen(viz.draw_network(network)).edges)

    @pytest.mark.parametrize("direction", ["LR", "TB"])
    def test_where_a_network_stands_does_not_depend_on_what_is_dropped(self, direction):
        network = model((2, 4, 1))
        roots = [
            seen(viz.draw_network(network, masks=[mask], direction=direction)).root
            for mask in ([2.0, 2.0, 2.0, 2.0], [0.0, 2.0, 0.0, 2.0])
        ]
        places = [[(e.get("cx"), e.get("cy")) for e in r.iter("{http://www.w3.org/2000/svg}ellipse")] for r in roots]
        assert places[0] == places[1]

    def test_masks_of_sizes_alone(self):
        picture = seen(viz.draw_network([2, 2, 1], masks=[[0.0, 2.0]]))
        assert picture.boxes["neuron1_1"].lines == ["×0.0"]
        assert picture.note == ["1 of 2 hidden neurons dropped"]

    @pytest.mark.parametrize(
        ("masks", "options", "message"),
        [
            ([[0.0, 2.0]], {"view": "matrices"}, "masks need view='neurons'"),
            ([[0.0, 2.0, 2.0]], {}, r"the lengths \[2\], not \[3\]"),
            ([], {}, r"the lengths \[2\], not \[\]"),
            ([[-1.0, 2.0]], {}, "factors of 0 or more"),
            ([[math.nan, 2.0]], {}, "factors of 0 or more"),
        ],
    )
    def test_masks_that_are_no_masks_of_the_network_are_refused(self, masks, options, message):
        with pytest.raises(ValueError, match=message):
            viz.draw_network([2, 2, 1], masks=masks, **options)

    def test_inputs_and_outputs_are_called_what_the_data_mean(self):
        network, names = model((3, 4, 1)), {"inputs": ["area", "metro", "schools"], "outputs": ("price",)}
        plain, named = seen(viz.draw_network(network)).boxes, seen(viz.draw_network(network, **names)).boxes
        assert plain.keys() == named.keys()
        for name in plain:
            expected = plain[name].lines
            if name.startswith("neuron0_"):
                expected = [names["inputs"][int(name[-1]) - 1]]
            elif name.startswith("neuron2_"):
                expected = ["price", *expected]
            assert named[name].lines == expected
        assert [seen(viz.draw_network([1, 1], outputs=["y"])).boxes[f"neuron{k}_1"].lines for k in (0, 1)] == [
            ["x1"],
            ["y"],
        ]

    @pytest.mark.parametrize(("name", "circles"), [("temperature", 5), ("mean temperature", 3)])
    def test_a_name_that_is_too_long_for_a_circle_makes_its_column_boxes(self, name, circles):
        root = seen(viz.draw_network([2, 2, 1], inputs=[name, "b"])).root
        assert len([*root.iter("{http://www.w3.org/2000/svg}ellipse")]) == circles

    def test_of_a_large_layer_the_neurons_that_are_drawn_keep_their_names(self):
        names = [f"pixel {k}" for k in range(1, 65)]
        boxes = seen(viz.draw_network([64, 1], inputs=names)).boxes
        assert boxes["neuron0_1"].lines == ["pixel 1"]
        assert boxes["neuron0_64"].lines == ["pixel 64"]

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"inputs": ["a"]}, ValueError, "as many names as neurons, 2, not 1"),
            ({"inputs": ["a", "b", "c"]}, ValueError, "as many names as neurons, 2, not 3"),
            ({"inputs": []}, ValueError, "as many names as neurons, 2, not 0"),
            ({"outputs": ["a", "b"]}, ValueError, "as many names as neurons, 1, not 2"),
            ({"inputs": "ab"}, TypeError, "a list of names, such as .*, not 'ab'"),
            ({"inputs": [1, 2]}, TypeError, r"a list of names, such as .*, not \[1, 2\]"),
            ({"outputs": 3}, TypeError, "a list of names, such as .*, not 3"),
            ({"inputs": ["a", "b"], "view": "matrices"}, ValueError, "inputs need view='neurons'"),
            ({"outputs": ["a"], "view": "matrices"}, ValueError, "outputs need view='neurons'"),
        ],
    )
    def test_names_that_do_not_fit_are_refused(self, options, error, message):
        with pytest.raises(error, match=message):
            viz.draw_network([2, 2, 1], **options)

    def test_drawing_changes_nothing(self):
        network = model()
        network([1.0, 0.0]).backward()
        before = [(p.data, p.grad) for p in network.parameters()]
        for view in ("neurons", "matrices"):
            viz.draw_network(network, view=view).render()
        assert [(p.data, p.grad) for p in network.parameters()] == before


def matrices(sizes, **options):
    return viz.draw_network(sizes, view="matrices", **options)


def forward(samples_as, activation, output):
    """The matrices of a 4-3-2 network over 5 samples, by their names in the picture."""
    rng, rows = np.random.default_rng(0), samples_as == "rows"
    known = {"X": autograd.array(rng.normal(size=(5, 4) if rows else (4, 5)))}
    flowing = known["X"]
    for depth, (name, inputs, outputs) in enumerate([(activation, 4, 3), (output, 3, 2)], 1):
        w = autograd.array(rng.normal(size=(outputs, inputs)))
        b = autograd.array(rng.normal(size=(outputs,) if rows else (outputs, 1)))
        z = flowing @ w.T + b if rows else w @ flowing + b
        known |= {f"W{depth}": w, f"b{depth}": b, f"Z{depth}": z}
        if name == "softmax":
            probabilities = autograd.array([nn.softmax(list(row)) for row in (z if rows else z.T)])
            flowing = probabilities if rows else probabilities.T
        else:
            flowing = nn.ACTIVATIONS[name](z)
        if name != "linear":
            known[f"A{depth}"] = flowing
    return known


SLOPES = {
    "relu": lambda z: (z > 0).astype(float),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
}


def value_of(formula, numbers, samples_as):
    """Computes a formula of the picture with NumPy."""
    over_samples = 0 if samples_as == "rows" else 1
    if formula == "A2 ⊙ (dA2 − sum of dA2 ⊙ A2 over classes)":
        a, da = numbers["A2"], numbers["dA2"]
        return a * (da - (da * a).sum(axis=1 - over_samples, keepdims=True))
    if total := re.fullmatch(rf"sum of (dZ\d)'s {samples_as}", formula):
        return numbers[total[1]].sum(axis=over_samples, keepdims=over_samples == 1)
    if product := re.fullmatch(r"(dA\d) ⊙ (\w+)'\((Z\d)\)", formula):
        return numbers[product[1]] * SLOPES[product[2]](numbers[product[3]])
    left, right = (numbers[name.rstrip("ᵀ")].T if name.endswith("ᵀ") else numbers[name] for name in formula.split("·"))
    return left @ right


LOSSES = [
    ("mse_loss", "linear"),
    ("mse_loss", "tanh"),
    ("half_squared_error", "sigmoid"),
    ("half_squared_error", "softmax"),
    ("binary_cross_entropy", "sigmoid"),
    ("binary_cross_entropy_with_logits", "linear"),
    ("cross_entropy", "softmax"),
    ("cross_entropy", "linear"),
]


def targets_of(loss, samples_as):
    """Targets of 5 samples with 2 outputs."""
    classes = np.array([0, 1, 1, 0, 1])
    targets = np.eye(2)[classes] if loss == "cross_entropy" else np.array([classes, 1 - classes[::-1]]).T.astype(float)
    return targets if samples_as == "rows" else targets.T


def losses(loss, outputs, targets, samples_as, reduction):
    """The loss that the library computes."""
    if samples_as == "columns":
        outputs, targets = outputs.T, targets.T
    return getattr(nn, loss)(outputs, targets, reduction=reduction)


def of_last(formula, numbers):
    """Computes a formula with the targets Y."""
    over_classes = 0 if numbers["Y"].shape[0] == 2 else 1
    powers = np.exp(numbers["Z2"])
    known = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "softmax": lambda _: powers / powers.sum(over_classes, keepdims=True),
    }
    for sign, operator in {"⊙": "*", "⊘": "/", "−": "-", "2(": "2*("}.items():
        formula = formula.replace(sign, operator)
    return eval(formula, known | numbers)


class TestMatrices:
    @given(st.lists(st.integers(1, 3000), min_size=2, max_size=5))
    @settings(deadline=None, max_examples=25)
    def test_the_shape_is_on_every_edge_and_shapes_fit(self, sizes):
        picture = seen(viz.draw_network(sizes, view="matrices", activation="tanh", samples=7))
        shapes = {edge.ends: tuple(map(int, edge.label.split("×"))) for edge in picture.edges}
        assert len(shapes) == len(picture.edges)
        flowing, previous = (7, sizes[0]), "X"
        for depth, size in enumerate(sizes[1:], 1):
            assert shapes[previous, f"product{depth}"] == flowing
            out, inputs = shapes[f"W{depth}", f"product{depth}"]
            assert (out, inputs) == (size, flowing[1])
            flowing = (7, out)
            assert shapes[f"product{depth}", f"sum{depth}"] == flowing
            assert shapes[f"b{depth}", f"sum{depth}"] == (out,)
            previous = f"sum{depth}"
            if depth < len(sizes) - 1:
                assert shapes[f"sum{depth}", f"activation{depth}"] == flowing
                previous = f"activation{depth}"
        assert shapes[previous, "output"] == (7, sizes[-1])

    def test_a_model_and_its_sizes_have_the_same_picture(self):
        network = model((3, 5, 2), activation="relu", output_activation="sigmoid")
        drawn = viz.draw_network([3, 5, 2], view="matrices", activation="relu", output_activation="sigmoid")
        assert viz.draw_network(network, view="matrices").source == drawn.source

    def test_the_shapes_of_a_model_are_those_of_its_arrays(self):
        network = model((3, 5, 2))
        shapes = {edge.ends: edge.label for edge in seen(viz.draw_network(network, view="matrices")).edges}
        for depth, layer in enumerate(network.layers, 1):
            assert shapes[f"W{depth}", f"product{depth}"] == "×".join(map(str, layer.weight.shape))
            assert shapes[f"b{depth}", f"sum{depth}"] == "×".join(map(str, layer.bias.shape))
        assert shapes["X", "product1"] == "m×3"

    def test_samples_as_columns_transpose_the_shape_of_every_result(self):
        rows, columns = (
            {edge.ends: edge.label for edge in seen(drawing).edges}
            for drawing in (matrices((4, 3, 1), samples=7), matrices((4, 3, 1), samples=7, samples_as="columns"))
        )
        assert rows.keys() == columns.keys()
        for (tail, head), label in columns.items():
            if tail.startswith("W"):
                assert label == rows[tail, head]
            elif tail.startswith("b"):
                assert label == f"{rows[tail, head]}×1"
            else:
                assert label == "×".join(reversed(rows[tail, head].split("×")))

    @pytest.mark.parametrize("samples_as", ["rows", "columns"])
    @pytest.mark.parametrize(("activation", "output"), [("tanh", "sigmoid"), ("linear", "linear"), ("relu", "softmax")])
    def test_the_gradient_formulas_compute_the_gradients(self, samples_as, activation, output):
        known = forward(samples_as, activation, output)
        last = "Z2" if output == "linear" else "A2"
        upstream = np.random.default_rng(1).normal(size=known[last].shape)
        (known[last] * upstream).sum().backward()

        options = {"activation": activation, "output_activation": output, "samples_as": samples_as}
        boxes = seen(matrices((4, 3, 2), gradients=True, **options)).boxes
        formulas = dict(line.split(" = ") for box in boxes.values() for line in box.lines if line.startswith("d"))
        assert formulas.pop(f"d{last}") == f"∂J/∂{last}"
        assert formulas.keys() == {f"d{name}" for name in known if name != last}

        numbers = {name: autograd.data_of(value) for name, value in known.items()} | {f"d{last}": upstream}
        for name in ("dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1", "dX"):
            if name in formulas:
                numbers[name] = value_of(formulas[name], numbers, samples_as)
                np.testing.assert_allclose(numbers[name], autograd.grad_of(known[name[1:]]), rtol=1e-12, atol=1e-14)

    def test_without_gradients_there_are_no_formulas(self):
        assert not any(line.startswith("d") for box in seen(matrices((2, 1))).boxes.values() for line in box.lines)

    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    @pytest.mark.parametrize("samples_as", ["rows", "columns"])
    @pytest.mark.parametrize(("loss", "output"), LOSSES)
    def test_with_a_loss_the_formulas_are_those_of_its_gradients(self, loss, output, samples_as, reduction):
        known = forward(samples_as, "tanh", output)
        last = known["Z2" if output == "linear" else "A2"]
        targets = targets_of(loss, samples_as)
        losses(loss, known["Z2"] if loss == "cross_entropy" else last, targets, samples_as, reduction).backward()

        options = {"activation": "tanh", "output_activation": output, "samples_as": samples_as}
        picture = matrices((4, 3, 2), samples=5, gradients=True, loss=loss, reduction=reduction, **options)
        boxes = seen(picture).boxes
        formulas = dict(line.split(" = ") for box in boxes.values() for line in box.lines if line.startswith("d"))
        assert formulas.pop("dJ") == "1"
        entries = 5 if loss == "cross_entropy" else 10
        assert formulas.pop("dL") == (f"1/{entries}" if reduction == "mean" else "1")
        numbers = {name: autograd.data_of(value) for name, value in known.items()} | {"Y": targets}
        at_the_end = ["dA2", "dZ2"] if output != "linear" else ["dZ2"]
        for name in [*at_the_end, "dW2", "db2", "dA1", "dZ1", "dW1", "db1", "dX"]:
            formula = formulas.pop(name)
            of_loss = "Y" in formula
            numbers[name] = of_last(formula, numbers) if of_loss else value_of(formula, numbers, samples_as)
            if (loss, name) != ("cross_entropy", "dA2"):  # the engine computes it from Z2 at once
                np.testing.assert_allclose(numbers[name], autograd.grad_of(known[name[1:]]), rtol=1e-9, atol=1e-12)
        assert not formulas

    @pytest.mark.parametrize(("loss", "output"), [("binary_cross_entropy", "sigmoid"), ("cross_entropy", "softmax")])
    def test_the_slope_of_the_last_activation_cancels(self, loss, output):
        """The short formula of dZ2 is the general one, with the dA2 that the picture shows."""
        known = forward("rows", "tanh", output)
        numbers = {name: autograd.data_of(value) for name, value in known.items()} | {"Y": targets_of(loss, "rows")}
        with_loss, general = (
            seen(matrices((4, 3, 2), samples=5, gradients=True, output_activation=output, **options)).boxes
            for options in ({"loss": loss}, {})
        )
        numbers["dA2"] = of_last(with_loss["activation2"].lines[-1].removeprefix("dA2 = "), numbers)
        short, long = (boxes["sum2"].lines[-1].removeprefix("dZ2 = ") for boxes in (with_loss, general))
        np.testing.assert_allclose(of_last(short, numbers), value_of(long, numbers, "rows"), rtol=1e-12)

    @pytest.mark.parametrize("samples_as", ["rows", "columns"])
    def test_a_rule_on_an_arrow_makes_of_the_gradient_at_its_tip_the_one_at_its_tail(self, samples_as):
        options = {"activation": "relu", "output_activation": "sigmoid", "samples_as": samples_as, "samples": 7}
        picture = seen(matrices((4, 3, 1), loss="mse_loss", gradients=True, local_derivatives=True, **options))
        rules = {edge.ends: edge.label.split(" | ")[-1] for edge in picture.edges}
        formulas = {name: box.lines[-1].split(" = ")[-1] for name, box in picture.boxes.items()}
        for tail, head, upstream in (
            ("X", "product1", "dZ1"),
            ("W1", "product1", "dZ1"),
            ("b1", "sum1", "dZ1"),
            ("sum1", "activation1", "dA1"),
            ("activation1", "product2", "dZ2"),
            ("W2", "product2", "dZ2"),
            ("b2", "sum2", "dZ2"),
            ("sum2", "activation2", "dA2"),
            ("loss", "J", "1"),
        ):
            assert rules[tail, head].replace("□", upstream) == formulas[tail]
        assert rules["product1", "sum1"] == "□"
        assert rules["activation2", "loss"] == "□ ⊙ (2(A2 − Y))"
        assert formulas["activation2"] == "2(A2 − Y)/7"

    def test_a_loss_is_added_with_its_targets_and_their_shapes(self):
        options = {"samples": "m", "samples_as": "columns", "output_activation": "softmax", "loss": "cross_entropy"}
        picture = seen(matrices((4, 3), gradients=True, **options))
        shapes = {edge.ends: edge.label for edge in picture.edges}
        assert (shapes["activation1", "loss"], shapes["Y", "loss"], shapes["loss", "J"]) == ("3×m", "3×m", "1×m")
        assert picture.boxes["sum1"].lines[-1] == "dZ1 = (A1 − Y)/m"
        assert "⊘ divides" in picture.note[-1]
        several = seen(matrices((4, 3), loss="mse_loss", gradients=True)).boxes
        assert several["sum1"].lines[-1] == "dZ1 = 2(Z1 − Y)/(m·3)"

    def test_a_linear_activation_is_not_a_step(self):
        assert "activation1" not in viz.draw_network(model((2, 1)), view="matrices").source
        assert "activation1" in viz.draw_network(model((2, 2, 1)), view="matrices").source


@pytest.mark.parametrize("view", ["neurons", "matrices"])
@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_every_view_renders_in_every_direction(view, direction):
    drawing = viz.draw_network(model(), view=view, direction=direction)
    assert f"rankdir={direction}" in drawing.source
    assert drawing.render("png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("network", "options", "message"),
    [
        ([2, 1], {"view": "3d"}, "view must be 'neurons' or 'matrices', not '3d'"),
        ([], {}, r"at least two positive integers, not \[\]"),
        ([3], {}, r"not \[3\]"),
        ([0, 1], {}, r"not \[0, 1\]"),
        ([2, -1], {}, r"not \[2, -1\]"),
        ([2.0, 1], {}, r"not \[2.0, 1\]"),
        ([True, 2], {}, r"not \[True, 2\]"),
        ("21", {}, "not '21'"),
        ([2, 1], {"samples_as": "layers"}, "samples_as must be 'rows' or 'columns', not 'layers'"),
        (
            [2, 1],
            {"gradients": True},
            "gradients=True needs view='matrices', whose formulas it adds, not view='neurons'",
        ),
        (
            [2, 1],
            {"local_derivatives": True},
            "local_derivatives=True needs view='matrices', whose arrows it writes on, not view='neurons'",
        ),
        (
            [2, 1],
            {"loss": "mse_loss"},
            "loss='mse_loss' needs view='matrices', whose map it adds to, not view='neurons'",
        ),
        ([2, 1], {"view": "matrices", "loss": "mse"}, "loss must be one of 'binary_cross_entropy', .*, not 'mse'"),
        ([2, 1], {"view": "matrices", "reduction": "max"}, "reduction must be 'mean' or 'sum', not 'max'"),
        (
            [2, 1],
            {"view": "matrices", "loss": "binary_cross_entropy", "output_activation": "relu"},
            "the loss 'binary_cross_entropy' needs output_activation 'sigmoid', not 'relu'",
        ),
        (
            [2, 1],
            {"view": "matrices", "loss": "cross_entropy", "output_activation": "tanh"},
            "the loss 'cross_entropy' needs output_activation 'softmax' or 'linear', not 'tanh'",
        ),
        ([2, 1], {"direction": "UP"}, "direction must be .*, not 'UP'"),
        ([2, 1], {"palette": "pink"}, "palette must be .*, not 'pink'"),
        ([2, 1], {"precision": 0}, "precision .* not 0"),
    ],
)
def test_an_invalid_network_or_option_is_named(network, options, message):
    with pytest.raises(ValueError, match=message):
        viz.draw_network(network, **options)


@pytest.mark.parametrize("thing", [3, None, nn.Layer(2, 1), nn.Perceptron(2)])
def test_anything_but_a_network_or_sizes_is_named(thing):
    with pytest.raises(TypeError, match="an MLP or its sizes.*" + re.escape(repr(thing).splitlines()[0])):
        viz.draw_network(thing)


def test_sizes_may_be_numpy_integers():
    assert viz.draw_network(np.array([2, 4, 1])).source == viz.draw_network([2, 4, 1]).source


@pytest.mark.parametrize("sizes", [np.array([2.0, 1.0]), [True, 1], [2, np.int64(0)]])
def test_sizes_that_are_not_positive_integers_are_rejected(sizes):
    with pytest.raises(ValueError, match="at least two positive integers"):
        viz.draw_network(sizes)


def test_a_dropout_among_the_layers_is_left_out():
    layers = [nn.Layer(2, 3), nn.Layer(3, 1)]
    with_dropout = SimpleNamespace(layers=[layers[0], nn.Dropout(0.5), layers[1]])
    for view in ("neurons", "matrices"):
        plain = viz.draw_network(SimpleNamespace(layers=layers), view=view)
        assert viz.draw_network(with_dropout, view=view).source == plain.source
    titles = [ax.get_title() for ax in viz.plot_weights(with_dropout).axes]
    assert titles[:2] == ["layer 1 (3×2)", "layer 2 (1×3)"]
    with pytest.raises(TypeError, match="layers have weights"):
        viz.draw_network(SimpleNamespace(layers=[nn.Dropout(0.5)]))
