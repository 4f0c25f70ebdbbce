"""Each loss is its formula, its gradient is the textbook's, and both stay finite."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import nn
from autograd import Value, array, compile as compile_graph, data_of, grad_of, gradcheck, topological_order
from autograd.value import carrying
from nn import (
    LOSSES,
    LabelError,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_squared_error,
    hinge_loss,
    log_softmax,
    mse_loss,
    nll_loss,
    one_hot,
    softmax,
)
from nn.losses import loss_record

scores = st.floats(-30.0, 30.0)
probabilities = st.floats(0.001, 0.999)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.asarray(z)))


def rows_softmax(Z):
    exponentials = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def cross_entropies(Z, Y):
    return -(Y * np.log(rows_softmax(Z))).sum(axis=-1)


ELEMENTWISE = {  # name: the loss of one element, its derivative with respect to the prediction, predictions, targets
    mse_loss: (lambda a, y: (a - y) ** 2, lambda a, y: 2 * (a - y), scores, scores),
    half_squared_error: (lambda a, y: (a - y) ** 2 / 2, lambda a, y: a - y, scores, scores),
    binary_cross_entropy: (
        lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
        lambda a, y: (a - y) / (a * (1 - a)),
        probabilities,
        st.floats(0.0, 1.0),
    ),
    binary_cross_entropy_with_logits: (
        lambda z, y: -y * np.log(sigmoid(z)) - (1 - y) * np.log(sigmoid(-z)),
        lambda z, y: sigmoid(z) - y,
        scores,
        st.floats(0.0, 1.0),
    ),
    hinge_loss: (
        lambda s, y: np.maximum(0.0, 1.0 - y * s),
        lambda s, y: np.where(y * s < 1.0, -y, 0.0),
        scores,
        st.sampled_from([-1.0, 1.0]),
    ),
}
by_element = pytest.mark.parametrize("loss", ELEMENTWISE, ids=lambda loss: loss.__name__)
by_class = pytest.mark.parametrize("loss", [cross_entropy, nll_loss], ids=lambda loss: loss.__name__)


def test_losses_lists_every_loss_by_its_name():
    assert set(LOSSES.values()) == {*ELEMENTWISE, cross_entropy, nll_loss}
    assert all(LOSSES[loss.__name__] is loss for loss in LOSSES.values())


@by_element
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_loss_and_its_gradient_are_their_formulas(loss, data):
    formula, slope, predictions, targets = ELEMENTWISE[loss]
    count = data.draw(st.integers(1, 4))
    a = np.array(data.draw(st.lists(predictions, min_size=count, max_size=count)))
    y = np.array(data.draw(st.lists(targets, min_size=count, max_size=count)))
    for reduction, divisor in (("mean", count), ("sum", 1)):
        values = [Value(number) for number in a]
        result = loss(values, y, reduction)
        result.backward()
        assert result.data == pytest.approx(formula(a, y).sum() / divisor, rel=1e-9, abs=1e-12)
        assert grad_of(values) == pytest.approx(slope(a, y) / divisor, rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(rows=st.integers(1, 3), classes=st.integers(1, 4), seed=st.integers(0, 9999), spread=st.floats(0.1, 10.0))
def test_cross_entropy_and_its_gradient_are_their_formulas(rows, classes, seed, spread):
    rng = np.random.default_rng(seed)
    Z, labels = rng.normal(0.0, spread, size=(rows, classes)), rng.integers(0, classes, rows)
    Y = np.eye(classes)[labels]
    for reduction, divisor in (("mean", rows), ("sum", 1)):
        for targets in (labels, labels.tolist(), Y, rng.dirichlet(np.ones(classes), rows)):
            shares = Y if np.ndim(targets) == 1 else np.asarray(targets)
            values = array(Z)
            result = cross_entropy(values, targets, reduction)
            result.backward()
            assert result.data == pytest.approx(cross_entropies(Z, shares).sum() / divisor, rel=1e-9, abs=1e-12)
            assert grad_of(values) == pytest.approx((rows_softmax(Z) - shares) / divisor, rel=1e-9, abs=1e-12)


def test_nll_is_the_negated_log_probability_of_the_class():
    rows = array([[-0.1, -2.4], [-3.0, -0.05]])
    loss = nll_loss(rows, [1, 0])
    loss.backward()
    assert loss.data == pytest.approx((2.4 + 3.0) / 2)
    assert grad_of(rows).tolist() == [[0.0, -0.5], [-0.5, 0.0]]
    assert nll_loss(rows, [1, 0], "sum").data == pytest.approx(5.4)


def test_cross_entropy_is_nll_of_log_softmax():
    Z = [[0.5, -1.0, 2.0], [3.0, 0.0, 1.0]]
    log_rows = [log_softmax([Value(z) for z in row]) for row in Z]
    assert cross_entropy(array(Z), [2, 0]).data == nll_loss(log_rows, [2, 0]).data


@by_class
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_class_indices_and_one_hot_rows_are_the_same_to_the_bit(loss, reduction):
    rng = np.random.default_rng(3)
    Z, labels = -abs(rng.normal(size=(6, 4))), rng.integers(0, 4, 6)
    results = []
    for targets in (labels, labels.astype(float), one_hot(labels, 4)):
        values = array(Z)
        result = loss(values, targets, reduction)
        result.backward()
        results.append((result.data, grad_of(values).tolist()))
    assert results[0] == results[1] == results[2]


def test_one_sample_of_classes_is_a_row_and_one_class():
    row = [Value(0.5), Value(-1.0), Value(2.0)]
    alone, in_rows = cross_entropy(row, 2), cross_entropy([row], [2])
    assert alone.data == in_rows.data == cross_entropy(row, [0.0, 0.0, 1.0]).data


@by_element
def test_one_element_is_its_formula_without_a_division(loss):
    value = Value(0.25)
    formula = ELEMENTWISE[loss][0]
    for result in (loss(value, 1.0), loss([value], [1.0]), loss([[value]], [[1.0]])):
        assert "divide" not in {node.op for node in topological_order(result)}
        assert result.data == pytest.approx(float(formula(0.25, 1.0)))
    assert "divide" in {node.op for node in topological_order(loss([value, value], [1.0, 1.0]))}
    assert "divide" not in {node.op for node in topological_order(loss([value, value], [1.0, 1.0], "sum"))}


@by_element
def test_the_mean_is_over_all_elements_of_any_shape(loss):
    a, y = np.full((2, 3), 0.25), np.ones((2, 3))
    assert loss(array(a), y).data == pytest.approx(loss(Value(0.25), 1.0).data)
    assert loss(array(a), y, "sum").data == pytest.approx(6 * loss(Value(0.25), 1.0).data)


@by_element
@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16])
def test_a_loss_of_plain_numbers_is_a_plain_number_in_double_precision(loss, kind):
    a, y = np.array([0.1, 0.7], kind), np.array([1.0, 1.0], kind)
    result = loss(a, y)
    assert type(result) is float
    assert result == loss(a.tolist(), y.tolist()) == loss(array(a), y).data


@by_class
@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("targets", [[1, 0], [[0.25, 0.75], [1.0, 0.0]]])
def test_a_class_loss_of_plain_numbers_is_a_plain_number_in_double_precision(loss, kind, targets):
    rows, y = np.array([[-0.1, -1.5], [-2.0, -0.7]], kind), np.array(targets, kind)
    result = loss(rows, y)
    assert type(result) is float
    assert result == loss(rows.tolist(), targets) == loss(array(rows), targets).data


@pytest.mark.parametrize("z", [-1000.0, 1000.0, -40.0, 40.0, 0.0, 1e300, -1e300])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_binary_cross_entropy_of_logits_is_stable(z, y):
    value = Value(z)
    loss = binary_cross_entropy_with_logits(value, y)
    loss.backward()
    exact = abs(z) if (z < 0) == (y == 1) and z else math.log1p(math.exp(-abs(z)))
    assert loss.data == pytest.approx(exact, rel=1e-14)
    toward = z if y == 0.0 else -z  # σ(z) - 1 is -σ(-z), exact to the last digit
    slope = math.exp(toward) / (1.0 + math.exp(toward)) if toward < 0 else 1.0 / (1.0 + math.exp(-toward))
    assert abs(value.grad) == pytest.approx(slope, rel=1e-14, abs=0.0)
    assert value.grad >= 0.0 if y == 0.0 else value.grad <= 0.0


@pytest.mark.parametrize("row", [[1000.0, -1000.0], [-1000.0, -1000.0], [1000.0, 1000.0, 0.0], [1e300, 0.0]])
def test_softmax_and_cross_entropy_are_stable(row):
    values = [Value(z) for z in row]
    loss = cross_entropy(values, 1)
    loss.backward()
    expected = rows_softmax(np.array(row))
    assert loss.data == pytest.approx(max(row) - row[1] + math.log(row.count(max(row))), rel=1e-14)
    assert grad_of(values) == pytest.approx(expected - np.eye(len(row))[1], abs=1e-15)
    assert data_of(softmax(values)) == pytest.approx(expected, abs=1e-15)
    assert np.exp(data_of(log_softmax(values))) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("y", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("a", [0.0, 1.0, 5e-324, 1e-50, 1.0 - 2.0**-53])
def test_binary_cross_entropy_is_finite_at_the_ends(a, y):
    value = Value(a)
    loss = binary_cross_entropy(value, y)
    loss.backward()
    loss.check_finite()
    assert math.isfinite(value.grad)
    clamped = -(y * max(math.log(a) if a else -math.inf, -100.0) if y else 0.0)
    clamped -= (1.0 - y) * max(math.log(1.0 - a) if a < 1.0 else -math.inf, -100.0) if y < 1.0 else 0.0
    assert loss.data == pytest.approx(clamped, rel=1e-12)


@by_element
@pytest.mark.parametrize("target", ["python", "numpy", "native"])
def test_a_compiled_loss_is_that_of_the_engine_and_nan_where_that_raises(loss, target):
    program = compile_graph(lambda a: loss(a, 1.0), target=target)
    for a in [-0.5, 0.0, 5e-324, 0.3, 1.0, 1.5, 30.0, math.nan, math.inf, -math.inf]:
        value = Value(a)
        try:
            expected = loss(value, 1.0)
            expected.backward()
        except ValueError:
            assert math.isnan(program(a)), a
        else:
            result, derivative = program.value_and_grad(a)
            np.testing.assert_allclose([result, derivative], [expected.data, value.grad], rtol=1e-14)


def test_binary_cross_entropy_of_a_certain_and_correct_prediction_is_0():
    assert binary_cross_entropy([Value(0.0), Value(1.0)], [0.0, 1.0]).data == 0.0


def test_binary_cross_entropy_after_a_sigmoid_is_that_of_logits():
    for z in (-5.0, -0.3, 0.0, 2.0):
        one, other = Value(z), Value(z)
        long, fused = binary_cross_entropy(one.sigmoid(), 1.0), binary_cross_entropy_with_logits(other, 1.0)
        long.backward()
        fused.backward()
        assert long.data == pytest.approx(fused.data, rel=1e-12)
        assert one.grad == pytest.approx(other.grad, rel=1e-12) == pytest.approx(sigmoid(z) - 1.0, rel=1e-12)


@by_element
def test_gradients_flow_to_targets_that_are_values(loss):
    a, y = Value(0.25), Value(1.0)
    loss([a, a], [y, 1.0]).backward()
    slope = {
        mse_loss: -2 * (0.25 - 1.0),
        half_squared_error: -(0.25 - 1.0),
        binary_cross_entropy: -math.log(0.25) + math.log(0.75),
        binary_cross_entropy_with_logits: -0.25,
        hinge_loss: -0.25,
    }[loss]
    assert y.grad == pytest.approx(slope / 2)


@by_element
def test_a_loss_is_arithmetic_in_its_target_so_its_graph_runs_with_another(loss):
    a, y = Value(0.25), Value(1.0)
    recorded = loss(a, y)
    for a.data, y.data in ((0.75, 1.0), (0.5, 0.0 if loss is not hinge_loss else -1.0)):
        assert recorded.forward() == loss(Value(a.data), y.data).data


@by_class
def test_class_losses_take_one_hot_rows_of_values(loss):
    Z, Y = array([[-0.5, -1.0], [-0.1, -2.0]]), array([[1.0, 0.0], [0.0, 1.0]])
    recorded = loss(Z, Y)
    assert recorded.data == loss(Z, [0, 1]).data
    recorded.backward()
    logs = data_of(Z) if loss is nll_loss else np.log(rows_softmax(data_of(Z)))
    assert grad_of(Y) == pytest.approx(-logs / 2)
    for y, number in zip(Y.flat, [0.0, 1.0, 1.0, 0.0], strict=True):
        y.data = number
    assert recorded.forward() == loss(Z, [1, 0]).data


def test_losses_pass_gradcheck():
    assert gradcheck(lambda a, b: binary_cross_entropy([a, b], [0.3, 1.0]), 0.4, 0.6)
    assert gradcheck(lambda a, b, c: cross_entropy([a, b, c], 1), 0.4, -0.6, 1.2)
    assert gradcheck(lambda a, b: hinge_loss([a, b], [1.0, -1.0]), 0.4, -3.0)


def test_softmax_has_the_jacobian_diag_s_minus_s_s_transposed():
    row = [0.5, -1.0, 2.0]
    s = rows_softmax(np.array(row))
    for i in range(3):
        values = [Value(z) for z in row]
        softmax(values)[i].backward()
        assert grad_of(values) == pytest.approx((np.diag(s) - np.outer(s, s))[i], abs=1e-15)
    with pytest.raises(ValueError, match="at least one score"):
        softmax([])


def test_the_record_of_a_loss_holds_what_training_needs_to_know():
    records = {name: loss_record(loss) for name, loss in LOSSES.items()}
    assert all(record.function is LOSSES[name] for name, record in records.items())
    assert {name for name, record in records.items() if record.takes_classes} == {"nll_loss", "cross_entropy"}
    of_scores = {"binary_cross_entropy_with_logits", "hinge_loss"}
    assert {name: record.threshold for name, record in records.items()} == {
        name: 0.0 if name in of_scores else 0.5 for name in LOSSES
    }
    assert all(record.is_ours for record in records.values())


def test_a_custom_loss_has_the_default_record():
    class Own:
        __hash__ = None  # such an object cannot be looked up in a dict

        def __call__(self, predictions, targets):
            return predictions[0]

    own = Own()
    record = loss_record(own)
    assert record.function is own
    assert (record.takes_classes, record.threshold, record.is_ours) == (False, 0.5, False)


@pytest.mark.parametrize("wrong", [1.5, -0.1])
def test_a_prediction_at_any_depth_of_values_must_be_a_probability(wrong):
    with pytest.raises(ValueError, match="must be a probability"):
        binary_cross_entropy(carrying(Value(wrong)), 1.0)
    nested = carrying(Value(0.25))
    assert "select" not in {node.op for node in topological_order(binary_cross_entropy(nested, 1.0))}


def v(*numbers):
    return [Value(number) for number in numbers]


BAD = {  # name: what is done, the class, what the message says
    "bce above 1": (
        lambda: binary_cross_entropy(v(0.5, 0.5), [0, 2]),
        LabelError,
        "target 1 must be between 0 and 1, not 2$",
    ),
    "bce below 0": (
        lambda: binary_cross_entropy(v(0.5), [-0.5]),
        LabelError,
        "^target 0 must be between 0 and 1, not -0.5$",
    ),
    "bce nan": (lambda: binary_cross_entropy(v(0.5), [math.nan]), LabelError, "target 0 must .* not nan"),
    "logits of -1": (
        lambda: binary_cross_entropy_with_logits(v(1.0), [-1]),
        LabelError,
        "target 0 must be between 0 and 1, not -1$",
    ),
    "hinge of 0": (lambda: hinge_loss(v(0.5, 0.5), [1, 0]), LabelError, "target 1 must be -1 or 1 .* not 0$"),
    "a class too many": (
        lambda: cross_entropy(v(0.0, 1.0), 2),
        LabelError,
        "target 0 must be a class, an integer from 0 to 1, not 2$",
    ),
    "a class below 0": (lambda: nll_loss(v(0.0, 1.0), -1), LabelError, "target 0 must .* from 0 to 1, not -1$"),
    "half a class": (lambda: cross_entropy(v(0.0, 1.0), 0.5), LabelError, "target 0 must .* integer .* not 0.5$"),
    "class nan": (lambda: cross_entropy(v(0.0, 1.0), math.nan), LabelError, "target 0 must be a class, .* not nan$"),
    "class inf": (lambda: cross_entropy(v(0.0, 1.0), math.inf), LabelError, "target 0 must be a class, .* not inf$"),
    "a class in words": (
        lambda: cross_entropy(v(0.0, 1.0), "cat"),
        LabelError,
        "target 0 must be a class, .* not 'cat'$",
    ),
    "no class": (lambda: cross_entropy(v(0.0, 1.0), None), LabelError, "target 0 must be a class, .* not None$"),
    "the class a Value": (
        lambda: cross_entropy(v(0.0, 1.0), Value(1.0)),
        LabelError,
        r"target 0 must be a class, .* not Value\(1.0\)$",
    ),
    "the third class wrong": (
        lambda: cross_entropy([v(0.0)] * 3, [0, 0, 1]),
        LabelError,
        "target 2 must be a class, an integer from 0 to 0, not 1$",
    ),
    "shares above 1": (
        lambda: cross_entropy([v(0.0, 1.0)], [[1, 1]]),
        LabelError,
        r"target 0 must be probabilities, .* that sum to 1, not \[1, 1\]$",
    ),
    "shares below 0": (
        lambda: cross_entropy([v(0.0, 1.0)], [[2, -1]]),
        LabelError,
        r"target 0 must be .* none below 0, .* not \[2, -1\]$",
    ),
    "shares nan": (lambda: cross_entropy([v(0.0, 1.0)], [[math.nan, 1]]), LabelError, "target 0 must be probabilities"),
    "two shapes": (lambda: mse_loss(v(1.0, 2.0), [1.0]), ValueError, r"the same shape, not \(2,\) and \(1,\)$"),
    "a column": (
        lambda: mse_loss(v(1.0, 2.0), [[1.0], [2.0]]),
        ValueError,
        r"the same shape, not \(2,\) and \(2, 1\)$",
    ),
    "a number for a row": (lambda: mse_loss(v(1.0), 1.0), ValueError, r"the same shape, not \(1,\) and \(\)$"),
    "classes of too few": (
        lambda: cross_entropy([v(0.0, 1.0)] * 2, [0]),
        ValueError,
        r"scores of shape \(2, 2\) must have .*not \(1,\)$",
    ),
    "one-hot too wide": (lambda: cross_entropy([v(0.0, 1.0)], [[1, 0, 0]]), ValueError, r"\(1, 2\).*not \(1, 3\)"),
    "one score": (lambda: cross_entropy(Value(1.0), 0), ValueError, r"scores must have the shape .* not \(\)$"),
    "nothing": (
        lambda: mse_loss([], []),
        ValueError,
        "^a loss needs at least one prediction, not an empty array$",
    ),
    "no samples": (lambda: cross_entropy(np.zeros((0, 2)), []), ValueError, "at least one prediction"),
    "median": (
        lambda: mse_loss(v(1.0), [1.0], "median"),
        ValueError,
        "reduction must be 'mean' or 'sum', not 'median'",
    ),
    "no reduction": (
        lambda: cross_entropy(v(1.0), 0, reduction=None),
        ValueError,
        "reduction must be 'mean' or 'sum', not None",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_target_is_refused_with_a_helpful_message(name):
    action, kind, message = BAD[name]
    with pytest.raises(kind, match=message):
        action()


def test_a_label_error_is_a_value_error():
    assert issubclass(LabelError, ValueError)


@pytest.mark.parametrize("prediction", [1.5, -0.1, math.inf])
@pytest.mark.parametrize("kind", [float, Value])
def test_binary_cross_entropy_refuses_what_is_not_a_probability(prediction, kind):
    message = (
        f"^a prediction must be a probability, between 0 and 1, not {prediction}; "
        "for scores use binary_cross_entropy_with_logits$"
    )
    with pytest.raises(ValueError, match=message):
        nn.binary_cross_entropy([kind(0.5), kind(prediction)], [1.0, 1.0])


def test_nan_passes_through_binary_cross_entropy():
    assert math.isnan(nn.binary_cross_entropy(Value(math.nan), 1.0).data)


@pytest.mark.parametrize(("name", "meant"), [("mse", "mse_loss"), ("bce", "binary_cross_entropy"),
                                             ("MSE_Loss", "mse_loss"), ("Hinge", "hinge_loss"),
                                             ("cross_entropie", "cross_entropy")])  # fmt: skip
def test_the_nearest_loss_is_suggested(name, meant):
    with pytest.raises(ValueError, match=f"unknown loss {name!r}, did you mean {meant!r}"):
        nn.MLP(2, [1]).fit([[0.0, 1.0]], [1.0], loss=name)


@pytest.mark.parametrize("function", [nn.softmax, nn.log_softmax])
@pytest.mark.parametrize("scores", [[[1.0, 2.0, 3.0]] * 2, np.zeros((2, 3)), array(np.zeros((2, 3)))])
def test_a_softmax_of_several_samples_is_refused(function, scores):
    with pytest.raises(ValueError, match=r"of one sample, not an array of shape \(2, 3\)"):
        function(scores)
