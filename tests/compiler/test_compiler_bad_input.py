"""Errors say what was wrong and what would be right."""

import importlib.util
from functools import partial

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.routine import Routine
from autograd.compiler.targets.make import make_target

TARGETS = ["python", "numpy", "native", "javascript"]


def product(target):
    """The program of a recorded graph of two inputs."""
    speed, time = Value(1.0, "speed"), Value(1.0, "time")
    return autograd.compile(speed * time, [speed, time], target=target)


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0)], np.zeros(2)])
def test_only_a_value_or_a_function_can_be_compiled(wrong):
    with pytest.raises(TypeError, match="a Value or a function"):
        autograd.compile(wrong)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("given", [(), (1.0,), (1.0, 2.0, 3.0), ([1.0, 2.0],)])
def test_the_error_for_a_wrong_number_of_inputs_lists_their_names(target, given):
    program = product(target)
    for call in (program, program.value_and_grad):
        with pytest.raises(TypeError, match=rf"2 inputs \(speed, time\), not {len(given)}"):
            call(*given)


@pytest.mark.parametrize("given", [(), (1.0,), (1.0, 2.0, 3.0), ([1.0, 2.0],)])
def test_the_error_for_a_wrong_number_of_arguments_is_that_of_the_function(given):
    program = autograd.compile(lambda speed, time: speed * time, target="python")
    with pytest.raises(TypeError, match=r"'time'|2 positional arguments but 3"):
        program(*given)
    with pytest.raises(TypeError, match=r"'time'|2 positional arguments but 3|the call has 0 arguments"):
        program.value_and_grad(*given)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "given", [([1.0, 2.0], [1.0, 2.0, 3.0]), ([1.0], [1.0, 2.0]), (np.ones((2, 2)), np.ones((1, 2)))]
)
def test_samples_are_arrays_of_the_same_number_of_samples(target, given):
    for program in (product(target), autograd.compile(lambda speed, time: speed * time, target=target)):
        for mapped in (program.map, program.value_and_grad.map):
            with pytest.raises(ValueError, match=r"arrays of the same number of samples.*speed: \(.*time: \("):
                mapped(*given)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("given", [([], []), ([], 1.0), (np.empty(0), np.empty(0)), (1.0, 2.0)])
def test_there_is_at_least_one_sample(target, given):
    for program in (product(target), autograd.compile(lambda speed, time: speed * time, target=target)):
        for mapped in (program.map, program.value_and_grad.map):
            with pytest.raises(ValueError, match=r"at least one sample.*speed: .*time: "):
                mapped(*given)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("given", [([[1.0, 2.0]], 1.0), (np.ones((2, 2)),) * 2])
def test_a_sample_of_a_recorded_graph_is_a_number(target, given):
    program = product(target)
    for mapped in (program.map, program.value_and_grad.map):
        with pytest.raises(TypeError, match="the input speed must be a number, not "):
            mapped(*given)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "given", [([1.0, 2.0], [3.0, 4.0]), ([1.0, 2.0], 3.0), (np.ones(2), np.ones(2)), ((1.0,), 2.0)]
)
def test_an_array_in_a_call_of_a_recorded_graph_is_refused_and_names_map(target, given):
    program = product(target)
    for call in (program, program.value_and_grad):
        with pytest.raises(TypeError, match=r"the input speed must be a number, not .*\.map\(.*value_and_grad\.map\("):
            call(*given)


def test_a_reduction_in_a_call_is_refused_and_names_map():
    program = product("python")
    for call in (program, program.value_and_grad):
        with pytest.raises(TypeError, match=r"not reduction=; for samples use \.map\("):
            call(1.0, 2.0, reduction="mean")


@pytest.mark.parametrize("wrong", ["x", None, 1j, Value(1.0), [Value(1.0)], ["1.0"], [1.0, None]])
def test_inputs_are_real_numbers(wrong):
    x = Value(1.0, "x")
    program = autograd.compile(x * 2.0, [x], target="python")
    with pytest.raises(TypeError, match=r"the input x must be a (real )?number, not "):
        program(wrong)
    for mapped in (program.map, program.value_and_grad.map):
        with pytest.raises(TypeError, match="x must be an array of real numbers, but it contains "):
            mapped(wrong if isinstance(wrong, list) else [1.0, wrong])


def test_the_error_for_an_unknown_target_lists_the_known_and_the_nearest():
    for wrong, near in (("nativ", "native"), ("Python", "python"), ("Jax", "jax"), ("java-script", "javascript")):
        with pytest.raises(ValueError, match=f"unknown target '{wrong}', did you mean '{near}'") as caught:
            autograd.compile(lambda x: x, target=wrong)
        for known in ("auto", "jax", "javascript", "native", "numpy", "python"):
            assert known in str(caught.value)
    with pytest.raises(ValueError, match=r"unknown target 'cuda'.*native, numpy, python"):
        autograd.compile(lambda x: x, target="cuda")
    with pytest.raises(ValueError, match="unknown target None"):
        autograd.compile(lambda x: x, target=None)


def without_llvmlite(name, package=None):
    return None if name == "llvmlite" else importlib.util.find_spec(name, package)


@pytest.mark.parametrize("target", ["native", "jax", "javascript"])
def test_a_target_without_its_package_says_what_to_install(monkeypatch, target):
    monkeypatch.setattr("autograd.compiler.targets.make.find_spec", lambda name: None)
    package = {"native": "llvmlite", "javascript": "mini-racer"}.get(target, target)
    with pytest.raises(ImportError, match=rf"{target}.*needs {package}: .*pip install 'scalar-autograd\[{target}\]'"):
        autograd.compile(lambda x: x * 2.0, target=target)


def test_a_function_for_jax_without_jax_says_what_to_install(monkeypatch):
    monkeypatch.setattr("autograd.compiler.program.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"needs jax: pip install 'scalar-autograd\[jax\]'"):
        _ = autograd.compile(lambda x: x * 2.0).jax


@pytest.mark.parametrize("target", [*TARGETS, "jax"])
def test_an_operation_that_a_target_lacks_is_named_with_the_target(target):
    if target == "jax":
        pytest.importorskip("jax")
    instructions = Instruction("input"), Instruction("tanh", (0,)), Instruction("airy", (1,))
    with pytest.raises(NotImplementedError, match=f"the target '{target}' lacks the operation 'airy'"):
        make_target(target, Routine(instructions, (2,), (), 3), 1)


def test_without_llvmlite_everything_still_runs_and_the_program_says_how(monkeypatch):
    assert autograd.compile(lambda x: x * 2.0).target == "native"
    monkeypatch.setattr("autograd.compiler.targets.make.find_spec", without_llvmlite)
    program = autograd.compile(lambda x: x * 2.0)
    assert program.target in ("numpy", "python")
    assert program.value_and_grad.map([1.0, 2.0], reduction="mean") == (3.0, 2.0)


@pytest.mark.parametrize("wrong", ["Mean", "none", 1, ""])
def test_the_error_for_an_unknown_reduction_lists_the_known(wrong):
    program = autograd.compile(lambda x: x * 2.0, target="python")
    for mapped in (program.map, program.value_and_grad.map):
        with pytest.raises(ValueError, match=r"'mean' or 'sum'"):
            mapped([1.0], reduction=wrong)


def test_a_node_cannot_be_two_inputs():
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match="twice"):
        autograd.compile(x * x, [x, x])


# Functions.


def with_a_tuple(*x):
    return x[0] * x[-1]


def by_keyword(x, *, y):
    return x * y


def test_a_function_takes_its_arguments_as_python_passes_them():
    assert autograd.compile(with_a_tuple).value_and_grad(2.0, 5.0, 3.0) == (6.0, 3.0)
    assert autograd.compile(with_a_tuple).value_and_grad(2.0) == (4.0, 4.0)
    assert autograd.compile(by_keyword).value_and_grad(2.0, y=3.0) == (6.0, 3.0)
    assert autograd.compile(lambda *args, **options: args[0] * options["y"])(2.0, y=4.0) == 8.0


@pytest.mark.parametrize("f", [with_a_tuple, by_keyword, lambda *args, **options: args[0], max])
def test_a_function_whose_arguments_are_not_known_has_a_source_after_the_first_call(f):
    with pytest.raises(TypeError, match=r"first call it, or program\.trace\(\*examples\).*(\*x|y|\*args|no signature)"):
        _ = autograd.compile(f, target="python").source


class Line:
    slope = 3.0

    def at(self, x, offset=1.0):
        return self.slope * x + offset

    def __call__(self, x):
        return self.at(x)


@pytest.mark.parametrize(
    ("f", "names"),
    [
        (lambda x, n=2: x**n, ["x"]),
        (lambda x, y, /, z, *, scale=2.0, **options: x * y * z * scale, ["x", "y", "z"]),
        (partial(lambda a, x: a * x, 2.0), ["x"]),
        (partial(lambda x, a: a * x, a=2.0), ["x"]),
        (Line().at, ["x"]),
        (Line(), ["x"]),
        (autograd.tanh, ["x"]),
        (lambda: Value(2.0), []),
    ],
)
def test_arguments_with_a_default_keep_it_and_the_others_are_inputs(f, names):
    program = autograd.compile(f, target="python")
    parameters = program.source.partition("(")[2].partition(")")[0].split(", ")  # the inputs, then the leaves
    assert parameters[: program.inputs] == names
    numbers = [0.5, 0.25, 2.0][: len(names)]
    assert program(*numbers) == f(*map(Value, numbers)).data


@pytest.mark.parametrize("wrong", [None, "x", 1j, ["x"], {"a": "x"}, Line()])
def test_the_error_names_a_result_that_is_not_a_number_or_numbers(wrong):
    program = autograd.compile(lambda x: wrong, target="python")
    with pytest.raises(TypeError, match=r"<lambda> must return (a Value|Values), "):
        program(1.0)


@pytest.mark.parametrize("wrong", [[1.0], [Value(1.0)], {"a": 1.0}, np.ones(2)])
def test_only_one_number_has_a_gradient(wrong):
    program = autograd.compile(lambda x: wrong, target="python")
    program(1.0)
    for call in (program.grad, program.value_and_grad):
        with pytest.raises(TypeError, match=r"<lambda> must return a Value, not .*; for several outputs use jacobian"):
            call(1.0)


def test_the_inputs_of_a_function_are_its_arguments_alone():
    with pytest.raises(TypeError, match="inputs of a function are its arguments"):
        autograd.compile(lambda x: x, inputs=[Value(1.0)])


def test_a_function_is_differentiated_by_arguments_or_by_values_from_outside():
    w = Value(3.0, "w", role="parameter")

    def f(x, y):
        return x * y * w

    assert autograd.compile(f).value_and_grad(2.0, 5.0) == (30.0, 15.0)
    assert autograd.compile(f, argnums=(1, 0)).value_and_grad(2.0, 5.0) == (30.0, (6.0, 15.0))
    assert autograd.compile(f, wrt=[w]).value_and_grad(2.0, 5.0) == (30.0, [10.0])
    assert autograd.compile(f, wrt=[]).value_and_grad(2.0, 5.0) == (30.0, [])
    with pytest.raises(TypeError, match="argnums=, or by Values that it uses, wrt=: pass one"):
        autograd.compile(f, argnums=1, wrt=[w])
    with pytest.raises(ValueError, match=r"wrt must be different nodes.*twice"):
        autograd.compile(f, wrt=[w, w])


@pytest.mark.parametrize("wrong", [["y"], "y", ["z"], [Value(1.0), "x"]])
def test_names_in_wrt_are_refused_and_the_error_names_argnums(wrong):
    with pytest.raises(TypeError, match=r"argnums=.*not wrt="):
        autograd.compile(lambda x, y: x * y, wrt=wrong)


@pytest.mark.parametrize("name", ["inputs", "wrt"])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Value(2.0, "x"), r"must be a list of Values, such as \[x\], not Value\(2.0, label='x'\)"),
        ("x", r"must be a list of Values, such as \[x\], not 'x'"),
        (1.0, r"must be a list of Values, such as \[x\], not 1.0"),
        ([1.0], "must be a list of Values, but it contains 1.0"),
        (["x"], "must be a list of Values, but it contains 'x'"),
        ([[Value(1.0)]], r"must be a list of Values, but it contains \[Value\(1.0\)\]"),
        ([Value(1.0), None], "must be a list of Values, but it contains None"),
        (autograd.array([[1.0]]), r"must be a list of Values, but it contains"),
    ],
)
def test_inputs_and_wrt_are_lists_of_values(name, wrong, message):
    x = Value(1.0, "x")
    with pytest.raises(TypeError, match=f"{name} {message}"):
        autograd.compile(x * x, **{name: wrong})


def test_arrays_of_values_may_be_inputs():
    x = autograd.array([1.0, 2.0], label="x")
    assert autograd.compile(x @ x, x, x).value_and_grad(3.0, 4.0) == (25.0, [6.0, 8.0])
