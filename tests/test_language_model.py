"""The language model of the benchmarks: the same losses with any class of numbers, eagerly and compiled."""

import ast
import json
import math
import random
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import autograd
from autograd import Value
from benchmarks import gpt, gpt_engine, invent_names
from nn import datasets

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "11_language_model.ipynb"


def arrays(width):
    return {name: np.array(matrix) for name, matrix in gpt.new_weights(float, width).items()}


def test_it_has_four_thousand_parameters():
    assert sum(len(row) for matrix in gpt.new_weights(float).values() for row in matrix) == 4192


def test_before_training_each_token_is_as_likely_as_any_other():
    [loss] = gpt.eager_steps(gpt.new_weights(Value), ["a"], 1)
    assert loss == pytest.approx(math.log(27), abs=0.3)


@pytest.mark.parametrize("width", [4, 16])
def test_our_numbers_and_a_plain_class_of_numbers_train_alike(width):
    names = ["emma", "ada", "li"]
    ours = [*gpt.eager_steps(gpt.new_weights(Value, width), names, 3)]
    theirs = [*gpt.eager_steps(gpt.new_weights(gpt_engine.Value, width), names, 3)]
    assert ours == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize(("width", "names", "steps"), [(4, ["ana", "eve"], 40), (16, ["a", "b"], 10)])
def test_compiled_training_has_the_losses_of_eager_training(width, names, steps):
    pytest.importorskip("llvmlite")
    eager = [*gpt.eager_steps(gpt.new_weights(Value, width), names, steps)]
    assert [*gpt.compiled_steps(arrays(width), names, steps)] == pytest.approx(eager, rel=1e-9)
    assert eager[-1] < 0.6 * eager[0]


def test_a_token_may_be_a_number_or_a_list_of_zeros_and_a_one():
    weights, tokens = gpt.new_weights(Value, 4), gpt.tokens_of("eve")
    assert gpt.loss_of(weights, tokens) == gpt.loss_of(weights, [gpt.one_hot(token) for token in tokens])


def test_names_of_a_length_share_a_program():
    lengths = []

    def loss(weights, tokens):
        lengths.append(len(tokens))
        return gpt.loss_of(weights, tokens)

    program, weights = autograd.compile(loss, target="python"), arrays(4)
    for name in ("a", "b", "ab", "ba", "c"):
        tokens = gpt.tokens_of(name)
        expected = gpt.loss_of(gpt.new_weights(Value, 4), tokens).data
        assert program(weights, [gpt.one_hot(token) for token in tokens]) == pytest.approx(expected, rel=1e-12)
    assert lengths == [3, 4]


def test_a_trained_model_invents_names_like_those_it_has_seen():
    weights = gpt.new_weights(Value, 4)
    for _ in gpt.eager_steps(weights, ["ana"], 100):
        pass
    invented = [gpt.invented_name(weights, seed) for seed in range(10)]
    assert invented.count("ana") >= 8


def test_names_are_the_same_each_time():
    assert gpt.names(100) == gpt.names(100)
    assert {len(name) for name in gpt.names(100)} == {3, 4, 5, 6}


NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "11_language_model.ipynb"


def defines(node):
    """Whether a statement is an import, a function, or a name for a constant."""
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Constant)
    return isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom))


@pytest.fixture(scope="module")
def chapter():
    """What the cells of the notebook define."""
    namespace = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        tagged = {"exercise", "check"} & set(cell["metadata"].get("tags", []))
        if cell["cell_type"] == "code" and not tagged and "google.colab" not in source:
            tree = ast.parse(source)
            kept = [node for node in tree.body if defines(node)]
            exec(compile(ast.Module(kept, []), NOTEBOOK.name, "exec"), namespace)
    return SimpleNamespace(**namespace)


@pytest.mark.parametrize("name", ["li", "ana", "emma"])
def test_the_model_of_the_notebook_is_that_of_the_benchmarks(chapter, name):
    weights = gpt.new_weights(Value, 4)
    ours = chapter.loss_of(weights, chapter.tokens_of(name))
    theirs = gpt.loss_of(weights, gpt.tokens_of(name), heads=chapter.HEADS)
    assert ours.data == pytest.approx(theirs.data, rel=1e-12)
    made = chapter.new_weights(4, number=float)
    assert made == gpt.new_weights(float, 4)


@pytest.mark.parametrize("name", ["ida", "mariana", "abcdefgh"])
def test_a_padded_name_has_the_loss_and_the_gradients_of_the_name(chapter, name):
    weights, others, padded = (gpt.new_weights(Value, 4) for _ in range(3))
    loss = gpt.loss_of(weights, gpt.tokens_of(name), heads=2)
    [sample] = zip(*invent_names.padded([name], 9), strict=True)
    again = invent_names.padded_loss(others, *sample, heads=2)
    of_chapter = chapter.padded_loss(padded, *chapter.padded(name))
    assert [again.data, of_chapter.data] == pytest.approx([loss.data] * 2, rel=1e-12)
    for value in (loss, again, of_chapter):
        value.backward()
    for matrix, *same in zip(weights.values(), others.values(), padded.values(), strict=True):
        for copy in same:
            np.testing.assert_allclose(autograd.grad_of(copy), autograd.grad_of(matrix), rtol=1e-9, atol=1e-15)


def test_training_in_batches_learns_names_of_all_lengths_by_one_program():
    pytest.importorskip("llvmlite")
    weights = arrays(4)
    losses = [*invent_names.batched_steps(weights, ["ana", "eva", "idana"], 120, size=8, lr=0.03)]
    assert losses[0] == pytest.approx(math.log(27), abs=0.1)
    assert np.mean(losses[-10:]) < 0.5
    invented = [gpt.invented_name(invent_names.with_values(weights), seed) for seed in range(10)]
    assert sum(name in ("ana", "eva", "idana") for name in invented) >= 8


def test_no_token_sees_a_later_one(chapter):
    weights = gpt.new_weights(float, 4)
    maps = chapter.attention_maps(weights, "mariana")
    assert maps.shape == (2, 8, 8)
    np.testing.assert_allclose(maps.sum(axis=2), 1.0)
    assert not np.triu(maps, 1).any()


def test_a_temperature_sharpens_or_flattens(chapter):
    weights = gpt.new_weights(float, 4)
    cold, warm, hot = (max(chapter.probabilities_after(weights, [26], T)) for T in (0.1, 1.0, 10.0))
    assert cold > warm > hot > 1 / 27


def test_the_notebook_quotes_what_was_measured():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    [table] = [text for cell in cells if "## What a scalar engine" in (text := "".join(cell["source"]))]
    page = (NOTEBOOK.parents[1] / "docs" / "language_model.md").read_text(encoding="utf-8")
    [row] = [line for line in page.splitlines() if line.startswith("| 4,192")]
    measured = {number.strip() for number in row.split("|")}
    quoted = set(re.findall(r"\d[\d,.]*", table))
    assert quoted
    assert quoted <= measured


def test_the_command_trains_and_invents(capsys, monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setattr("sys.argv", ["invent_names", "--steps", "4", "--width", "4"])
    invent_names.main()
    printed = capsys.readouterr().out
    assert "4 steps  loss 3." in printed
    assert "of 100 are not among the 1,573 names" in printed


def test_counting_pairs_has_the_loss_of_its_counts():
    first = math.log(4.7 / 1.1)  # a begins one of two names; 27 counts begin at 0.1
    last = math.log(3.7 / 1.1)  # the name ends after the only a
    assert invent_names.loss_of_pairs(["a", "b"], ["a"]) == pytest.approx((first + last) / 2)


def test_the_loss_of_pairs_that_the_pages_state():
    known = datasets.names()
    random.Random(0).shuffle(known)
    assert invent_names.loss_of_pairs(known[150:], known[:150]) == pytest.approx(2.500, abs=5e-4)
