"""What training runs, modules, programs and Values show at a prompt and in a notebook."""

import copy
import math
import pickle
from xml.etree import ElementTree

import pytest

import autograd
from autograd import Value
from nn import MLP, History, Layer, Module, Neuron, Perceptron, summary
from nn.training.sparkline import sparkline

HOSTILE = '<img src=x onerror="alert(1)">\n&'


def cells(text):
    """The caption of a table, and the texts of its rows; fails if the HTML is not well-formed."""
    table = ElementTree.fromstring(text)
    assert {element.tag for element in table.iter()} <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    return table.findtext("caption"), [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


@pytest.mark.parametrize("epochs", [0, 1, 30_000])
def test_a_history_is_one_short_line_however_many_epochs(epochs):
    losses = [2.0**-number if number < 900 else 0.0 for number in range(epochs)]
    shown = repr(History(loss=losses, validation_loss=losses, stopped="early"))
    assert f"{epochs:,} epoch" in shown
    assert "early" in shown
    assert len(shown.splitlines()) == 1
    assert len(shown) < 200


def test_a_history_in_a_notebook_has_a_row_for_each_loss_that_was_computed():
    history = History(loss=[4.0, math.nan, 1.0], validation_loss=[3.0, 2.0, 2.5])
    assert cells(history._repr_html_()) == (
        "History of 3 epochs, finished",
        [
            ["", "first", "lowest", "last", "curve"],
            ["loss", "4", "1", "1", "█·▁"],
            ["validation loss", "3", "2", "2.5", "█▁▅"],
        ],
    )


@pytest.mark.parametrize(
    ("numbers", "curve"),
    [
        ([], ""),
        ([1.0], "▁"),
        ([2.0, 2.0], "▁▁"),
        ([0.0, -1.0, 1.0], "▅▁█"),
        ([1e-8, 1e-4, 1.0], "▁▅█"),
        ([math.inf, 1.0, math.nan], "·▁·"),
        ([math.nan], "·"),
        ([1e308, -1e308], "█▁"),
        ([5e-324, 1e308], "▁█"),
    ],
)
def test_a_curve_spans_its_finite_numbers(numbers, curve):
    assert sparkline(numbers) == curve


def test_a_long_curve_keeps_its_first_and_last_number():
    curve = sparkline([9.0, *[5.0] * 10_000, 1.0])
    assert len(curve) == 24
    assert (curve[0], curve[-1]) == ("█", "▁")


def test_a_summary_is_its_text_at_a_prompt_and_the_same_table_in_a_notebook():
    text = summary(MLP(2, [4, 1]))
    assert repr(text) == str(text)
    _, rows = cells(text._repr_html_())
    assert [" ".join(row).split() for row in rows] == [line.split() for line in text.splitlines()]
    for copied in (pickle.loads(pickle.dumps(text)), copy.deepcopy(text)):
        assert (copied, copied._repr_html_()) == (text, text._repr_html_())


def test_a_module_in_a_notebook_is_a_table_of_the_modules_inside():
    class Outer(Module):
        def __init__(self):
            self.body = MLP(2, [3, 1])
            self.head = Layer(1, 1)

    caption, rows = cells(Outer()._repr_html_())
    assert caption == "Outer"
    assert [row[0] for row in rows] == ["name", "body.layer1", "body.layer2", "head", "total"]
    assert [row[-1] for row in rows] == ["parameters", "9", "4", "2", "15"]
    assert cells(Perceptron(2)._repr_html_())[1][-1][-1] == "3"
    for own in (Layer(2, 3), Neuron(2)):  # their plain text is a line
        assert ElementTree.fromstring(own._repr_html_()).text == repr(own)


def test_a_value_in_a_notebook_shows_its_number_and_its_gradient_once_it_has_one():
    x = Value(3.0, "x")
    y = x * x
    assert cells(x._repr_html_()) == ("Value", [["label", "value"], ["'x'", "3.0"]])
    y.backward()
    assert cells(x._repr_html_()) == ("Value", [["label", "value", "gradient"], ["'x'", "3.0", "6.0"]])
    assert cells(y._repr_html_())[1] == [["operation", "value", "gradient"], ["multiply", "9.0", "1.0"]]


def test_a_compiled_function_shows_its_source_but_is_not_traced_by_being_shown():
    calls = []

    def square(x):
        calls.append(x)
        return x * x

    compiled = autograd.compile(square)
    assert compiled._repr_html_() == "<code>&lt;compiled function square with 0 programs, run by native&gt;</code>" or (
        compiled.target != "native"
    )
    assert calls == []
    compiled(2.0)
    assert compiled.source.splitlines()[0] in compiled._repr_html_()


def test_a_long_program_is_cut():
    x = Value(0.5, "x")
    y = x
    for _ in range(150):
        y = (y * x).sin()
    shown = autograd.compile(y, inputs=[x])._repr_html_()
    assert len(shown.splitlines()) <= 101
    assert "more lines" in shown or "for " in shown


def test_no_label_becomes_markup():
    module = Module()
    setattr(module, HOSTILE, MLP(2, [1]))
    x = Value(1.0, HOSTILE)
    program = autograd.compile(x * x, inputs=[x])
    for shown in (module, x, summary(module), program, History(loss=[1.0], stopped=HOSTILE)):
        assert "<img" not in shown._repr_html_()
    assert "&lt;img" in x._repr_html_()
