"""Nothing in a label can become code, in Python or in JavaScript; a label that can be a name becomes one."""

import ast
import keyword
import math

import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import all_bits, javascript
from support.texts import texts

import autograd
from autograd import Value, functions
from autograd.compiler.source.javascript import RESERVED

HOSTILE = [
    "x=1;import os",
    "x): import os #",
    "x\nimport os\n",
    "x\r\nraise SystemExit",
    "a\u2028b",
    "*/ x /*",
    "// x",
    "# x",
    "'''",
    '"',
    "\\",
    "${x}",
    "x\x00y",
    "lambda: 0",
    "__import__",
    "__proto__",
    "constructor",
    "{name}",
    "{value}",
    "%s",
    "",
    " ",
    "1st",
    "w[0]",
    "a.b",
    "σ",
    "x₁",
    "π²",
    "ﬁ",
    "𝐱",
    "x\u200d",
    "x" * 500,
    "program",
    "t1",
    "t2",
    "t10",
    "inf",
    "nan",
    "float",
    "e",
    "x",
    "n",
    "Infinity",
    "Object",
    "Number",
    "async",
    "of",
    "print",
    "select",
    "divide",
    "power",
    *functions.__all__,
    *keyword.kwlist,
    *keyword.softkwlist,
    *[
        "Infinity",
        "Math",
        "NaN",
        "arguments",
        "case",
        "catch",
        "const",
        "debugger",
        "default",
        "delete",
        "do",
        "enum",
        "eval",
        "export",
        "extends",
        "function",
        "implements",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "typeof",
        "undefined",
        "var",
        "void",
    ],
]


def graph(labels):
    """A graph in which every kind of node is labelled, with constants that are not plain numbers."""
    x, w, c, extra = (Value(0.5, label) for label in labels[:4])
    c = Value(math.inf, labels[2], role="constant")
    inner = (w * x).sigmoid() + extra.exp() ** 2.5
    inner.label = labels[4 % len(labels)]
    return inner.select(inner, c) * 2.0 + x.softplus() / extra, [x, extra], [w, inner, x]


def parts(source):
    """The functions that a source calls, and everything that is not a call, a name or a number."""
    tree = ast.parse(source)
    [function] = tree.body
    assert isinstance(function, ast.FunctionDef)
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call)}
    known = (ast.Assign, ast.Return, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.List, ast.arguments)
    strange = [
        type(node).__name__
        for node in ast.walk(function)
        if not isinstance(node, (*known, ast.FunctionDef, ast.arg, ast.expr_context, ast.operator, ast.unaryop))
    ]
    return calls, strange


def check(labels):
    output, inputs, wrt = graph(labels)
    program = autograd.compile(output, inputs, wrt, target="python")
    calls, strange = parts(program.source)
    assert calls <= {*functions.__all__, "float"}
    assert strange == []
    assert len(set(program.traced.names)) == len(program.traced.names) == 3
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in program.traced.names)
    assert not {*program.traced.names, *program.traced.labels.values()} & RESERVED
    plain = autograd.compile(*graph([""] * 5), target="python")
    assert len(program.source.splitlines()) == len(plain.source.splitlines())
    namespace = {}
    exec("from autograd.functions import *\n" + program.source, namespace)
    for point in [(0.3, 0.7), (-1.0, -2.0)]:
        expected = plain.value_and_grad(*point)
        [value], gradients = namespace["program"](*point, 0.5)
        assert all_bits((value, gradients)) == all_bits(expected) == all_bits(program.value_and_grad(*point))
        [[value, gradients]] = javascript(program, (*point, 0.5))
        assert [value, *gradients] == pytest.approx([expected[0], *expected[1]], rel=1e-13)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_does_not_become_code(label):
    check([label, "w", "c", "extra", "h"])
    check(["x", label, label, label, label])


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), texts), min_size=5, max_size=5))
@settings(deadline=None, max_examples=40)
def test_random_labels_do_not_become_code(labels):
    check(labels)


def test_labels_that_are_identifiers_are_the_names():
    output, inputs, wrt = graph(["speed", "w1", "c", "β", "hidden"])
    program = autograd.compile(output, inputs, wrt, target="python")
    assert program.traced.names == ("speed", "β", "w1")
    assert list(program.traced.labels.values()) == ["hidden"]
    assert program.source.startswith("def program(speed, β, w1):\n")


def test_nodes_with_equal_labels_have_different_names():
    with autograd.scope("layer1"):
        a = Value(1.0, "w")
    with autograd.scope("layer2"):
        b = Value(2.0, "w")
    assert autograd.compile(a - b, [a, b]).traced.names == ("layer1_w", "layer2_w")
    source = autograd.compile(lambda w: w * a * b, target="python").source
    assert len({*source.partition("(")[2].partition(")")[0].split(", ")}) == 3


def test_hostile_scopes_do_not_become_code():
    with autograd.scope("x; import os\n"):
        a = Value(1.0, "w")
    with autograd.scope("}"):
        b = Value(2.0, "w")
    calls, strange = parts(autograd.compile(a - b.exp(), [a, b]).source)
    assert (calls, strange) == ({"exp"}, [])
