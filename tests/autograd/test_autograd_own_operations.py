"""Operations from outside: a function is one node, with the derivative of its rule or of its formula."""

import copy
import inspect
import math
import pickle
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from support.exact import Decimal50
from support.graphs import described

import autograd
from autograd import (
    GradcheckError,
    NonFiniteError,
    Value,
    array,
    derivative,
    exp,
    grad,
    gradcheck,
    hessian,
    jacobian,
    jvp,
    log,
    operation,
    select,
    sqrt,
    topological_order,
    unfold,
)
from autograd.graph import _marks


@operation
def arsinh(x):
    """The area hyperbolic sine."""
    return log(x + sqrt(x * x + 1.0))


@arsinh.derivative
def _(x, y):
    return 1.0 / sqrt(x * x + 1.0)


@operation
def arsinh_by_formula(x):
    return log(x + sqrt(x * x + 1.0))


@operation
def blend(a, b, c, *, sharpness=2.0):
    return a * b + sharpness * c * a


@blend.derivative
def _(a, b, c, y, *, sharpness):
    return b + sharpness * c, a, sharpness * a


@operation
def mean(*xs):
    return sum(xs) / len(xs)


@operation
def gamma(x):
    return math.gamma(x)


@gamma.derivative
def _(x, y):
    return y * math.log(x)  # not the right one, but plain Python


def own(function, rule=None, **how):
    made = operation(**how)(function)
    if rule is not None:
        made.derivative(rule)
    return made


def test_the_result_is_one_node_with_the_name_of_the_function():
    x = Value(2.0, "x")
    y = arsinh(x)
    assert (y.op, y.operands, y.numbers, y.data) == ("arsinh", (x,), (), math.log(2.0 + math.sqrt(5.0)))
    assert y.local_derivatives == (1.0 / math.sqrt(5.0),)
    assert [node.op for node in topological_order(y * 2.0)] == ["", "", "arsinh", "multiply"]
    y.backward()
    assert x.grad == 1.0 / math.sqrt(5.0)


def test_a_rule_is_what_is_differentiated_and_a_formula_where_there_is_none():
    doubled = own(lambda_named("doubled", lambda x: 2.0 * x), lambda x, y: 5.0)
    assert grad(doubled)(3.0) == 5.0
    assert grad(own(lambda_named("tripled", lambda x: 3.0 * x)))(3.0) == 3.0


def lambda_named(name, function):
    function.__name__ = function.__qualname__ = name
    return function


@pytest.mark.parametrize("f", [arsinh, arsinh_by_formula])
def test_derivatives_of_every_order_are_those_of_the_function(f):
    x = 0.75
    first, second, third = (
        (1 + x * x) ** -0.5,
        -x * (1 + x * x) ** -1.5,
        (2 * x * x - 1) * (1 + x * x) ** -2.5,
    )
    assert grad(f)(x) == pytest.approx(first, rel=1e-14)
    assert grad(grad(f))(x) == pytest.approx(second, rel=1e-13)
    assert grad(grad(grad(f)))(x) == pytest.approx(third, rel=1e-12)
    assert jvp(f, (x,), (2.0,)) == (f(x), pytest.approx(2.0 * first, rel=1e-14))
    assert jvp(grad(f), (x,), (2.0,))[1] == pytest.approx(2.0 * second, rel=1e-13)
    v = Value(x)
    assert derivative(derivative(f(v), v), v).data == pytest.approx(second, rel=1e-13)
    assert np.allclose(hessian(lambda p: f(p[0]) * p[1])([x, 3.0]), [[3.0 * second, first], [first, 0.0]], rtol=1e-12)
    assert np.allclose(jacobian(lambda p: [f(p[0]), p[0] * p[1]])([x, 3.0]), [[first, 0.0], [3.0, x]], rtol=1e-12)
    assert gradcheck(f, x)


def test_every_kind_of_number_is_an_operand():
    assert arsinh(2) == arsinh(np.float32(2.0)) == arsinh(Fraction(2)) == arsinh(True + 1) == math.log(2 + math.sqrt(5))
    assert type(arsinh(2)) is float
    assert abs(float(arsinh(Decimal50(2.0)).x) - math.asinh(2.0)) < 1e-15
    w = Value(2.0)
    w.data = np.float32(2.0)
    assert [type(number) for number in (arsinh(w).data, w.data)] == [float, float]


def test_arrays_broadcast():
    result = blend(array([[1.0], [2.0]]), [3.0, 4.0, 5.0], 1.0)
    assert result.shape == (2, 3)
    assert [v.op for v in result.flat] == ["blend"] * 6
    assert autograd.data_of(result).tolist() == [[5.0, 6.0, 7.0], [10.0, 12.0, 14.0]]
    floats = arsinh([0.0, 2.0])
    assert type(floats) is np.ndarray
    assert floats.tolist() == [0.0, arsinh(2.0)]


def test_plain_numbers_beside_values_become_constants():
    y = blend(2, Value(3.0), 1.5)
    assert [operand.role for operand in y.operands] == ["constant", "plain", "constant"]
    assert (y.data, y.numbers) == (12.0, (2.0,))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 300])
def test_an_operation_has_any_number_of_operands(count):
    xs = [Value(float(index), f"x{index}") for index in range(count)]
    y = mean(*xs)
    weights = Value(2.0) * y * y
    weights.backward()
    assert y.operands == tuple(xs)
    assert all(new is old for new, old in zip(y.operands, xs, strict=True))
    assert y.local_derivatives == (pytest.approx(1 / count),) * count
    assert [x.grad for x in xs] == [pytest.approx(4.0 * y.data / count)] * count
    assert topological_order(weights)[:count] != []
    assert {node for node in topological_order(weights) if node.op == "mean"} == {y}
    assert all(node.op for node in topological_order(weights) if node.operands)
    with _marks:  # as if another thread walked a graph at the same time
        weights.zero_grad()
        weights.backward()
    assert [x.grad for x in xs] == [pytest.approx(4.0 * y.data / count)] * count


def test_a_walk_beside_another_visits_the_same_nodes_in_the_same_order():
    x, z, gate = Value(2.0), Value(3.0), Value(-1.0)
    y = blend(x, gate.select(z, mean(x, z, gate, 1.0)), arsinh(gate * 2.0)).select(x, z)
    alone = topological_order(y)
    with _marks:  # as if another thread walked a graph at the same time
        beside = topological_order(y)
    assert list(map(id, beside)) == list(map(id, alone))


def test_a_rule_of_any_number_of_operands():
    @operation
    def weighted(a, *rest):
        return a * sum(rest, 1.0)

    @weighted.derivative
    def _(a, *rest_and_result):
        *rest, _y = rest_and_result
        return sum(rest, 1.0), *[a for _ in rest]

    for count in (0, 1, 2, 3):
        point = [2.0, 3.0, 5.0, 7.0][: count + 1]
        assert grad(lambda v: weighted(*v))(point) == [1.0 + sum(point[1:]), *[2.0] * count]
        assert gradcheck(weighted, *point)
        written = ", ".join("abcd"[: count + 1])
        y = weighted(*[Value(x, name) for x, name in zip(point, "abcd", strict=False)])
        assert autograd.forward_steps(y)[0].statement == f"t1 = weighted({written})"
        assert rf"\left({written}\right)" in autograd.forward_steps(y)[0].math


def test_a_derivative_contains_the_result_that_its_rule_uses_not_a_copy():
    def rule(x, y):
        return mean(1.0, x, y, x) if isinstance(x, Value) else (1.0 + 2.0 * x + y) / 4.0

    x = Value(2.0)
    y = own(lambda_named("grown", lambda x: exp(x)), rule)(x)
    slope = derivative(y, x)
    assert [node for node in topological_order(slope) if node.op == "grown"] == [y]
    assert any(node is y for node in topological_order(slope))
    assert slope.data == (1.0 + 4.0 + y.data) / 4.0


def test_operands_that_are_the_same_node_add_up():
    x = Value(3.0)
    blend(x, x, x).backward()
    assert x.grad == 3.0 * 2.0 * 3.0
    assert grad(lambda x: blend(x, x, x))(3.0) == 18.0
    assert grad(grad(lambda x: blend(x, x, x)))(3.0) == 6.0


def test_keyword_only_arguments_are_plain_numbers():
    y = blend(Value(1.0), Value(2.0), Value(3.0), sharpness=4)
    assert (y.numbers, y.data, y.local_derivatives) == ((4.0,), 14.0, (14.0, 1.0, 4.0))
    assert autograd.rebuild(y, lambda v: v.data)[y] == 14.0
    assert blend(c=1.0, a=2.0, b=3.0) == 10.0


def test_forward_recomputes_values_and_every_local_derivative():
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    y = blend(a, b, c) + arsinh_by_formula(a)
    a.data, c.data = 2.0, 5.0
    fresh = blend(a, b, c) + arsinh_by_formula(a)
    assert y.forward() == fresh.data
    assert [v.local_derivatives for v in topological_order(y)] == [
        v.local_derivatives for v in topological_order(fresh)
    ]
    y.backward()
    assert a.grad == pytest.approx(12.0 + 1.0 / math.sqrt(5.0))


def test_a_forward_pass_that_raises_leaves_the_graph_as_it_was():
    x = Value(3.0)
    y = blend(x, x, x) * gamma(x)
    y.label = "y"
    before = described(y)
    x.data = -1.0
    with pytest.raises(ValueError, match=r"."):
        y.forward()
    x.data = 3.0
    assert described(y) == before


def test_a_straight_through_estimator_rounds_forward_and_passes_gradients_on():
    quantized = own(lambda_named("quantized", lambda x: autograd.round(x)), lambda x, y: 1.0)
    assert quantized(2.4) == 2.0
    assert grad(lambda x: quantized(x) * x)(2.4) == 2.0 + 2.4
    assert grad(grad(lambda x: quantized(x) * x))(2.4) == 2.0


def test_a_rule_may_be_detached():
    frozen = own(lambda_named("frozen", lambda x: x * x), lambda x, y: autograd.detach(x))
    assert grad(frozen)(3.0) == 3.0
    assert grad(grad(frozen))(3.0) == 0.0


def test_a_formula_without_a_derivative_sends_nothing_back():
    step = own(lambda_named("step", lambda x: autograd.sign(x) + 2.0))
    x = Value(3.0)
    y = step(x)
    y.backward()
    assert (x.has_grad, x.grad) == (False, 0.0)
    assert grad(own(lambda_named("seven", lambda x: 7.0)))(3.0) == 0.0


def test_a_branch_of_a_formula_that_is_not_taken_sends_nothing_back():
    root = own(lambda_named("root", lambda x: select(x, sqrt(x), 0.0)))
    first = own(lambda_named("first", lambda x: select(x, x, 0.0)))
    assert grad(root)(-1.0) == grad(grad(root))(-1.0) == 0.0
    assert grad(lambda x: first(sqrt(x)))(0.0) == 0.0
    assert grad(grad(lambda x: first(sqrt(x))))(0.0) == 0.0
    assert jvp(lambda x: first(sqrt(x)), (0.0,), (1.0,)) == (0.0, 0.0)
    again = pickle.loads(pickle.dumps(keep := first_of_module(sqrt(Value(0.0, "x")))))
    again.backward()
    assert [leaf.grad for leaf in autograd.leaves(again)] == [0.0]
    assert keep.data == 0.0


@operation
def first_of_module(x):
    return select(x, x, 0.0)


def test_a_formula_may_branch_on_data_and_call_other_operations():
    def halves(x):
        return arsinh(x) if x > 1.0 else blend(x, x, 1.0)

    halves = own(halves)
    for x in (0.5, 2.0):
        expected = halves.__wrapped__
        assert grad(halves)(x) == pytest.approx(grad(expected)(x))
        assert grad(grad(halves))(x) == pytest.approx(grad(grad(expected))(x))


def test_gradcheck_names_the_operation_whose_rule_is_wrong():
    wrong = own(lambda_named("wrong", lambda x, z: x * z), lambda x, z, y: (z, 1.1 * x))
    with pytest.raises(GradcheckError, match=r"derivatives differ") as caught:
        gradcheck(lambda x: exp(wrong(x, arsinh(x))), 2.0)
    first, *rest = str(caught.value).splitlines()
    assert first == (
        "the derivative of the operation wrong with respect to operand 2, at 1.44364, is 2.2, but its difference is 2: "
        "check its rule"
    )
    assert not [line for line in rest if "operation" in line]


def test_check_finite_names_the_operation():
    with pytest.raises(NonFiniteError, match=r"arsinh is inf: arsinh\(x=1e\+200\) = inf"):
        arsinh(Value(1e200, "x")).check_finite()


def test_copies_and_pickles_keep_the_operation():
    x = Value(2.0, "x")
    y = blend(arsinh(x), x, 3.0, sharpness=1.5) * first_of_module(-x)
    y.label = "y"
    y.backward()
    for again in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert described(again) == described(y)
        assert again.operands[0].op is y.operands[0].op
        again.zero_grad()
        again.backward()
        assert described(again) == described(y)
        leaf = next(leaf for leaf in autograd.leaves(again) if leaf.label)
        leaf.data = 3.0
        assert again.forward() == pytest.approx(blend(arsinh(3.0), 3.0, 3.0, sharpness=1.5) * 0.0)
    assert described(copy.copy(y)) == described(y)
    assert copy.deepcopy(arsinh) is copy.copy(arsinh) is pickle.loads(pickle.dumps(arsinh)) is arsinh
    assert copy.deepcopy(y.operands[0].op) is y.operands[0].op


def test_a_copy_inside_a_formula_keeps_the_graph():
    copied = own(lambda_named("copied", lambda x: copy.deepcopy(x) * x))
    assert grad(copied)(3.0) == 6.0
    assert grad(grad(copied))(3.0) == 2.0


def test_unpickling_imports_the_module_or_says_what_to_define(tmp_path):
    (tmp_path / "own_module.py").write_text(
        "import autograd\n@autograd.operation\ndef cube(x):\n    return x * x * x\n", encoding="utf-8"
    )
    path = [str(tmp_path), *sys.path]
    write = (
        "import pickle, sys, autograd, own_module\n"
        "@autograd.operation\ndef local(x):\n    return x\n"
        "x = autograd.Value(2.0)\n"
        "sys.stdout.buffer.write(pickle.dumps([pickle.dumps(own_module.cube(x)), pickle.dumps(local(x))]))"
    )
    known, unknown = pickle.loads(run_python(write, path))
    read = f"import pickle\ny = pickle.loads({known!r})\ny.backward()\nprint(y, y.operands[0].grad)"
    assert run_python(read, path).decode().strip() == "Value(8.0, grad=1.0, op='cube') 12.0"
    with pytest.raises(pickle.UnpicklingError, match=r"the operation 'local' of the module '__main__' is not defined"):
        pickle.loads(unknown)
    define = "import pickle, autograd\n@autograd.operation\ndef local(x):\n    return x\n"
    assert run_python(f"{define}print(pickle.loads({unknown!r}))", path).decode().strip() == "Value(2.0, op='local')"


def run_python(code, path):
    set_path = f"import sys; sys.path[:] = {path!r}\n"
    return subprocess.run([sys.executable, "-c", set_path + code], capture_output=True, check=True, timeout=60).stdout


def test_a_cell_that_is_run_again_replaces_the_operation_but_graphs_keep_theirs():
    cell = "@autograd.operation\ndef scaled(x):\n    return {} * x\n"
    notebook = {"autograd": autograd, "__name__": "a_notebook"}
    exec(cell.format(2.0), notebook)
    x = Value(3.0)
    old = notebook["scaled"](x)
    exec(cell.format(5.0), notebook)
    new = notebook["scaled"](x)
    x.data = 10.0
    assert (old.forward(), new.forward()) == (20.0, 50.0)
    assert (str(old.op), old.op, new.op) == ("scaled", "scaled", "scaled")
    assert old.op != new.op  # so that nothing takes one for the other
    assert len({old.op: 1, new.op: 2}) == 2
    assert pickle.loads(pickle.dumps(new)).op is new.op
    other = {"autograd": autograd, "__name__": "another_notebook"}
    exec(cell.format(7.0), other)
    assert pickle.loads(pickle.dumps(new)).op is new.op
    assert pickle.loads(pickle.dumps(other["scaled"](x))).op is not new.op


def test_a_rule_that_is_given_again_replaces_the_first():
    twice = own(lambda_named("twice", lambda x: 2.0 * x), lambda x, y: 1.0)
    twice.derivative(lambda x, y: 2.0)
    assert grad(twice)(1.0) == 2.0


def test_an_operation_has_the_name_docstring_and_signature_of_its_function():
    assert arsinh.__name__ == "arsinh"
    assert arsinh.__module__ == __name__
    assert arsinh.__doc__ == "The area hyperbolic sine."
    assert inspect.signature(blend) == inspect.signature(blend.__wrapped__)
    assert repr(blend) == f"<operation {__name__}.blend(a, b, c, *, sharpness=2.0)>"
    assert arsinh.__wrapped__(2.0) == arsinh(2.0)
    rule = lambda x, y: 1.0  # noqa: E731
    assert arsinh_by_formula.__class__ is autograd.Operation
    assert own(lambda_named("identity", lambda x: x)).derivative(rule) is rule


def test_unfold_puts_formulas_in_the_place_of_nodes():
    x = Value(2.0, "x")
    with autograd.scope("layer1"):
        h = arsinh(x) + arsinh(3.0 * x)
    y = blend(h, x, 2.0)
    y.label = "y"
    opened = unfold(y)
    assert {node.op for node in topological_order(opened)} == {"", "add", "multiply", "log", "sqrt"}
    assert (opened.data, opened.label) == (y.data, "y")
    assert {node.scope for node in topological_order(opened) if node.op == "log"} == {
        "layer1.arsinh1",
        "layer1.arsinh2",
    }
    assert opened.scope == "blend"
    assert {id(leaf) for leaf in autograd.leaves(opened) if leaf.role != "constant"} == {id(x)}
    assert described(y) == described(y)
    assert unfold(x) is x
    assert unfold(h.operands[0] * 1.0) is not h
    plain = x * 2.0
    assert unfold(plain) is plain


def test_unfold_opens_operations_inside_formulas_but_none_that_call_plain_python():
    outer = own(lambda_named("outer", lambda x: arsinh(x) * 2.0 + gamma(x)), lambda x, y: 0.0)
    opened = unfold(outer(Value(2.0)))
    assert sorted(node.op for node in topological_order(opened) if node.op) == [
        *("add", "add", "add", "gamma", "log", "multiply", "multiply", "sqrt")
    ]
    with pytest.raises(TypeError, match="the root given to unfold must be a Value"):
        unfold(3.0)
