"""Labels, scopes, names and titles are data: wherever they are shown, they are whole and change nothing around them.

Pictures, pages and programs have such laws in `tests/viz` and `tests/compiler/test_compiler_names.py`.
"""

import io
import re
import warnings
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image
from support.pages import Elements
from support.texts import texts

import autograd
import nn
import viz
from autograd import Value
from autograd.notation.characters import visible
from autograd.notation.latex import latex_label
from viz.labels import printable


def graph(label, scope):
    with autograd.scope(scope):
        output = (Value(0.0, label) * Value(2.0, label, role="parameter")).tanh()
    output.label = label
    return output


# Formulas

SYMBOL = re.compile(
    r"(\\mathrm\{[A-Za-z]+\}|\\[A-Za-z]+|[A-Za-zΑ-ω])(_\{\w+\}|_\{\\mathrm\{\w+\}\})?(\^\{\\mathrm\{[\w.]+\}\})?"
)
ESCAPED = re.compile(r"\\text\{([^\\{}$%&#_^~<>]*)\}|\\(backslash)|\{\\(wedge|sim)\}|\{([<>])\}|\\([{}$%&#_])")
NAMED = {"backslash": "\\", "wedge": "^", "sim": "~"}


def shown(latex):
    """The text that escaped text in LaTeX shows; an error if it contains any other command."""
    position, found = 0, []
    while position < len(latex):
        token = ESCAPED.match(latex, position)
        assert token, latex[position:]
        position = token.end()
        text = next(group for group in token.groups() if group is not None)
        found.append(text if token[1] is not None else NAMED.get(text, text))
    return "".join(found)


@given(texts)
@settings(deadline=None, max_examples=200)
def test_a_label_in_latex_is_a_symbol_or_shows_its_characters(label):
    latex = latex_label(label)
    if not SYMBOL.fullmatch(latex) or latex in (r"\backslash", r"\text"):
        assert shown(latex) == "".join(visible(" " if character.isspace() else character) for character in label)


# Texts of one line


ONE_LINE = {
    "repr": lambda y: repr(y),
    "a value that is not finite": lambda y: finite_error(y / 0.0),
    "a derivative that is not finite": lambda y: finite_error(y.sqrt()),
    "an operand": lambda y: error_of(lambda: y + object()),
}


def error_of(call):
    with pytest.raises((TypeError, ArithmeticError)) as caught:
        call()
    return str(caught.value)


def finite_error(y):
    y.label = y.operands[0].label
    return error_of(y.check_finite)


@pytest.mark.parametrize("text", ONE_LINE)
@given(texts, texts)
@settings(deadline=None, max_examples=40)
def test_a_message_about_a_node_is_one_line(text, label, scope):
    message = ONE_LINE[text](graph(label, scope))
    assert len(message.splitlines()) == 1
    assert message.isprintable()


TABLES = {
    "steps": viz.steps_table,
    "code": viz.code,
    "program": lambda y: autograd.compile(y, autograd.leaves(y)).source,
    "javascript": lambda y: autograd.compile(y, autograd.leaves(y)).javascript,
    "latex": lambda y: viz.latex(y, numbers=True),
    "dot": lambda y: viz.draw(y).source,
}


@cache
def lines_of_plain(name):
    return len(TABLES[name](graph("plain", "module")).splitlines())


@pytest.mark.parametrize("name", TABLES)
@given(texts, texts)
@settings(deadline=None, max_examples=40)
def test_no_label_adds_a_line_or_takes_one_away(name, label, scope):
    text = str(TABLES[name](graph(label or "x", scope.replace(".", ",") or "x")))
    assert len(text.splitlines()) == len(text.removesuffix("\n").split("\n")) == lines_of_plain(name)


# Pages


@given(texts, texts, texts)
@settings(deadline=None, max_examples=25)
def test_a_page_has_the_label_as_data_and_the_title_as_text(label, scope, title):
    page = Elements(viz.explore(graph(label, scope), title=title or "x").html)
    if label:
        assert printable(label.replace("\n", " ")) in [node["name"] for node in page.data["nodes"]]
    assert [text for _, text in page.of("h1")] == ["".join(map(visible, title or "x"))]


# Plots


PLOTS = {
    "function": lambda text, other: viz.plot_function(lambda x: x, points=3, name=text),
    "surface": lambda text, other: viz.plot_decision_surface(
        nn.MLP(2, [1]), [[0.0, 1.0], [1.0, 0.0]], [0, 1], labels=(text, other), resolution=2
    ),
}


@pytest.mark.parametrize("plot", PLOTS)
@given(texts, texts)
@settings(deadline=None, max_examples=3)
def test_a_plot_shows_any_name(plot, text, other):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about characters that the font lacks, and labels without room
        figure = PLOTS[plot](text[:200], other[:200])
        for format in ("png", "svg"):
            stream = io.BytesIO()
            figure.savefig(stream, format=format, dpi=20)
    assert ElementTree.fromstring(stream.getvalue()).tag.endswith("svg")


@given(texts, texts)
@settings(deadline=None, max_examples=10)
def test_a_drawing_is_a_whole_png(label, scope):
    with Image.open(io.BytesIO(viz.draw(graph(label, scope)).render("png"))) as picture:
        assert picture.format == "PNG"
        picture.load()


# Models


class Named(nn.Module):
    """A model whose parts have any names."""

    def __init__(self, names):
        self.parts = {name: nn.Neuron(1, seed=number) for number, name in enumerate(names)}

    def forward(self, inputs):
        return sum(part(inputs) for part in self.parts.values())


@given(st.lists(texts, min_size=1, max_size=3, unique=True))
@settings(deadline=None, max_examples=30)
def test_a_model_whose_parts_have_any_names_is_shown_and_trained_or_refused(names):
    model = Named(names)
    try:
        count = len(model.parameters())
    except nn.ParameterError as refused:
        message = str(refused)
    else:
        message = ""
    assert message.isprintable()
    if message:
        return
    assert count == 2 * len(names)
    assert len(nn.summary(model).splitlines()) == 2 + len(names)
    X, y = np.array([[0.0], [1.0]]), np.array([0.0, 1.0])
    model.fit(X, y, epochs=1, progress=False)
    assert viz.draw(model([1.0])).render("svg").startswith(b"<?xml")
