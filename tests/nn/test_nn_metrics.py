"""A metric counts classes, and refuses what could be read in two ways."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn import metrics as reference

from autograd import Value
from nn import accuracy, confusion_matrix, f1, precision, recall

METRICS = [accuracy, confusion_matrix, f1, precision, recall]
by_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.__name__)


@pytest.mark.parametrize(
    ("prediction", "target", "share"),
    [
        ([0.9, 0.2, 0.6, 0.1], [1, 0, 0, 0], 0.75),
        ([[0.9], [0.2]], [1, 0], 1.0),
        ([0.9, 0.2], [[1], [0]], 1.0),
        ([0.5], [1], 0.0),  # not above the threshold
        ([0.9, 0.2], [1, -1], 1.0),
        ([1.02, -0.3], [1, 0], 1.0),
        ([[0.1, 0.9], [0.8, 0.7]], [1, 0], 1.0),  # the largest of two
        ([[1.0, 5.0, 2.0], [3.0, 1.0, 2.0]], [1, 2], 0.5),
        ([[1.0, 5.0, 2.0], [3.0, 1.0, 2.0]], [[0, 1, 0], [1, 0, 0]], 1.0),
        (np.eye(3), [[0], [1], [2]], 1.0),
        ([0, 2, 1], [0, 1, 2], 1 / 3),
        ([0.0, 2.0, 1.0], [0, 1, 1], 2 / 3),  # whole numbers are classes, whatever the targets happen to be
        ([0, 2, 1], np.eye(3), 1 / 3),
        ([1, -1, -1], [1, -1, 1], 2 / 3),
        ([1, 0, 0], [1, -1, 1], 2 / 3),
        ([True, False], [True, True], 0.5),
    ],
)
def test_accuracy_is_the_fraction_of_samples_predicted_correctly(prediction, target, share):
    assert accuracy(prediction, target) == share
    assert accuracy(np.array(prediction), np.array(target)) == share


def test_scores_have_their_own_threshold():
    assert accuracy([2.0, -1.0, 0.3], [1, -1, -1], threshold=0.0) == 2 / 3
    assert accuracy([2.0, -1.0, 3.0], [1, 0, 0], threshold=0.0) == 2 / 3


classes = st.integers(1, 4).flatmap(
    lambda last: st.lists(st.tuples(st.integers(0, last), st.integers(0, last)), min_size=1, max_size=20)
)


@settings(max_examples=100, deadline=None)
@given(classes, st.integers(0, 4), st.booleans())
def test_metrics_of_classes_are_those_of_scikit_learn(pairs, positive, as_rows):
    predicted, true = np.array(pairs).T
    prediction = np.eye(5)[predicted] if as_rows else predicted
    assert accuracy(prediction, true) == pytest.approx(reference.accuracy_score(true, predicted))
    last = max(predicted.max(), true.max(), 1, 4 if as_rows else 0)
    assert confusion_matrix(prediction, true).tolist() == (
        reference.confusion_matrix(true, predicted, labels=range(last + 1)).tolist()
    )
    for metric, defined in [
        (recall, positive in true), (precision, positive in predicted), (f1, positive in [*true, *predicted]),
    ]:  # fmt: skip
        if defined:
            expected = getattr(reference, f"{metric.__name__}_score")(true == positive, predicted == positive)
            assert metric(prediction, true, positive=positive) == pytest.approx(expected)
        else:
            with pytest.raises(ValueError, match=f"^{metric.__name__} needs at least one"):
                metric(prediction, true, positive=positive)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-3.0, 3.0), st.booleans()), min_size=1), st.floats(-1.0, 1.0))
def test_metrics_of_scores_are_those_of_the_classes_that_a_threshold_makes(pairs, threshold):
    scores, true = np.array([score for score, _ in pairs]), np.array([side for _, side in pairs])
    predicted = scores > threshold
    assert accuracy(scores, true, threshold=threshold) == accuracy(predicted, true)
    assert accuracy(scores, 2.0 * true - 1.0, threshold=threshold) == accuracy(predicted, true)
    counts = confusion_matrix(scores, true, threshold=threshold)
    assert counts.tolist() == confusion_matrix(predicted, true).tolist()


@by_metric
@pytest.mark.parametrize(
    ("prediction", "target", "message"),
    [
        ([0.5], [1, 0], "needs as many predictions as targets, not 1 and 2"),
        ([], [], "needs as many predictions as targets, not 0 and 0"),
        (np.ones((2, 3)), [1], "needs as many predictions as targets, not 2 and 1"),
        ([math.nan, 0.0], [0, 0], r"prediction must be finite, but prediction\[0\] is nan"),
        ([0.0, 1.0], [0, math.inf], r"target must be finite, but target\[1\] is inf"),
        (1, [1], "prediction must be an array, not the single number 1"),
        ([1], 1, "target must be an array, not the single number 1"),
        (["yes"], [1], "prediction must be an array of numbers"),
        ([1], [Value(1.0)], "target must be an array of numbers"),
        (
            [3.0, -2.0],
            [1, 0],
            "predictions that are classes, counted from 0, or -1 and 1, not -2.0; for scores pa",
        ),
        ([2, -1], [1, 0], "predictions that are classes, counted from 0, or -1 and 1, not -1.0; for scores pass thres"),
        ([0.2, 0.7], [0, 2], "so targets must be 0 or 1, or -1 or 1, not 2; for more classes pass predicted classes"),
        ([0.2, 0.7], [0.2, 1], "targets that are classes, counted from 0, or -1 and 1, not 0.2"),
        (np.eye(3), [0, 1, 3], "got rows of 3 numbers, so targets must be below 3, not 3"),
        (np.eye(3), np.eye(3)[:, :2], "needs targets that are classes or one-hot rows of 3 numbers, not"),
        ([0, 1], [[1, 1], [0, 1]], "needs targets that are classes or one-hot rows, not"),
        (np.zeros((2, 2, 2)), [0, 1], r"one number or one row for each sample, not shape \(2, 2, 2\)"),
    ],
)
def test_what_a_metric_could_misread_is_refused(metric, prediction, target, message):
    with pytest.raises(ValueError, match=message):
        metric(prediction, target)


@by_metric
def test_rows_have_no_threshold(metric):
    with pytest.raises(ValueError, match="a threshold separates two classes, but a prediction has 3 numbers"):
        metric(np.eye(3), [0, 1, 2], threshold=0.0)


@pytest.mark.parametrize("metric", [f1, precision, recall])
def test_a_metric_of_one_class_asks_for_it_if_there_are_more_than_two(metric):
    with pytest.raises(ValueError, match=f"^{metric.__name__} is that of one class: choose one of the 3 classes"):
        metric([0, 2, 1], [0, 1, 2])
