"""Backpropagation: the worked examples B1 to B9 of lectures L1, L2 and L3."""

import math
from itertools import pairwise

import numpy as np
import pytest
from support.by_hand import same, sigmoid
from support.pictures import number_of, seen

import autograd
import nn
import viz
from autograd import Value, array, backward_steps, data_of, grad_of, jacobian
from nn import MLP, SGD

Z_MINUS_1 = -0.7310585786300049  # σ(-1) - 1


def labelled(node, label):
    node.label = label
    return node


def along(*path):
    """The product of the local derivatives along a path, starting at its output."""
    return math.prod(node.local_derivatives[node.operands.index(below)] for node, below in pairwise(path))


def sigmoid_of_2_x1_plus_3_x2():
    x1, x2 = Value(1.0, "x1", role="input"), Value(-1.0, "x2", role="input")
    u, v = labelled(2.0 * x1, "u"), labelled(3.0 * x2, "v")
    w = labelled(u + v, "w")
    return {"x1": x1, "x2": x2, "u": u, "v": v, "w": w, "a": labelled(w.sigmoid(), "a")}


def cross_entropy_of_two_weights():
    x1, x2 = Value(1.0, "x1", role="input"), Value(-1.0, "x2", role="input")
    w1, w2 = Value(2.0, "w1", role="parameter"), Value(3.0, "w2", role="parameter")
    u, v = labelled(w1 * x1, "u"), labelled(w2 * x2, "v")
    z = labelled(u + v, "z")
    a = labelled(z.sigmoid(), "a")
    loss = labelled(-a.log(), "L")  # the cross-entropy for y = 1
    return {"x1": x1, "x2": x2, "w1": w1, "w2": w2, "u": u, "v": v, "z": z, "a": a, "-L": loss.operands[0], "L": loss}


@pytest.mark.parametrize("graph", [sigmoid_of_2_x1_plus_3_x2, cross_entropy_of_two_weights])
def test_b1_the_graph_is_drawn_with_its_names(graph):
    nodes = graph()
    *_, root = nodes.values()
    picture = seen(viz.draw(root, hide_constants=True))
    shown = {box.lines[0] for box in picture.boxes.values()}
    assert {node.label for node in nodes.values() if node.label} <= shown
    assert len(picture.boxes) == len(nodes)
    same(nodes["a"].data, 0.2689414213699951)


def test_b1_gradients_are_products_of_the_local_derivatives_along_each_path():
    n = cross_entropy_of_two_weights()
    n["L"].backward()
    same(n["z"].grad, Z_MINUS_1)
    for w, x, between, slope in (("w1", "x1", "u", Z_MINUS_1), ("w2", "x2", "v", -Z_MINUS_1)):
        path = [n[name] for name in ("L", "-L", "a", "z", between, w)]
        same(n[w].grad, slope)
        same(along(*path), slope)
        same(along(*path[:4]) * n[x].data, slope)  # dL/dz · x
        steps = {(step.node, step.operand): step for step in backward_steps(n["L"])}
        same([steps[edge].gradient for edge in pairwise(path)][-1], slope)


def test_b1_as_printed_there_is_one_factor_too_many():
    """The printed product for w1 continues after ∂u/∂w1 with ∂u/∂x1 = w1, which is not on a path from L to w1."""
    n = cross_entropy_of_two_weights()
    n["L"].backward()
    right = along(n["L"], n["-L"], n["a"], n["z"], n["u"], n["w1"])
    printed = right * along(n["u"], n["x1"])
    same(right, Z_MINUS_1)
    same(printed, 2.0 * Z_MINUS_1)
    same(n["w1"].grad, right)


def test_b1_the_library_s_cross_entropy_gives_the_same():
    n = cross_entropy_of_two_weights()
    nn.binary_cross_entropy(n["a"], 1.0).backward()
    same([n["z"].grad, n["w1"].grad, n["w2"].grad], [Z_MINUS_1, Z_MINUS_1, -Z_MINUS_1])


@pytest.mark.parametrize("z", [-3.0, -0.5, 0.0, 2.0])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.25])
def test_b2_cross_entropy_after_a_sigmoid(z, y):
    node = Value(z, "z")
    a = labelled(node.sigmoid(), "a")
    loss = nn.binary_cross_entropy(a, y)
    loss.backward()
    s = sigmoid(z)
    same(a.grad, (s - y) / (s * (1 - s)))
    same(node.grad, s - y)
    boxes = {box.lines[0]: box.lines[-1] for box in seen(viz.draw(loss, precision=17)).boxes.values()}
    assert number_of(boxes["a"].removeprefix("grad ")) == a.grad
    assert number_of(boxes["z"].removeprefix("grad ")) == node.grad

    fused = Value(z)
    value = nn.binary_cross_entropy_with_logits(fused, y)
    value.backward()
    same([value.data, fused.grad], [loss.data, node.grad])


@pytest.mark.parametrize(("z", "y", "loss", "slope"), [(1000, 1, 0, 0), (1000, 0, 1000, 1), (-1000, 1, 1000, -1)])
def test_b2_the_fused_form_is_stable(z, y, loss, slope):
    score = Value(z)
    value = nn.binary_cross_entropy_with_logits(score, float(y))
    value.backward()
    assert (value.data, score.grad) == (loss, slope)


def test_s6_in_matrices_sigmoid_and_cross_entropy_send_back_the_error():
    rng = np.random.default_rng(1)
    Z, Y = array(rng.normal(size=(5, 1)), "Z"), rng.integers(0, 2, (5, 1)).astype(float)
    A = autograd.sigmoid(Z)
    nn.binary_cross_entropy(A, Y, reduction="sum").backward()
    a = data_of(A)
    by_output = -Y / a + (1 - Y) / (1 - a)
    same(grad_of(A), by_output)
    same(by_output, (a - Y) / (a * (1 - a)))
    same(by_output * a * (1 - a), a - Y)
    same(grad_of(Z), a - Y)


def test_s8_the_matrix_product_adds_up_the_samples():
    rng = np.random.default_rng(2)
    W, X, targets, m = array(rng.normal(size=(3, 4)), "W"), rng.normal(size=(7, 4)), rng.normal(size=(7, 3)), 7
    Z = X @ W.T
    nn.half_squared_error(Z, targets, reduction="sum").backward()
    of_sum, dZ_sum = grad_of(W), grad_of(Z)
    same(sum(np.outer(dz, x) for dz, x in zip(dZ_sum, X, strict=True)), of_sum)
    same(dZ_sum.T @ X, of_sum)

    W.sum().zero_grad()
    columns = W @ X.T
    (nn.half_squared_error(columns, targets.T, reduction="sum") / m).backward()
    same(grad_of(W), dZ_sum.T @ X / m)  # samples as rows
    same(grad_of(W), (dZ_sum.T) @ (X.T).T / m)  # samples as columns: dZ·Aᵀ/m


def test_s8_the_right_factor_is_not_the_derivative_of_z_with_respect_to_w():
    by_w = jacobian(lambda W: W @ np.ones((4, 7)))(np.ones((3, 4)))
    assert by_w.shape == (3, 7, 3, 4)
    assert (by_w.size, np.count_nonzero(by_w)) == (252, 84)


def test_b3_the_xor_network_in_matrices():
    model = MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid", seed=2)
    X, y = nn.datasets.xor()
    y = y[:, None]
    A0 = array(X, "A0")
    (W1, b1), (W2, b2) = [(layer.weight, layer.bias) for layer in model.layers]
    Z1 = A0 @ W1.T + b1
    A1 = autograd.sigmoid(Z1)
    Z2 = A1 @ W2.T + b2
    A2 = autograd.sigmoid(Z2)
    loss = nn.binary_cross_entropy(A2, y, reduction="sum")
    loss.backward()

    a0, a1, a2, w2 = map(data_of, (A0, A1, A2, W2))
    same(loss.data, (-y.T @ np.log(a2) - (1 - y).T @ np.log(1 - a2)).item())
    dZ2 = a2 - y
    dA1 = dZ2 @ w2
    dZ1 = dA1 * a1 * (1 - a1)
    for matrix, gradient in (
        (Z2, dZ2),
        (W2, (a2 - y).T @ a1),
        (b2, dZ2.sum(axis=0)),
        (A1, dA1),
        (Z1, dZ1),
        (W1, dZ1.T @ a0),
        (b1, dZ1.sum(axis=0)),
    ):
        same(grad_of(matrix), gradient)
    by_matrices = grad_of(model.parameters())
    model.zero_grad()
    nn.binary_cross_entropy(model(X), y[:, 0], reduction="sum").backward()
    same(grad_of(model.parameters()), by_matrices)


def test_b3_its_graph_of_matrices_is_drawn():
    model = MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid")
    picture = seen(viz.draw_network(model, view="matrices", samples=4, gradients=True))
    formulas = {box.lines[-1] for box in picture.boxes.values()}
    assert {
        "dW2 = dZ2ᵀ·A1",
        "db2 = sum of dZ2's rows",
        "dA1 = dZ2·W2",
        "dZ1 = dA1 ⊙ sigmoid'(Z1)",
        "dW1 = dZ1ᵀ·X",
        "db1 = sum of dZ1's rows",
    } <= formulas
    assert {edge.ends: edge.label for edge in picture.edges}["sum1", "activation1"] == "4×2"


def sums_of(X, Y, W1, b1, W2, b2):
    """The loss, and the gradients by the lines of B3, without the engine."""
    A1 = 1 / (1 + np.exp(-(X @ W1.T + b1)))
    A2 = 1 / (1 + np.exp(-(A1 @ W2.T + b2)))
    dZ2 = A2 - Y
    dZ1 = dZ2 @ W2 * A1 * (1 - A1)
    loss = -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)).sum()
    return loss, A2, (dZ1.T @ X, dZ1.sum(axis=0), dZ2.T @ A1, dZ2.sum(axis=0))


def test_b3_its_lines_learn_xor():
    X, y = nn.datasets.xor()
    rng = np.random.default_rng(1)
    parameters = [rng.normal(size=shape) for shape in ((2, 2), 2, (1, 2), 1)]
    for _ in range(2000):
        _, _, gradients = sums_of(X, y[:, None], *parameters)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter -= 0.5 * gradient
    _, outputs, _ = sums_of(X, y[:, None], *parameters)
    assert np.abs(outputs[:, 0] - y).max() < 0.01


def test_b3_weights_changed_too_early_spoil_the_gradients_and_still_lower_the_loss():
    X, y = nn.datasets.xor()
    rng = np.random.default_rng(1)
    W1, b1, W2, b2 = [rng.normal(size=shape) for shape in ((2, 2), 2, (1, 2), 1)]
    before, _, (dW1, _, dW2, db2) = sums_of(X, y[:, None], W1, b1, W2, b2)
    A1 = 1 / (1 + np.exp(-(X @ W1.T + b1)))
    dZ2 = 1 / (1 + np.exp(-(A1 @ W2.T + b2))) - y[:, None]
    changed = W2 - 0.125 * dW2
    dZ1 = dZ2 @ changed * A1 * (1 - A1)
    assert np.abs(dZ1.T @ X - dW1).max() > 0.02 * np.abs(dW1).max()
    after, *_ = sums_of(X, y[:, None], W1 - 0.125 * dZ1.T @ X, b1 - 0.125 * dZ1.sum(axis=0), changed, b2 - 0.125 * db2)
    assert after < before


class TestB4:
    """The backprop map: 4-3-1, ReLU then sigmoid, 7 samples as columns."""

    m = 7

    def matrices(self):
        rng = np.random.default_rng(4)
        model = MLP(4, [3, 1], activation="relu", output_activation="sigmoid")
        for layer in model.layers:
            layer.assign(rng.normal(size=layer.weight.shape), rng.normal(size=layer.bias.shape))
        X, Y = array(rng.normal(size=(4, self.m)), "X"), rng.integers(0, 2, (1, self.m)).astype(float)
        (W1, b1), (W2, b2) = [(layer.weight, layer.bias) for layer in model.layers]
        Z1 = W1 @ X + b1[:, None]
        A1 = np.maximum(Z1, 0.0)
        Z2 = W2 @ A1 + b2[:, None]
        A2 = autograd.sigmoid(Z2)
        named = {"X": X, "W1": W1, "b1": b1, "Z1": Z1, "A1": A1, "W2": W2, "b2": b2, "Z2": Z2, "A2": A2}
        return model, Y, named

    def gradients_of_the_sum(self, Y, data):
        """The map's gradients of the matrices with one column per sample."""
        A2, Z1 = data["A2"], data["Z1"]
        dZ2 = A2 - Y
        dA1 = data["W2"].T @ dZ2
        dZ1 = dA1 * (Z1 > 0)
        return {"A2": (A2 - Y) / (A2 * (1 - A2)), "Z2": dZ2, "A1": dA1, "Z1": dZ1, "X": data["W1"].T @ dZ1}

    def test_b4_what_holds_a_column_a_sample_has_the_map_s_gradients_of_the_sum_of_losses(self):
        _, Y, named = self.matrices()
        assert (data_of(named["Z1"]) <= 0).any()
        nn.binary_cross_entropy(named["A2"], Y, reduction="sum").backward()
        expected = self.gradients_of_the_sum(Y, {name: data_of(matrix) for name, matrix in named.items()})
        assert expected["A1"].shape == (3, 7)
        for name, gradient in expected.items():
            same(grad_of(named[name]), gradient)

    def test_b4_weights_and_biases_have_the_map_s_gradients_of_the_mean(self):
        model, Y, named = self.matrices()
        nn.binary_cross_entropy(named["A2"], Y).backward()
        data = {name: data_of(matrix) for name, matrix in named.items()}
        of_sum, m = self.gradients_of_the_sum(Y, data), self.m
        expected = {
            "W2": of_sum["Z2"] @ data["A1"].T / m,
            "b2": of_sum["Z2"].sum(axis=1) / m,
            "W1": of_sum["Z1"] @ data["X"].T / m,
            "b1": of_sum["Z1"].sum(axis=1) / m,
        }
        for name, gradient in expected.items():
            same(grad_of(named[name]), gradient)
        by_columns = grad_of(model.parameters())
        model.zero_grad()
        nn.binary_cross_entropy(model(data["X"].T), Y[0]).backward()  # the library's own way: samples as rows
        same(grad_of(model.parameters()), by_columns)

    def test_b4_as_printed_one_gradient_of_the_sum_is_called_one_of_the_mean(self):
        """The map's third version calls W1ᵀ·∂L/∂Z1 the gradient of J with respect to X, which is a seventh of it."""
        _, Y, named = self.matrices()
        nn.binary_cross_entropy(named["A2"], Y).backward()
        printed = self.gradients_of_the_sum(Y, {name: data_of(matrix) for name, matrix in named.items()})
        for name, gradient in printed.items():
            same(grad_of(named[name]), gradient / self.m)
        assert np.abs(grad_of(named["X"]) - printed["X"]).max() > 0.01

    def test_b4_the_map_is_drawn_from_the_sizes_and_m_alone(self):
        picture = seen(
            viz.draw_network(
                [4, 3, 1],
                view="matrices",
                samples=self.m,
                samples_as="columns",
                gradients=True,
                activation="relu",
                output_activation="sigmoid",
            )
        )
        assert {edge.ends: edge.label for edge in picture.edges} == {
            ("X", "product1"): "4×7",
            ("W1", "product1"): "3×4",
            ("product1", "sum1"): "3×7",
            ("b1", "sum1"): "3×1",
            ("sum1", "activation1"): "3×7",
            ("activation1", "product2"): "3×7",
            ("W2", "product2"): "1×3",
            ("product2", "sum2"): "1×7",
            ("b2", "sum2"): "1×1",
            ("sum2", "activation2"): "1×7",
            ("activation2", "output"): "1×7",
        }
        formulas = {name: box.lines[-1] for name, box in picture.boxes.items()}
        assert formulas["activation1"] == "dA1 = W2ᵀ·dZ2"
        assert formulas["sum1"] == "dZ1 = dA1 ⊙ relu'(Z1)"
        assert formulas["X"] == "dX = W1ᵀ·dZ1"
        assert formulas["W2"] == "dW2 = dZ2·A1ᵀ"
        assert formulas["b1"] == "db1 = sum of dZ1's columns"

    @pytest.mark.parametrize(("reduction", "dL", "dZ2"), [("mean", "1/7", "(A2 − Y)/7"), ("sum", "1", "A2 − Y")])
    def test_b4_the_map_shows_the_loss_and_what_was_derived_of_it(self, reduction, dL, dZ2):
        options = {"activation": "relu", "output_activation": "sigmoid", "samples_as": "columns", "samples": self.m}
        drawing = viz.draw_network(
            [4, 3, 1],
            view="matrices",
            gradients=True,
            local_derivatives=True,
            loss="binary_cross_entropy",
            reduction=reduction,
            **options,
        )
        picture = seen(drawing)
        formulas = {name: box.lines[-1] for name, box in picture.boxes.items()}
        assert formulas["loss"] == f"dL = {dL}"
        assert formulas["sum2"] == f"dZ2 = {dZ2}"
        rules = {edge.ends: edge.label for edge in picture.edges}
        assert rules["W2", "product2"] == "1×3 | □·A1ᵀ"
        assert rules["activation1", "product2"] == "3×7 | W2ᵀ·□"


def test_b5_the_jacobian_of_a_function_from_n_to_m_numbers_is_m_by_n():
    M = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    x = np.array([0.5, -1.0, 2.0])
    same(jacobian(lambda x: M @ x)(x), M)
    same(jacobian(lambda x: np.tanh(M @ x))(x), (1 - np.tanh(M @ x) ** 2)[:, None] * M)


def test_b5_the_gradients_of_a_matrix_product_by_generalised_jacobians():
    rng = np.random.default_rng(5)
    alpha, beta = array(rng.normal(size=(1, 2)), "α"), array(rng.normal(size=(2, 3)), "β")
    G = alpha @ beta
    (G**2).sum().backward()
    dG = grad_of(G)
    same(grad_of(alpha), dG @ data_of(beta).T)
    same(grad_of(beta), data_of(alpha).T @ dG)

    by_alpha, by_beta = jacobian(lambda a, b: a @ b, argnums=(0, 1))(data_of(alpha), data_of(beta))
    assert by_alpha.shape == (1, 3, 1, 2)  # the shape of G, then that of the variable
    assert by_beta.shape == (1, 3, 2, 3)
    same(np.tensordot(dG, by_alpha, axes=2), grad_of(alpha))
    same(np.tensordot(dG, by_beta, axes=2), grad_of(beta))


def test_b5_the_gradient_of_a_broadcast_bias_is_a_sum_over_samples():
    rng = np.random.default_rng(6)
    P, c = rng.normal(size=(4, 2)), rng.normal(size=2)
    by_c = jacobian(lambda c: array(P) + c)(c)
    assert by_c.shape == (4, 2, 2)
    same(by_c[:, :, 0], [[1.0, 0.0]] * 4)
    same(by_c[:, :, 1], [[0.0, 1.0]] * 4)
    bias = array(c, "c")
    Z = P + bias
    autograd.sigmoid(Z).sum().backward()
    same(grad_of(bias), grad_of(Z).sum(axis=0))


def test_s7_the_gradient_of_a_number_has_the_shape_of_its_input_without_the_leading_1():
    W = np.arange(6.0).reshape(3, 2)
    of_one_result = jacobian(lambda W: autograd.array([(W**2).sum()]))(W)
    assert of_one_result.shape == (1, 3, 2)  # generalised: 1×(N×M)
    gradient = autograd.grad(lambda W: (W**2).sum())(W)
    assert gradient.shape == W.shape
    same(of_one_result[0], gradient)


def test_s7_the_gradients_of_a_layer_with_samples_as_rows():
    rng = np.random.default_rng(7)
    x, w, b, dZ = (rng.normal(size=shape) for shape in ((4, 2), (3, 2), 3, (4, 3)))
    X, W, bias = array(x), array(w), array(b)
    (dZ * (X @ W.T + bias)).sum().backward()
    same(grad_of(X), dZ @ w)
    same(grad_of(W), dZ.T @ x)
    same(grad_of(bias), dZ.sum(axis=0))


def test_s7_an_activation_has_no_derivative_off_its_own_entry():
    Z = np.array([[5.0, -7.0, 6.0], [2.0, 1.0, -4.0]])
    tensor = jacobian(autograd.relu)(Z)
    assert tensor.shape == (2, 3, 2, 3)
    same(tensor.reshape(6, 6), np.diag((Z > 0).astype(float).ravel()))


def test_s7_predictions_as_a_column_and_targets_as_a_vector_are_all_compared_with_all():
    y = np.array([0.0, 1.0, 1.0, 0.0])
    assert (y[:, None] - y).shape == (4, 4)
    assert ((y[:, None] - y) ** 2).mean() == 0.5


def one_step(W1):
    """The worked step of B6: the numbers that it computes, and the output weights after it."""
    model = MLP(2, [2, 1], activation="relu", output_activation="relu")
    first, last = model.layers
    first.assign(np.transpose(W1), [0.0, 0.0])
    last.assign([[0.1, 0.2]], [0.0])
    a1 = first([1.0, 1.0])
    a2 = last(a1)
    nn.half_squared_error(a2, 0.0).backward()
    gradients = {"dW2": grad_of(last.weight)[0], "db2": grad_of(last.bias)[0], "dW1": grad_of(first.weight).T}
    gradients["db1"] = grad_of(first.bias)
    SGD(model.parameters(), lr=0.1).step()
    return {"a1": data_of(a1), "a2": a2.data, **gradients, "W2": data_of(last.weight)[0], "W1": data_of(first.weight).T}


def test_b6_the_worked_step():
    step = one_step([[0.1, 0.2], [0.0, 0.1]])
    same(step["a1"], [0.1, 0.3])
    same(step["a2"], 0.07)
    same(step["dW2"], [0.007, 0.021])
    same(step["db2"], 0.07)
    same(step["dW1"], [[0.007, 0.014], [0.007, 0.014]])
    same(step["db1"], [0.007, 0.014])
    same(step["W2"], [0.0993, 0.1979])
    same(step["W1"], [[0.0993, 0.1986], [-0.0007, 0.0986]])


def test_b6_the_printed_numbers_are_those_of_another_first_layer():
    step = one_step([[0.1, 0.2], [0.0, 0.0]])
    same(step["a1"], [0.1, 0.2])
    same(step["a2"], 0.05)
    same(step["dW2"], [0.005, 0.01])
    same(step["db2"], 0.05)
    same(step["dW1"], [[0.005, 0.01], [0.005, 0.01]])
    same(step["db1"], [0.005, 0.01])
    same(step["W2"], [0.0995, 0.199])


def test_b6_the_two_part_at_the_second_hidden_unit():
    right, printed = one_step([[0.1, 0.2], [0.0, 0.1]]), one_step([[0.1, 0.2], [0.0, 0.0]])
    same(right["a1"] - printed["a1"], [0.0, 0.1])  # the entry w22 = 0.1, which the printed numbers omit
    same(right["a2"] - printed["a2"], 0.1 * 0.2)


@pytest.mark.parametrize("compiled", [True, False])
def test_b7_a_step_by_hand_is_a_step_of_sgd_over_minibatches(compiled):
    model = MLP(3, [2, 1], activation="tanh", seed=3)
    rng = np.random.default_rng(0)
    X, y, alpha, seed = rng.normal(size=(6, 3)), rng.normal(size=6), 0.3, 11
    weights = [data_of(matrix) for layer in model.layers for matrix in (layer.weight, layer.bias)]
    W1, b1, W2, b2 = weights
    for batch in np.split(np.random.default_rng(seed).permutation(6), 3):
        A0, target = X[batch], y[batch, None]
        A1 = np.tanh(A0 @ W1.T + b1)
        dZ2 = 2 * (A1 @ W2.T + b2 - target) / len(batch)
        dZ1 = dZ2 @ W2 * (1 - A1**2)
        for matrix, gradient in ((W1, dZ1.T @ A0), (b1, dZ1.sum(axis=0)), (W2, dZ2.T @ A1), (b2, dZ2.sum(axis=0))):
            matrix -= alpha * gradient
    sgd = SGD(model.parameters(), lr=alpha)
    model.fit(X, y, optimizer=sgd, epochs=1, batch_size=2, seed=seed, compiled=compiled, progress=False)
    for layer, matrices in zip(model.layers, ((W1, b1), (W2, b2)), strict=True):
        same(data_of(layer.weight), matrices[0])
        same(data_of(layer.bias), matrices[1])


def test_b8_the_derivatives_of_a_linear_layer():
    rng = np.random.default_rng(8)
    w, a, b, dz = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=3), rng.normal(size=3)
    by_a, by_w = jacobian(lambda a, W: W @ a + b, argnums=(0, 1))(a, w)
    same(by_a, w)  # numerator layout: one row per output
    A = array(a)
    (dz * (w @ A + b)).sum().backward()
    same(grad_of(A), w.T @ dz)  # denominator layout: one column per output, so it multiplies dz from the left

    assert by_w.shape == (3, 3, 2)
    for i, row in np.ndindex(3, 3):
        assert by_w[i, row].tolist() == (a.tolist() if i == row else [0.0, 0.0])

    W = array(w, "W")
    (dz * (W @ a + b)).sum().backward()
    for i in range(3):
        same(grad_of(W)[i], dz[i] * a)
    same(grad_of(W), np.outer(dz, a))
    same(grad_of(W), np.tensordot(dz, by_w, axes=1))


class TestB9:
    """The parameters of a 4-3-1 network as one vector θ of 19 entries, and its cost J as a function of it."""

    def cost(self):
        rng = np.random.default_rng(9)
        model = MLP(4, [3, 1], activation="tanh", output_activation="sigmoid", seed=9)
        X, y = rng.normal(size=(7, 4)), rng.integers(0, 2, 7).astype(float)
        J = nn.binary_cross_entropy(model(X), y)
        J.backward()
        parameters = model.parameters()
        theta = data_of(parameters)

        def at(step):
            for parameter, number in zip(parameters, theta + step, strict=True):
                parameter.data = float(number)
            J.forward()
            return J.data

        return at, grad_of(parameters)

    def test_b9_the_vector_has_19_entries(self):
        _, gradient = self.cost()
        assert gradient.shape == (19,)

    def test_b9_no_other_unit_step_raises_the_cost_as_much_as_one_along_the_gradient(self):
        at, gradient = self.cost()
        directions = np.random.default_rng(0).normal(size=(1000, 19))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        size = np.linalg.norm(gradient)
        assert (directions @ gradient < size).all()
        small = 1e-3
        along_gradient = at(small * gradient / size)
        assert all(at(small * direction) < along_gradient for direction in directions)
        same((along_gradient - at(0.0)) / small, size, 1e-3)

    def test_b9_the_change_is_the_cosine_of_the_angle_to_the_gradient(self):
        at, gradient = self.cost()
        start, size, small = at(0.0), np.linalg.norm(gradient), 1e-3
        directions = np.random.default_rng(0).normal(size=(100, 19))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        cosines = directions @ gradient / size
        changes = [at(small * direction) - start for direction in directions]
        np.testing.assert_allclose(changes, small * size * cosines, atol=small * small)

    @pytest.mark.parametrize("step", [1e-4, 1e-2, 0.1])
    def test_b9_a_small_step_against_the_gradient_lowers_the_cost(self, step):
        at, gradient = self.cost()
        assert at(-step * gradient) < at(0.0) < at(step * gradient)
