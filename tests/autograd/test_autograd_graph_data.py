"""Graphs as data: JSON text, from which the same graph is made again, and graphs of NetworkX."""

import json
import math
import sys

import pytest
from hypothesis import given, settings, strategies as st

import autograd
from autograd import Value, derivative, functions, graph_from_json, graph_to_json, scope, select, to_networkx
from autograd.graph import walk
from autograd.node import NOT_TAKEN, ZERO


def nodes_below(outputs):
    """The leaves, then the operations."""
    leaves, operations = walk(*(outputs if isinstance(outputs, list) else [outputs]))
    return leaves + operations


def same(made, right):
    """Whether two numbers have the same bits; all nan are equal."""
    return (math.isnan(made) and math.isnan(right)) or (
        made == right and math.copysign(1.0, made) == math.copysign(1.0, right)
    )


def assert_same_graph(made, right):
    """The same nodes, attributes and edges, in the same order."""
    ours, theirs = nodes_below(made), nodes_below(right)
    assert len(ours) == len(theirs)
    index_of, index_of_theirs = ({node: i for i, node in enumerate(nodes)} for nodes in (ours, theirs))
    for a, b in zip(ours, theirs, strict=True):
        for name in ("op", "label", "scope", "role", "has_grad"):
            assert getattr(a, name) == getattr(b, name)
        assert [index_of[operand] for operand in a.operands] == [index_of_theirs[operand] for operand in b.operands]
        numbers = zip((a.data, a.grad, *a.numbers), (b.data, b.grad, *b.numbers), strict=True)
        locals_ = list(zip(a.local_derivatives, b.local_derivatives, strict=True))
        assert all(same(*pair) for pair in [*numbers, *locals_])
        assert all((d is ZERO) == (e is ZERO) and (d is NOT_TAKEN) == (e is NOT_TAKEN) for d, e in locals_)


def all_operations():
    """A graph in which every operation occurs."""
    x, y = Value(0.5, "x", role="input"), Value(0.25, "y", role="parameter")
    results = []
    for name in functions.__all__:
        f = getattr(functions, name)
        operands = {"select": 3, "clip": 1, "leaky_relu": 1}.get(name) or _operands(f)
        numbers = {"clip": (0.0, 0.375), "leaky_relu": (0.1,)}.get(name, ())
        results.append(f(*(x, y, x)[:operands], *numbers))
    return [*results, x**3, y**-0.5]


def _operands(f):
    import inspect

    return len(inspect.signature(f).parameters)


def test_every_operation_is_read_as_it_was_written():
    outputs = all_operations()
    with scope("layer1"):
        outputs.append(sum(outputs, Value(0.0)))
    outputs[-1].backward()
    assert_same_graph(graph_from_json(graph_to_json(outputs)), outputs)
    assert {node.op for node in nodes_below(outputs)} == {"", *functions.__all__}


numbers = st.floats()
steps = st.lists(
    st.tuples(st.sampled_from(["add", "multiply", "maximum", "select", "tanh"]), st.integers(0)), max_size=12
)


@given(st.lists(numbers, min_size=1, max_size=4), steps, numbers, st.text(max_size=3))
@settings(max_examples=40, deadline=None)
def test_a_random_graph_is_read_as_it_was_written_bit_by_bit(leaves, steps, gradient, label):
    nodes = [Value(number, label) for number in leaves]
    for name, choice in steps:
        picked = [nodes[(choice // 7**place) % len(nodes)] for place in range(3)]
        count = {"select": 3, "tanh": 1}.get(name, 2)
        nodes.append(getattr(functions, name)(*picked[:count]))
    nodes[-1].backward(gradient)
    outputs = nodes[-2:]
    text = graph_to_json(outputs)
    made = graph_from_json(text)
    assert_same_graph(made, outputs)
    assert graph_to_json(made) == text


@pytest.mark.parametrize("number", [0.1, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 1e22])
def test_a_number_is_exact_in_both_directions(number):
    text = graph_to_json(Value(number))
    assert same(graph_from_json(text).data, number)
    json.loads(text, parse_constant=lambda literal: pytest.fail(f"{literal} is not JSON"))


def test_shared_nodes_stay_shared_and_the_rest_is_of_its_own():
    x = Value(2.0, "x")
    shared = x * x
    y, z = graph_from_json(graph_to_json([shared + 1.0, shared.exp()]))
    assert y.operands[0] is z.operands[0]
    assert y.operands[0].operands[0] is y.operands[0].operands[1] is not x
    first, second = graph_from_json(graph_to_json([shared, shared]))
    assert first is second
    assert len(nodes_below([shared, x, shared])) == 2
    assert graph_from_json(graph_to_json([])) == []
    assert isinstance(graph_from_json(graph_to_json([x])), list)


def test_what_is_read_computes_on():
    x = Value(2.0, "x")
    y = graph_from_json(graph_to_json((x**3).tanh() + select(x, x.sqrt(), 0.0)))
    (again,) = (leaf for leaf in autograd.leaves(y) if leaf.label == "x")
    again.data = 0.5
    assert y.forward() == math.tanh(0.125) + math.sqrt(0.5)
    y.backward()
    assert (
        again.grad == pytest.approx(derivative(y, again).data) == autograd.grad(lambda v: (v**3).tanh() + v.sqrt())(0.5)
    )


def test_a_branch_that_was_not_taken_still_sends_nothing_back():
    x = Value(-1.0, "x")
    y = graph_from_json(graph_to_json(select(x, x.sqrt(), 0.0) + x.heaviside()))
    y.backward()
    assert [leaf.grad for leaf in autograd.leaves(y) if leaf.label == "x"] == [0.0]


def test_data_that_was_assigned_is_written_as_it_is():
    x = Value(2.0)
    y = x * x
    x.data = 5.0
    made = graph_from_json(graph_to_json(y))
    assert (made.data, made.operands[0].data, made.local_derivatives) == (4.0, 5.0, (2.0, 2.0))


def test_a_graph_of_100_000_nodes_in_a_chain():
    y = x = Value(1.0, "x")
    for _ in range(100_000):
        y = -y
    made = graph_from_json(graph_to_json(y))
    made.backward()
    assert autograd.leaves(made)[0].grad == 1.0
    assert x.grad == 0.0


def test_many_outputs_of_one_graph_are_walked_once():
    y = Value(1.0)
    outputs = [y := y * 1.0 for _ in range(3000)]
    assert [v.data for v in graph_from_json(graph_to_json(outputs))] == [1.0] * 3000


def test_a_graph_that_carries_other_numbers_than_floats_is_refused():
    x = Value(2.0)
    with pytest.raises(TypeError, match=r"must carry floats, but Value.*carries Value\(2.0\)"):
        graph_to_json(autograd.value.carrying(x) * 2.0)
    with pytest.raises(TypeError, match="inside the function that is being differentiated"):
        autograd.grad(lambda v: graph_to_json(v * v))(1.0)
    with pytest.raises(TypeError, match=r"must carry floats, but .*carries|inside the function"):
        autograd.compile(lambda v: graph_to_json(v * v), target="python")(1.0)
    for wrong in (2.0, "x", None, [x, 2.0]):
        with pytest.raises(TypeError, match="graph_to_json takes a Value, or a list of Values, not "):
            graph_to_json(wrong)


def document(**changes):
    """The text of x * y, with some of its fields changed; a change to ... leaves the field out."""
    made = json.loads(graph_to_json(Value(2.0, "x") * Value(3.0, "y")))
    for name, change in changes.items():
        *path, last = name.split("__")
        inner = made
        for step in path:
            inner = inner[int(step[1:]) if step[1:].isdigit() else step]
        if change is ...:
            del inner[last]
        else:
            inner[last] = change
    return json.dumps(made)


BAD = {
    "no JSON": ("{", "the text must be JSON: "),
    "nothing": ("", "the text must be JSON: "),
    "not all JSON": (document() + "]", "the text must be JSON: "),
    "a literal nan": (document().replace("6.0", "NaN"), "must not contain NaN, which is not JSON"),
    "a literal inf": (document().replace("6.0", "-Infinity"), "must not contain -Infinity"),
    "a number that overflows": (document().replace("6.0", "1e999"), r"nodes\[2\].data must be a number, .* not inf"),
    "an integer that overflows": (document(nodes___2__data=10**399), r"nodes\[2\].data must be a number.*\.\.\.$"),
    "an integer of many digits": (document().replace("6.0", "1" * 5000), "must not contain an integer of 5000 digits"),
    "a key twice": (document().replace('"role"', '"data": 1.0, "role"'), "must not have the key 'data' twice"),
    "nested deeply": ("[" * 200_000, "must not be nested as deeply"),
    "a list": ("[]", r"the text must be a JSON object, not \[\]"),
    "no version": (document(version=...), "the text must have the field 'version'"),
    "no format": (document(format=...), "the text must have the field 'format'"),
    "another format": (document(format="onnx"), "format must be 'scalar-autograd graph', not 'onnx'"),
    "a later version": (document(version=2), "version must be 1, the one that this release reads, not 2"),
    "a version that is true": (document(version=True), "version must be 1, .* not True"),
    "an unknown field": (document(colour="red"), "the text has a field 'colour', which is not one of a graph"),
    "nodes in a dict": (document(nodes={}), r"nodes must be a list, not \{\}"),
    "a node of a number": (document(nodes=[3]), r"nodes\[0\] must be a JSON object, not 3"),
    "a leaf without data": (document(nodes___0__data=...), r"nodes\[0\] must have the field 'data'"),
    "a leaf without role": (document(nodes___0__role=...), r"nodes\[0\] must have the field 'role'"),
    "an unknown role": (document(nodes___0__role="weight"), r"nodes\[0\].role must be one of plain, .*not 'weight'"),
    "a role in a list": (document(nodes___0__role=[]), r"nodes\[0\].role must be one of plain, "),
    "a leaf of operands": (document(nodes___0__operands=[]), r"nodes\[0\] has a field 'operands'"),
    "data of a string": (document(nodes___0__data="2"), r"nodes\[0\].data must be a number.*not '2'"),
    "data that is true": (document(nodes___0__data=True), r"nodes\[0\].data must be a number.*not True"),
    "a gradient of null": (document(nodes___0__grad=None), r"nodes\[0\].grad must be a number.*not None"),
    "a label of a number": (document(nodes___0__label=3), r"nodes\[0\].label must be a string, not 3"),
    "a scope of null": (document(nodes___0__scope=None), r"nodes\[0\].scope must be a string, not None"),
    "an unknown operation": (
        document(nodes___2__op="arsinh"), r"nodes\[2\].op must be an operation that is defined here, not 'arsinh'"
    ),
    "a private function": (document(nodes___2__op="_dispatch"), "defined here, not '_dispatch'"),
    "an operation of a number": (document(nodes___2__op=3), r"nodes\[2\].op must be a string, not 3"),
    "an operation without operands": (document(nodes___2__operands=...), r"nodes\[2\] must have the field 'operands'"),
    "one operand": (
        document(nodes___2__operands=[0]),
        r"nodes\[2\], multiply, must have 2 operands and 0 numbers, not 1 operands",
    ),
    "three operands": (document(nodes___2__operands=[0, 1, 1]), r"must have 2 operands and 0 numbers, not 3 operands"),
    "a number too many": (document(nodes___2__numbers=[1.0]), r"not 2 operands and 1 numbers"),
    "a power of both": (
        document(nodes___2__op="power", nodes___2__numbers=[1.0]), "2 operands and 0 numbers or 1 operands and 1"
    ),
    "a clip upside down": (
        document(nodes=[{"data": 1.0, "role": "plain"}, {
            "op": "clip", "operands": [0], "numbers": [2.0, 1.0], "data": 1.0, "local_derivatives": [1.0]}], outputs=1),
        r"nodes\[1\].numbers must satisfy low ≤ high, not \(2.0, 1.0\)",
    ),
    "numbers of strings": (document(nodes___2__numbers=["x"]), r"nodes\[2\].numbers\[0\] must be a number"),
    "a cycle of one": (document(nodes___2__operands=[0, 2]), r"nodes\[2\].operands\[1\] .* earlier node, not 2"),
    "a later node": (document(nodes___2__operands=[9, 1]), r"nodes\[2\].operands\[0\] .*not 9: a graph has no cycles"),
    "a negative index": (document(nodes___2__operands=[-1, 1]), r"operands\[0\] .* index of one of 2 .*not -1"),
    "an index of a half": (document(nodes___2__operands=[0.5, 1]), r"operands\[0\] must be the index .*not 0.5"),
    "an index that is true": (document(nodes___2__operands=[True, 1]), r"operands\[0\] must be the index .*not True"),
    "operands that are no list": (document(nodes___2__operands=0), r"nodes\[2\].operands must be a list, not 0"),
    "one local derivative": (
        document(nodes___2__local_derivatives=[1.0]), r"local_derivatives must be 2, one for each operand, not 1"
    ),
    "a local derivative of a string": (
        document(nodes___2__local_derivatives=["a", 1.0]), r"nodes\[2\].local_derivatives\[0\] must be a number"
    ),
    "an output out of range": (document(outputs=3), "outputs must be the index of one of 3 nodes, .*not 3"),
    "a negative output": (document(outputs=[0, -1]), "outputs must be the index of one of 3 nodes, .*not -1"),
    "an output of null": (document(outputs=None), "outputs must be the index .*not None"),
    "no nodes": (document(nodes=[]), "outputs must be the index of one of 0 nodes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_text_is_one_error_that_says_what_and_where(name):
    text, message = BAD[name]
    with pytest.raises(ValueError, match=message) as caught:
        graph_from_json(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("wrong", [b"{}", None, {"version": 1}, 3])
def test_what_is_not_text_is_refused(wrong):
    with pytest.raises(TypeError, match="graph_from_json takes JSON text, a string, not "):
        graph_from_json(wrong)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.floats() | st.sampled_from(["", "x", "add", "nan", "select"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["op", "data", "role"]), inner),
    max_leaves=4,
)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4), anything)
@settings(max_examples=150, deadline=None)
def test_a_text_with_one_part_replaced_is_a_graph_or_a_valueerror(path, replacement):
    document = json.loads(graph_to_json([select(x := Value(0.5), x**2.0, x.clip(0.0, 1.0)), x.tanh()]))
    inner = document
    for step in path[:-1]:
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        following = inner[keys[step % len(keys)]]
        if not isinstance(following, (dict, list)) or not following:
            break
        inner = following
    keys = list(inner) if isinstance(inner, dict) else range(len(inner))
    inner[keys[path[-1] % len(keys)]] = replacement
    try:
        made = graph_from_json(json.dumps(document))
    except ValueError:
        return
    for root in made if isinstance(made, list) else [made]:
        root.backward()
        root.forward()


def test_bad_text_makes_no_node():
    """The leaves before the fault would otherwise count as made by a function that is differentiated."""
    bad, good = document(nodes___2__operands=[0, 7]), document()

    def attempt():
        with pytest.raises(ValueError, match="not 7"):
            graph_from_json(bad)

    assert autograd.contexts.leaves_made_by(attempt)[1] == []
    assert len(autograd.contexts.leaves_made_by(lambda: graph_from_json(good))[1]) == 2


# NetworkX


def test_a_networkx_graph_has_the_nodes_the_edges_and_their_attributes():
    pytest.importorskip("networkx")
    with scope("layer1"):
        x = Value(2.0, "x", role="input")
        y = x + x
        z = y.clip(-1.0, 3.0)
    z.backward()
    graph = to_networkx(z)
    assert list(graph) == [0, 1, 2]
    assert graph.graph["outputs"] == [2]
    for index, node in enumerate((x, y, z)):
        attributes = graph.nodes[index]
        assert attributes["value"] is node
        for name in ("data", "grad", "op", "label", "role", "scope", "numbers"):
            assert attributes[name] == getattr(node, name)
    assert list(graph.edges(keys=True, data=True)) == [
        (0, 1, 0, {"operand": 0, "local_derivative": 1.0}),
        (0, 1, 1, {"operand": 1, "local_derivative": 1.0}),
        (1, 2, 0, {"operand": 0, "local_derivative": 0.0}),
    ]


def test_networkx_finds_what_the_engine_does():
    networkx = pytest.importorskip("networkx")
    outputs = all_operations()
    graph = to_networkx(outputs)
    assert list(graph) == list(range(len(nodes_below(outputs))))
    assert all(tail < head for tail, head, _ in graph.edges)
    assert networkx.is_directed_acyclic_graph(graph)
    assert graph.number_of_edges() == sum(len(node.operands) for node in nodes_below(outputs))
    assert [graph.nodes[index]["value"] for index in graph.graph["outputs"]] == outputs


def test_the_sum_over_paths_in_networkx_is_the_gradient():
    networkx = pytest.importorskip("networkx")
    x = Value(0.5, "x")
    y = (x * x + x).tanh() * x
    graph = to_networkx(y)
    total = 0.0
    (source,) = (index for index, label in graph.nodes(data="label") if label == "x")
    for path in networkx.all_simple_edge_paths(graph, source, graph.graph["outputs"][0]):
        total += math.prod(graph.edges[edge]["local_derivative"] for edge in path)
    y.backward()
    assert total == pytest.approx(x.grad, rel=1e-14)


def test_without_networkx_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(ImportError, match=r"^to_networkx needs networkx: pip install 'scalar-autograd\[networkx\]'$"):
        to_networkx(Value(1.0))


@pytest.mark.parametrize("wrong", [2.0, "x", None, [2.0]])
def test_only_values_have_a_networkx_graph(wrong):
    pytest.importorskip("networkx")
    with pytest.raises(TypeError, match="to_networkx takes a Value, or a list of Values, not "):
        to_networkx(wrong)


@autograd.operation
def weighted(*xs, power=2.0):
    return sum(x**power for x in xs)


@autograd.operation
def positive(x):
    return select(x, x, 0.0)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_operations_of_ones_own_are_read_as_they_were_written(count):
    xs = [Value(float(index + 1), f"x{index}") for index in range(count)]
    with scope("layer1"):
        inner = weighted(*xs, power=3.0)
    outputs = [positive(-xs[0]) + inner * xs[-1], weighted(inner, xs[0])]
    outputs[0].backward()
    made = graph_from_json(graph_to_json(outputs))
    assert_same_graph(made, outputs)
    assert [node.op for node in nodes_below(made)] == [node.op for node in nodes_below(outputs)]
    for output in (made[0], outputs[0]):
        output.zero_grad()
        output.backward()
    assert_same_graph(made, outputs)
    assert made[0].forward() == outputs[0].forward()
    assert to_networkx(outputs).number_of_nodes() == len(nodes_below(outputs))


def test_an_operation_that_is_not_defined_here_is_named():
    text = graph_to_json(weighted(Value(1.0), Value(2.0)))
    with pytest.raises(
        ValueError, match=r"nodes\[2\].op must be an operation that is defined here, not 'weighted' of the m"
    ):
        graph_from_json(text.replace('"module": "', '"module": "other_'))
    with pytest.raises(
        ValueError, match=r"nodes\[2\], weighted, must match <operation .*, not 2 operands and 0 numbers"
    ):
        graph_from_json(text.replace('"numbers": [2.0], ', ""))
