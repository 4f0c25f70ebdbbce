"""The page of matrices: which parts of a graph are layers, in which steps they are passed, and their numbers."""

import math
import re
from array import array as numbers_array
from base64 import b64decode
from itertools import pairwise

import numpy as np
import pytest
from py_mini_racer import MiniRacer
from support.pages import HOSTILE, Elements

import autograd
import nn
import viz
from autograd import Value, array, scope, topological_order
from autograd.compiler.source.javascript import PRELUDE
from autograd.graph import walk
from autograd.value import carrying
from viz.pages.dense_layers import dense_layers
from viz.pages.matrix_blocks import blocks_of
from viz.pages.matrix_payload import matrix_payload
from viz.pages.neuron_program import neuron_program


def network(inputs=3, outputs=(4, 2, 1), activation="tanh", seed=0):
    """A model, a sample, and the loss of the sample."""
    rng = np.random.default_rng(seed)
    model = nn.MLP(inputs, outputs, activation=activation, seed=seed)
    for parameter in model.parameters():
        parameter.data = float(rng.normal())
    x = rng.normal(size=inputs).tolist()
    prediction = model(x)
    loss = nn.mse_loss(prediction, 0.5) if outputs[-1] == 1 else nn.cross_entropy([prediction], [1])
    return model, x, loss


def attention():
    """Three layers that read the same inputs, one that reads two of them, and a sum around the last."""
    rng = np.random.default_rng(0)
    x = array(rng.normal(size=3), "x")
    q, k, v = (array(rng.normal(size=(3, 3)), name) @ x for name in "QKV")
    mixed = np.tanh(q) * k + v
    return ((array(rng.normal(size=(3, 3)), "O") @ mixed + x) ** 2).sum()


def of_arrays():
    W, b, x = array([[1.0, -2.0], [3.0, 0.5]], "W"), array([0.1, 0.2], "b"), array([0.5, -0.25], "x")
    return (np.tanh(W @ x + b) ** 2).sum()


def recurrent():
    """A layer that is applied twice, with the same weights."""
    W, b = array([[0.5, -1.0], [0.25, 2.0]], "W"), array([0.1, -0.2], "b")
    return np.tanh(W @ np.tanh(W @ array([0.5, -0.25], "x") + b) + b).sum()


GRAPHS = {
    "network": lambda: network()[2],
    "classifier": lambda: network(4, (5, 3), "relu")[2],
    "one input": lambda: network(1, (6, 1), "sigmoid")[2],
    "attention": attention,
    "arrays": of_arrays,
    "recurrent": recurrent,
}


def doubles(text):
    return numbers_array("d", b64decode(text)).tolist()


def with_gradients(root):
    root.zero_grad()
    root.backward()
    return root


# Layers


def test_the_layers_of_a_network_are_found_with_its_weights_and_biases():
    model, _, loss = network()
    found = dense_layers(walk(loss))
    assert [layer.title for layer in found] == ["layer1", "layer2", "layer3"]
    for layer, module in zip(found, model.layers, strict=True):
        assert [list(map(id, row.weights)) for row in layer.neurons] == [list(map(id, n.w)) for n in module.neurons]
        assert [id(row.bias) for row in layer.neurons] == [id(neuron.b) for neuron in module.neurons]
    for layer, following in pairwise(found):
        assert list(map(id, layer.outputs)) == list(map(id, following.inputs))


@pytest.mark.parametrize("activation", sorted(set(nn.ACTIVATIONS) - {"step"}))
def test_an_activation_belongs_to_its_layer_whatever_it_is_made_of(activation):
    model = nn.MLP(2, [3, 2], activation=activation, output_activation=activation, seed=1)
    outputs = model([0.5, -1.5])
    layers = dense_layers(walk(nn.mse_loss([outputs], [[0.0, 1.0]])))
    assert [len(layer.neurons) for layer in layers] == [3, 2]
    assert set(map(id, layers[1].outputs)) == set(map(id, outputs))
    assert list(map(id, layers[0].outputs)) == list(map(id, layers[1].inputs))


@pytest.mark.parametrize("product", [lambda W, x: W @ x, lambda W, x: x @ W.T, np.dot, np.matmul, np.inner])
@pytest.mark.parametrize("has_bias", [True, False])
def test_a_product_of_arrays_is_a_layer_however_it_is_written(product, has_bias):
    W, x, b = array(np.ones((3, 2)), "W"), array([0.5, -0.5], "x"), array([1.0, 2.0, 3.0], "b")
    (layer,) = dense_layers(walk(np.tanh(product(W, x) + b if has_bias else product(W, x)).prod()))
    names = [[node.label for node in row.weights] for row in layer.neurons]
    assert names == [[f"W{i}1", f"W{i}2"] for i in (1, 2, 3)]
    assert [node.label for node in layer.inputs] == ["x1", "x2"]
    assert [row.bias and row.bias.label for row in layer.neurons] == (["b1", "b2", "b3"] if has_bias else [None] * 3)
    assert layer.title == "W"
    assert {node.op for node in layer.outputs} == {"tanh"}


def test_layers_that_read_the_same_inputs_are_told_apart_by_their_matrix():
    layers = dense_layers(walk(attention()))
    assert sorted(layer.title for layer in layers) == ["K", "O", "Q", "V"]
    assert {len(layer.neurons) for layer in layers} == {3}


def test_targets_and_constants_are_not_weights():
    x = [Value(0.1 * n, f"x{n}", role="input") for n in range(3)]
    y = [Value(0.2 * n, f"y{n}", role="input") for n in range(3)]
    assert dense_layers(walk(sum(a * b for a, b in zip(x, y, strict=True)))) == []
    assert dense_layers(walk(sum(0.5 * a for a in x))) == []
    assert dense_layers(walk(network(3, (4,))[2]))[0].neurons[0].bias.role == "parameter"
    assert len(dense_layers(walk(network(3, (4,))[2]))) == 1  # nothing in the loss


def test_targets_that_are_plain_values_are_not_weights_either():
    model = nn.MLP(2, [3], seed=0)
    for role in ("input", "plain"):
        targets = [Value(x, f"y{n}", role=role) for n, x in enumerate((0.2, 0.3, 0.5), 1)]
        loss = nn.cross_entropy([model([0.5, -0.5])], [targets])
        assert [layer.title for layer in dense_layers(walk(loss))] == ["layer1"]


@pytest.mark.parametrize("is_left", [True, False])
def test_of_two_leaves_the_parameter_is_the_weight(is_left):
    x = [Value(1.0, "x1"), Value(2.0, "x2")]
    w = [Value(3.0, "w1", role="parameter"), Value(4.0, "w2", role="parameter")]
    root = sum(a * b if is_left else b * a for a, b in zip(w, x, strict=True))
    (layer,) = dense_layers(walk(root))
    assert layer.neurons[0].weights == (*w,)
    assert [node.role for node in layer.neurons[0].weights] == ["parameter"] * 2


def test_the_rows_of_a_layer_are_in_the_order_in_which_the_next_one_reads_them():
    hidden = np.tanh(array(np.ones((3, 2)), "W") @ array([0.5, 1.0], "x"))
    first, second = dense_layers(walk((array(np.ones((2, 3)), "V") @ hidden[::-1]).prod()))
    assert [row.weights[0].label for row in first.neurons] == ["W31", "W21", "W11"]
    assert list(map(id, first.outputs)) == list(map(id, second.inputs)) == list(map(id, hidden[::-1]))


def test_a_sum_that_uses_a_leaf_twice_is_not_a_row_of_a_matrix():
    w, v, x = Value(1.0, "w"), Value(2.0, "v"), Value(3.0, "x")
    assert dense_layers(walk(w * x + w * v)) == []
    assert dense_layers(walk(w * x + v * x)) == []
    assert dense_layers(walk(w * w + v * x)) == []


def test_a_product_that_is_used_elsewhere_is_not_hidden_in_a_layer():
    w, v, x, y = Value(1.0, "w"), Value(2.0, "v"), Value(3.0, "x"), Value(4.0, "y", role="input")
    product = w * x
    assert dense_layers(walk((product + v * y) * product.sin())) == []


# Blocks


@pytest.mark.parametrize("name", GRAPHS)
def test_every_operation_is_in_one_block_after_all_that_it_needs(name):
    root = GRAPHS[name]()
    _, operations = walk(root)
    found = blocks_of(walk(root))
    assert sorted(id(node) for block in found.blocks for node in block.operations) == sorted(map(id, operations))
    for node in operations:
        for operand in node.operands:
            assert not operand.op or found.made[operand] <= found.made[node]
            if operand.op and found.blocks[found.made[node]].layer and found.made[operand] == found.made[node]:
                rows = [{*map(id, row.operations)} for row in found.blocks[found.made[node]].layer.neurons]
                assert any(id(node) in row and id(operand) in row for row in rows)
    assert found.made[root] == len(found.blocks) - 1


@pytest.mark.parametrize("name", GRAPHS)
def test_a_gradient_is_complete_when_the_last_block_has_passed_its_own_on(name):
    root = GRAPHS[name]()
    found = blocks_of(walk(root))
    count = len(found.blocks)
    last: dict[Value, int] = {}
    for use in autograd.backward_steps(root):
        step = 2 * count - (found.made[use.node])
        last[use.operand] = max(last.get(use.operand, 0), step)
    for node, step in last.items():
        assert found.complete_at([node]) == step
        assert count < step <= 2 * count
    assert found.complete_at([*last]) == max(last.values())
    assert found.known_at([*last]) == count


# Numbers


@pytest.mark.parametrize("name", GRAPHS)
def test_arrays_have_the_bits_of_the_graph_and_of_its_backward_pass(name):
    root = with_gradients(GRAPHS[name]())
    blocks = blocks_of(walk(root))
    arrays = iter(matrix_payload(root, blocks).data["arrays"])
    seen = set()
    for layer in (block.layer for block in blocks.blocks if block.layer):
        rows = layer.neurons
        parts = [
            layer.inputs,
            [w for row in rows for w in row.weights],
            [row.bias for row in rows if row.bias is not None],
        ]
        parts += [[row.total for row in rows], layer.outputs]
        for nodes in parts:
            if not nodes or tuple(map(id, nodes)) in seen:
                continue
            seen.add(tuple(map(id, nodes)))
            found = next(arrays)
            assert doubles(found["values"]) == [node.data for node in nodes]
            assert doubles(found["gradients"]) == [node.grad for node in nodes]
            assert found["rows"] * found["columns"] == len(nodes)
    assert next(arrays, None) is None


def run(javascript, x, w, count):
    engine = MiniRacer()
    try:
        text = f"(() => {{ {javascript}\nconst out = new Float64Array({count}); neuron1({x}, {w}, out); "
        return [float(n) for n in engine.eval(text + "return out.join(' ') })()").split()]
    finally:
        engine.close()


@pytest.mark.parametrize("activation", sorted(set(nn.ACTIVATIONS) - {"step"}))
def test_the_program_of_a_layer_computes_the_scalars_of_all_its_neurons(activation):
    loss = with_gradients(network(3, (4, 1), activation)[2])
    for layer in dense_layers(walk(loss)):
        program = PRELUDE + neuron_program(layer.neurons[0], "neuron1")
        n = len(layer.inputs)
        reached = np.zeros(n)
        for row in layer.neurons:
            x = [*(node.data for node in layer.inputs), row.output.grad]
            w = [*(node.data for node in row.weights), row.bias.data]
            found = run(program, x, w, 3 * n + 3)
            assert found[:n] == [node.data for node in row.products]
            assert found[n : n + 3] == pytest.approx([row.total.data, row.output.data, row.total.grad], rel=1e-12)
            assert found[n + 3 : 2 * n + 3] == pytest.approx([node.grad for node in row.weights], rel=1e-12)
            reached += found[2 * n + 3 :]
        assert reached.tolist() == pytest.approx([node.grad for node in layer.inputs], rel=1e-9, abs=1e-15)


def test_a_neuron_of_many_inputs_has_a_program_with_loops():
    (layer,) = dense_layers(walk(network(900, (1,))[2]))
    program = neuron_program(layer.neurons[0], "neuron1")
    assert len(program) < 40_000
    assert "for (" in program


def test_formulas_are_those_of_the_graph_and_of_the_chain_rule_for_matrices():
    root = of_arrays()
    root.label = "E"
    layer, rest = matrix_payload(root, blocks_of(walk(root))).data["blocks"]

    def by(name):
        return rf"\frac{{\partial E}}{{\partial {name}}}"

    assert layer["forward"] == [["z =", r"W \cdot x + b"], ["a =", r"{\tanh\left(z\right)}^{2}"]]
    assert layer["backward"] == [
        [r"\delta =", rf"{by('z')} = {by('a')} \odot \frac{{\partial a}}{{\partial z}}"],
        [f"{by('W')} =", r"\delta \cdot {x}^{T}"],
        [f"{by('b')} =", r"\delta"],
        [f"{by('x')} =", r"{W}^{T} \cdot \delta"],
    ]
    assert rest["lines"] == ["E = a_1 + a_2"]


def test_inputs_that_another_block_reads_too_add_its_gradient():
    root = attention()
    blocks = matrix_payload(root, blocks_of(walk(root))).data["blocks"]
    adds = {block["title"]: "+=" in block["backward"][-1][0] for block in blocks if "parts" in block}
    assert adds == {"Q": True, "K": True, "V": True, "O": False}


def test_weights_that_are_used_twice_are_one_array_whose_gradient_is_added_up():
    root = recurrent()
    data = matrix_payload(root, blocks_of(walk(root))).data
    assert [each["name"] for each in data["arrays"]] == ["x", "W1", "b1", "z1", "a1", "z2", "a2"]
    first, second, _ = data["blocks"]
    assert second["parts"]["weight"] == first["parts"]["weight"]
    assert second["forward"][0] == ["z_{2} =", r"W_{1} \cdot a_{1} + b_{1}"]
    for block in (first, second):
        assert block["adds"] == ["weight", "bias"]
        assert ["+=" in left for left, _ in block["backward"]] == [False, True, True, False]


# The page


def test_a_graph_of_layers_beyond_5_000_nodes_gets_a_page_of_matrices():
    loss = network(64, (32, 10))[2]
    before = [(node.data, node.grad, node.has_grad) for node in topological_order(loss)]
    page = viz.explore(loss)
    assert "neuronPrograms" in page.html
    assert len(page.html.encode()) < 250_000
    assert re.fullmatch(r"<explorer of 7,\d\d\d nodes; .save\('page.html'\) writes it>", repr(page))
    assert page.picture().startswith(b"\x89PNG")
    assert [(node.data, node.grad, node.has_grad) for node in topological_order(loss)] == before
    assert page.values == {}
    assert page.load() is loss


def test_the_size_of_a_page_is_that_of_its_numbers():
    small, large = [len(viz.explore(network(n, (40, 10))[2], grain="matrix").html.encode()) for n in (50, 150)]
    assert (large - small) / (40 * 100) < 24  # two doubles in base 64 for each weight, and little else


def test_a_small_graph_has_a_page_of_scalars_unless_matrices_are_asked_for():
    loss = network()[2]
    assert "neuronPrograms" not in viz.explore(loss).html
    assert viz.explore(loss, grain="scalar").html == viz.explore(loss).html
    assert "neuronPrograms" in viz.explore(loss, grain="matrix").html


def test_what_cannot_be_shown_as_matrices_is_refused():
    inner = carrying(Value(2.0))
    inner.label = "x1"
    nested = Value(3.0, "w") * inner + Value(2.0, "v") * Value(1.0, "x2")
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match="grain must be 'scalar', 'matrix' or None, not 'layer'"):
        viz.explore(x, grain="layer")
    for root in (x, x.sin(), x * x):
        with pytest.raises(ValueError, match="needs a layer in the graph"):
            viz.explore(root, grain="matrix")
    with pytest.raises(viz.GraphTooLargeError, match="5,000 nodes"):
        viz.explore(network(64, (32, 10))[2], grain="scalar")
    deep = network(2, (4,) * 60 + (1,))[2]
    with pytest.raises(
        viz.GraphTooLargeError, match="a page of layers may have at most 40 blocks, but this graph has 62"
    ):
        viz.explore(deep, grain="matrix")
    y = x.sin() + network()[2]
    for _ in range(5001):
        y = y.sin()
    message = "a page of layers may have at most 5,000 operations that are in none, but this graph has 5,00"
    with pytest.raises(viz.GraphTooLargeError, match=message):
        viz.explore(y, grain="matrix")
    for root in (y, sum(network(2, (16, 1), seed=n)[2] for n in range(40))):
        with pytest.raises(viz.GraphTooLargeError, match="a page may have at most 5,000 nodes, but this graph has "):
            viz.explore(root)
    with pytest.raises(TypeError, match=r"given to explore must carry floats, but the node 'x1' has"):
        viz.explore(nested, grain="matrix")


def test_other_operations_are_listed_unless_there_are_too_many():
    x = network(3, (4, 3))[2]
    y = x
    for _ in range(250):
        y = y.sin()
    lists = [matrix_payload(root, blocks_of(walk(root))).data["blocks"][-1] for root in (x, y)]
    assert len(lists[0]["lines"]) == lists[0]["count"]
    assert lists[1]["lines"] == []
    assert lists[1]["count"] == lists[0]["count"] + 250


@pytest.mark.parametrize("text", HOSTILE)
def test_labels_and_scopes_stay_text(text):
    x = array([0.5, -0.5], "x")
    with scope(text):
        hidden = np.tanh(array([[1.0, 2.0], [3.0, 4.0]], text) @ x + array([0.0, 1.0], text))
    root = (hidden * hidden).sum()
    root.label = text
    elements = Elements(viz.explore(root, grain="matrix", title=text).html)
    assert [tag for tag, _ in elements.tags].count("script") == 3
    assert not any(name.startswith("on") for _, attributes in elements.tags for name in attributes)
    assert all(math.isfinite(number) for one in elements.data["arrays"] for number in doubles(one["values"]))
