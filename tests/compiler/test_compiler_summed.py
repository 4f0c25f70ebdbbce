"""A graph that holds its samples runs as samples: addends that differ only in leaves outside wrt are one routine."""

import math

import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import EXACT, SMOOTH, all_bits, javascript, ordinary_numbers, run, steps

import autograd
from autograd import Value
from autograd.compiler.reroll.repeats import FEWEST
from autograd.compiler.summed_program import SummedProgram

TARGETS = ["numpy", "native"]


def parameter(number, label=""):
    return Value(number, label, role="parameter")


def constant(number):
    return Value(number, role="constant")


def total(addends):
    first, *others = addends
    return sum(others, first)


def slopes(output, wrt):
    """The derivatives with respect to the nodes, after clearing all gradients."""
    output.zero_grad()
    for node in wrt:
        node.zero_grad()
    output.backward()
    return [node.grad for node in wrt]


def assert_as_eager(program, output, wrt, rel=1e-12):
    """Asserts that program and graph agree, relative to the size of value and gradient, including inf and nan."""
    value, gradients = program.value_and_grad()
    assert value == pytest.approx(output.data, rel=rel, abs=rel, nan_ok=True)
    assert program() == pytest.approx(output.data, rel=rel, abs=rel, nan_ok=True)
    assert gradients == pytest.approx(slopes(output, wrt), rel=rel, abs=rel, nan_ok=True)


def sizes(program):
    """The number of samples that each routine of samples runs on."""
    return [samples.size for samples in program.summation.sums] if isinstance(program, SummedProgram) else []


def points(count):
    return [(Value(math.sin(3.0 * n)), math.cos(5.0 * n)) for n in range(count)]


def squares(w, b, count=20):
    """The squared errors of a line."""
    return [(w * x + b - y) ** 2 for x, y in points(count)]


def random_addends(graph, rows, operations, w, v, live):
    """The same operations on parameters, a leaf that all addends share, and a leaf and a constant for each."""
    return [run(operations, graph, [w, v, Value(x), live, constant(c)]) for x, c in rows]


def rows_of(numbers):
    return st.lists(st.tuples(numbers, numbers), min_size=FEWEST, max_size=21)


@pytest.mark.parametrize("target", TARGETS)
@given(steps(SMOOTH), rows_of(ordinary_numbers), st.lists(ordinary_numbers, min_size=3, max_size=3))
@settings(deadline=None, max_examples=30)
def test_any_graph_over_samples_agrees_with_eager_execution(target, graph, rows, leaves):
    w, v, live = parameter(leaves[0]), parameter(leaves[1]), Value(leaves[2])
    addends = random_addends(graph, rows, SMOOTH, w, v, live)
    output = total(addends) * (1.0 / len(addends)) + 0.1 * (w * w + v * v)
    wrt = [w, v, live]
    program = autograd.compile(output, wrt=wrt, target=target)
    assert sizes(program) == [len(rows)]
    value, gradients = program.value_and_grad()
    expected = slopes(output, wrt)
    contributions = [slopes(addend, wrt) for addend in addends]
    assert abs(value - output.data) <= 1e-12 * (1.0 + math.fsum(abs(addend.data) for addend in addends))
    for got, slope, *terms in zip(gradients, expected, *contributions, strict=True):
        assert abs(got - slope) <= 1e-12 * (1.0 + math.fsum(map(abs, terms)))


@pytest.mark.parametrize("target", TARGETS)
@given(
    steps(EXACT, most=4),
    rows_of(st.sampled_from([0.0, -0.0, 1.0, -2.5, math.inf, -math.inf, math.nan])),
    st.sampled_from([1.0, -2.0, 0.0, math.inf]),
)
@settings(deadline=None, max_examples=30)
def test_inf_and_nan_come_out_as_in_eager_execution(target, graph, rows, number):
    w, v, live = parameter(number), parameter(2.0), Value(-1.5)
    output = total(random_addends(graph, rows, EXACT, w, v, live)) / len(rows) + 0.1 * w * v
    assert_as_eager(autograd.compile(output, wrt=[w, v], target=target), output, [w, v])


@given(steps(SMOOTH), steps(SMOOTH), st.lists(st.booleans(), min_size=1, max_size=30), rows_of(ordinary_numbers))
@settings(deadline=None, max_examples=30)
def test_a_mixture_of_structures_agrees_with_eager_execution(first, second, choices, rows):
    w, v, live = parameter(0.5), parameter(-1.25), Value(0.75)
    chosen = [first if choices[place % len(choices)] else second for place in range(len(rows))]
    addends = [
        run(SMOOTH, graph, [w, v, Value(x), live, constant(c)]) for graph, (x, c) in zip(chosen, rows, strict=True)
    ]
    output = total(addends).tanh() * w
    wrt = [v, w, live]
    assert_as_eager(autograd.compile(output, wrt=wrt, target="numpy"), output, wrt, rel=1e-11)


@given(steps(SMOOTH), rows_of(ordinary_numbers))
@settings(deadline=None, max_examples=20)
def test_the_python_target_keeps_the_order_of_the_graph_and_so_its_bits(graph, rows):
    w, v, live = parameter(0.5), parameter(-1.25), Value(0.75)
    output = total(random_addends(graph, rows, SMOOTH, w, v, live)) / len(rows)
    program = autograd.compile(output, wrt=[w, v], target="python")
    assert sizes(program) == []
    assert all_bits(program.value_and_grad()) == all_bits((output.data, slopes(output, [w, v])))


w, b, spare = parameter(0.75, "w"), parameter(-0.25, "b"), parameter(2.0, "spare")
squared = w * w  # shared by all who use it
same = (w * 3.0 - b) ** 2


def balanced(addends):
    while len(addends) > 1:
        pairs = [a + c for a, c in zip(addends[::2], addends[1::2], strict=False)]
        addends = pairs + addends[len(pairs) * 2 :]
    return addends[0]


def running(addends):
    output = Value(0.0)
    for addend in addends:
        output = output + addend
    return output


def classes():
    scores = [((w * x).tanh(), (b * x + y).sigmoid(), w - b * x) for x, y in points(30)]
    return total([scores[n][n % 3] for n in range(30)])


def outputs_in_a_row():
    hidden = [((w * x + y).tanh(), y) for x, y in points(24)]
    return total([error for h, y in hidden for error in ((b * h - y) ** 2, (w * h + y) ** 2)])


def outputs_that_some_lack():
    hidden = [((w * x + y).tanh(), y) for x, y in points(20)]
    return total([(b * h - y) ** 2 for h, y in hidden] + [(w * h).exp() for h, _ in hidden[:9]])


FOLDED = {  # the graph, and how many addends are run as samples in each routine
    "a sum": (total(squares(w, b)), [20]),
    "scaled by a product": (total(squares(w, b)) * (1.0 / 20.0), [20]),
    "scaled by a quotient, with a penalty": (0.1 * (w * w + b * b) + total(squares(w, b)) / 20.0, [20]),
    "the penalty inside the sum": (running([*squares(w, b), w * w, b * b]), [20]),
    "a chain from 0": (running(squares(w, b)), [20]),
    "in pairs": (balanced(squares(w, b, 64)), [8]),
    "scaled each": (total([0.05 * square for square in squares(w, b)]), [20]),
    "the least that is run as samples": (total(squares(w, b, FEWEST)), [FEWEST]),
    "a root of a mean": ((total(squares(w, b)) / 20.0).sqrt() * w, [20]),
    "two sums": (total(squares(w, b)) * total([(b * x).tanh() * y for x, y in points(9)]), [20, 9]),
    "sums of sums": (total([total(squares(w, b, 10)) / 10.0 for _ in range(3)]) / 3.0, [10, 10, 10]),
    "the addends are sums": (total([w * x + b for x, _ in points(20)]), [20]),
    "addends of two kinds, as many": (
        running([part for x, y in points(20) for part in (w * x, (b * y).exp())]),
        [20, 20],
    ),
    "addends of one node with others": (running([part for x, y in points(20) for part in ((w * x).sin(), b)]), [20]),
    "a kind for each class": (classes(), [10, 10, 10]),
    "kinds of different numbers": (running([*squares(w, b, 11), *((w * x).exp() for x, _ in points(9))]), [11, 9]),
    "several outputs of one network": (outputs_in_a_row(), [24]),
    "a shared expression": (total([(squared * x + b) ** 2 for x, _ in points(20)]) + squared, [20]),
    "a leaf used twice": (total([x * w * x + x for x, _ in points(20)]), [20]),
    "some addends are not samples": (running([*squares(w, b), spare, w, w, b * 3.0 - w]), [20]),
    "only a gate sees it": (total(squares(w, b)).select(w, b), [20]),
    "one number": (total([w * constant(2.0) + b for _ in range(20)]), [20]),
    "nothing but leaves and constants": (total([x * y for x, y in points(20)]) * w, [20]),
    "different constants": (total([(w - n / 7.0).tanh() for n in range(20)]), [20]),
    "zeros of either sign": (total([1.0 / (w * z) for z in (0.0, -0.0) * 10]), [20]),
    "a gate alone sees it, with slopes of inf": (total([(w * x * 0.0).sqrt() for x, _ in points(9)]).select(w, b), [9]),
    "some share otherwise": (total([w * x * (x if n < 3 else y) for n, (x, y) in enumerate(points(20))]), [17]),
    "outputs that some lack": (outputs_that_some_lack(), [9, 20]),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", FOLDED)
def test_sums_whose_addends_are_alike_are_found_however_they_are_written(name, target):
    output, expected = FOLDED[name]
    wrt = [b, w, spare]
    program = autograd.compile(output, wrt=wrt, target=target)
    assert sorted(sizes(program)) == sorted(expected)
    assert_as_eager(program, output, wrt)


def own_parameters():
    return total([parameter(n / 9.0) ** 2 for n in range(20)])


def differences():
    output = w
    for square in squares(w, b):
        output = output - square
    return output


def doubled():
    output = total(squares(w, b, 3))
    for _ in range(100):
        output = (output + output) * 0.5 + (output + output) * 0.0
        output = output + output
    return output * 2.0**-100


def trajectory():
    """Each addend has little of its own compared with what it shares with all others."""
    state = w
    for _ in range(200):
        state = (state * 1.01).sin()
    return total([state * x for x, _ in points(20)])


PLAIN = {
    "one addend": total(squares(w, b, 1)),
    "two equal addends": total(squares(w, b, 1) * 2),
    "too few": total(squares(w, b, FEWEST - 1)),
    "subtracted": differences(),
    "added and subtracted": running([s if n % 3 else -s for n, s in enumerate(squares(w, b, 10))]),
    "parameters of their own": own_parameters(),
    "exponents of their own": total([(w * x) ** n for n, (x, _) in enumerate(points(20))]),
    "exponents whose hashes are one": total([(w + x * x + 1.0) ** -(1 + n % 2) for n, (x, _) in enumerate(points(12))]),
    "bounds of zeros": total(
        [1.0 / (w * x).clip(z, 0.0) for z, (x, _) in zip((0.0, -0.0) * 6, points(12), strict=True)]
    ),
    "numbers used twice or once": total(
        [w * x * (x if n % 2 else Value(y)) * y for n, (x, y) in enumerate(points(14))]
    ),
    "which number is used twice": total(
        [w * x * z * (x if n % 2 else z) for n, (x, z) in enumerate((x, Value(y)) for x, y in points(14))]
    ),
    "most of each is shared": trajectory(),
    "one node many times": total([same] * 20),
    "a sum added to itself, over and over": doubled(),
    "a leaf": w,
    "a constant": constant(2.0) * 3.0,
}


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_not_alike_is_a_plain_program(name):
    output = PLAIN[name]
    wrt = [leaf for leaf in autograd.leaves(output) if leaf.role == "parameter"]
    program = autograd.compile(output, wrt=wrt, target="numpy")
    assert sizes(program) == []
    assert_as_eager(program, output, wrt)


@pytest.mark.parametrize("target", TARGETS)
def test_wrt_may_be_any_node_of_the_graph(target):
    shift = (w * 2.0).tanh() * b
    inner = shift.exp()
    errors = [(inner * x + shift * y) ** 2 for x, y in points(20)]
    mean = total(errors) / 20.0
    output = mean.log() + shift
    for wrt in ([shift], [inner, w], [mean, shift, inner, b], [output, w, w], [mean.operands[0]], []):
        program = autograd.compile(output, wrt=wrt, target=target)
        assert sizes(program) == [20]
        assert_as_eager(program, output, wrt)


@pytest.mark.parametrize("target", TARGETS)
def test_an_addend_that_wrt_reaches_into_differs_from_the_others(target):
    data = points(20)
    errors = [(w * x + b - y) ** 2 for x, y in data]
    output = total(errors)
    partial_sum = output.operands[0].operands[0]
    reached = {  # a node of the graph in wrt, and how many addends are still alike
        data[3][0]: [19],
        errors[0]: [19],
        errors[5].operands[0]: [19],
        partial_sum: [18],
    }
    for node, expected in reached.items():
        program = autograd.compile(output, wrt=[w, node], target=target)
        assert sizes(program) == expected
        assert_as_eager(program, output, [w, node])
    every_x = [x for x, _ in data]
    program = autograd.compile(output, wrt=every_x, target=target)
    assert sizes(program) == []
    assert_as_eager(program, output, every_x)


@pytest.mark.parametrize("target", TARGETS)
def test_leaves_are_read_at_each_call_and_constants_are_not(target):
    weight, live, data = parameter(0.5), Value(2.0), points(20)
    targets = [constant(float(n)) for n in range(20)]
    output = total([(weight * x * live - t) ** 2 for (x, _), t in zip(data, targets, strict=True)]) * live
    program = autograd.compile(output, wrt=[weight], target=target)
    assert sizes(program) == [20]
    weight.data, live.data, data[7][0].data, data[19][0].data = -0.75, 1.5, 3.0, math.pi
    output.forward()
    assert_as_eager(program, output, [weight])
    before = program()
    targets[3].data = 1e9
    assert program() == before


def test_compiling_does_not_change_the_graph():
    output = total(squares(w, b))
    output.backward()
    nodes = autograd.topological_order(output)
    before = [(node.data, node.grad, node.operands, node.label) for node in nodes]
    autograd.compile(output, wrt=[w, b], target="numpy").value_and_grad()
    assert [(node.data, node.grad, node.operands, node.label) for node in nodes] == before


def test_graphs_of_any_depth_are_split():
    def deep(x):
        for _ in range(3000):
            x = x.sin() + w
        return x

    output = total([deep(x) for x, _ in points(FEWEST)])
    program = autograd.compile(output, wrt=[w], target="numpy")
    assert sizes(program) == [FEWEST]
    assert_as_eager(program, output, [w])
    for addends, expected in ([w * x for x, _ in points(20_000)], [20_000]), ([w] * 20_000, []):
        output = running(addends)
        program = autograd.compile(output, wrt=[w], target="numpy")
        assert sizes(program) == expected
        value, gradients = program.value_and_grad()
        assert [value, *gradients] == pytest.approx([output.data, *slopes(output, [w])], rel=1e-10)


def test_a_network_shared_by_outputs_is_computed_once():
    program = autograd.compile(outputs_in_a_row(), wrt=[w, b], target="numpy")
    assert program.stats()["operations"]["tanh"] == 1


def test_a_graph_with_inputs_is_not_split():
    x = Value(1.0, "x")
    output = total([(x * c).sin() for c, _ in points(20)])
    program = autograd.compile(output, [x], target="numpy")
    assert sizes(program) == []
    assert program.map([1.0, 2.0]).shape == (2,)


def executed(program):
    namespace = {}
    exec("from autograd.functions import *\n" + program.source, namespace)
    return namespace["program"]


def flat(result):
    """A value and its gradients, if there are any, as one list."""
    return [number for part in result for number in (part if isinstance(part, list) else [part])]


@pytest.mark.parametrize("name", FOLDED)
@pytest.mark.parametrize("differentiated", [True, False])
def test_the_source_computes_the_same_in_python_and_in_javascript(name, differentiated):
    program = autograd.compile(FOLDED[name][0], wrt=[w, b, spare] if differentiated else [], target="numpy")
    function = executed(program)
    shared = function.__code__.co_argcount - len(program.rows)
    numbers = [leaf.data for leaf in program.leaves[:shared]]
    value, gradients = program.value_and_grad()
    expected = pytest.approx([value, *gradients], rel=1e-12, abs=1e-12, nan_ok=True)
    assert flat(function(*program.rows, *numbers)) == expected
    [(value, gradients)] = javascript(program, (*program.rows, *numbers))
    assert [value, *gradients] == expected


def test_no_label_takes_a_name_that_the_source_needs():
    labels = [
        "sample",
        "whole",
        "program",
        "rows",
        "row",
        "sums",
        "sum",
        "column",
        "total",
        "total_w",
        "zip",
        "t1",
        "w",
    ]
    named = [parameter(0.1 * n + 0.5, label) for n, label in enumerate(labels)]
    output = total([(total(named) * x + total([p * y for p in named])).tanh() for x, y in points(12)]) + named[0]
    program = autograd.compile(output, wrt=named, target="numpy")
    assert sizes(program) == [12]
    function = executed(program)
    places = {name: place for place, name in enumerate(function.__code__.co_varnames)}
    assert places["rows"] == 0
    numbers = [leaf.data for leaf in program.leaves[: function.__code__.co_argcount - 1]]
    value, gradients = program.value_and_grad()
    assert flat(function(*program.rows, *numbers)) == pytest.approx([value, *gradients], rel=1e-12)
    assert_as_eager(program, output, named)


def test_labels_are_names_in_the_source():
    weight = parameter(0.5, "weight")
    errors = []
    for n in range(10):
        z = weight * Value(0.1 * n, "x")
        z.label = "z"
        errors.append(z.tanh())
    mean = total(errors) / 10.0
    mean.label = "mean"
    program = autograd.compile(mean * mean, target="native")
    assert program.source.startswith("def sample(x, weight):\n    z = weight * x\n    t1 = tanh(z)\n    # backward\n")
    assert "def whole(total, total_weight):\n    mean = divide(total, 10.0)\n" in program.source
    assert "10 samples, run by native" in repr(program)
    assert program.target == "native"
    assert program.inputs == 0
    with pytest.raises(TypeError, match="no inputs, not 1"):
        program(1.0)


def test_the_same_call_gives_the_same_bits():
    program = autograd.compile(total(squares(w, b, 33)) / 33.0, wrt=[w, b], target="native")
    assert len({str(all_bits(program.value_and_grad())) for _ in range(20)}) == 1


@pytest.mark.parametrize("name", FOLDED)
def test_the_pure_function_for_jax_returns_what_the_program_returns(name):
    jax = pytest.importorskip("jax")
    program = autograd.compile(FOLDED[name][0], wrt=[w, b, spare], target="numpy")
    parameters = [leaf.data for leaf in program.leaves]
    with jax.enable_x64(True):
        value, gradients = jax.jit(program.jax.value_and_grad)(parameters)
        assert float(jax.jit(program.jax)(parameters)) == pytest.approx(program(), rel=1e-12, nan_ok=True)
    expected = program.value_and_grad()
    assert float(value) == pytest.approx(expected[0], rel=1e-12, nan_ok=True)
    assert gradients.tolist() == pytest.approx(expected[1], rel=1e-12, abs=1e-12, nan_ok=True)


def test_the_pure_function_for_jax_refuses_inputs_and_other_numbers_of_parameters():
    jax = pytest.importorskip("jax")
    program = autograd.compile(total(squares(w, b)), target="numpy")
    parameters = [leaf.data for leaf in program.leaves]
    with jax.enable_x64(True):
        with pytest.raises(TypeError, match="no inputs, not 1"):
            program.jax(parameters, 1.0)
        with pytest.raises(ValueError, match=rf"must be an array of shape \({len(parameters)},\)"):
            program.jax(parameters[1:])
        with pytest.raises(TypeError, match="reduction"):  # the graph holds the samples, and how it adds them
            program.jax.value_and_grad(parameters, reduction="mean")
