"""Mistakes are answered with what was wrong and what would be right."""

import importlib.util

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.compiler.compile import runner
from autograd.compiler.instructions import Instruction
from autograd.compiler.tracing import Routine

TARGETS = ["python", "numpy", "native", "javascript"]


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0)], np.zeros(2)])
def test_what_is_compiled_is_a_value_or_a_function(wrong):
    with pytest.raises(TypeError, match="a Value or a function"):
        autograd.compile(wrong)


@pytest.mark.parametrize("wrong", [None, "x", [1.0], 1j])
def test_a_function_gives_one_value(wrong):
    with pytest.raises(TypeError):
        autograd.compile(lambda x: wrong)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("given", [(), (1.0,), (1.0, 2.0, 3.0), ([1.0, 2.0],)])
def test_a_wrong_number_of_inputs_is_answered_with_their_names(target, given):
    program = autograd.compile(lambda speed, time: speed * time, target=target)
    for call in (program, program.value_and_grad):
        with pytest.raises(TypeError, match=rf"2 inputs \(speed, time\), not {len(given)}"):
            call(*given)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "given",
    [
        ([1.0, 2.0], [1.0, 2.0, 3.0]),
        ([1.0], [1.0, 2.0]),
        ([], []),
        ([], 1.0),
        ([[1.0, 2.0]], 1.0),
        (np.ones((2, 2)),) * 2,
    ],
)
def test_inputs_are_numbers_or_arrays_of_equally_many_samples(target, given):
    program = autograd.compile(lambda speed, time: speed * time, target=target)
    for call in (program, program.value_and_grad):
        with pytest.raises(ValueError, match=r"arrays of equally many samples.*speed: \(.*time: \("):
            call(*given)


@pytest.mark.parametrize("wrong", ["x", None, 1j, Value(1.0), [Value(1.0)], ["1.0"], [1.0, None]])
def test_inputs_are_real_numbers(wrong):
    program = autograd.compile(lambda x: x * 2.0, target="python")
    with pytest.raises(TypeError):
        program(wrong)


def test_an_unknown_target_is_answered_with_the_known_and_the_nearest():
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
    monkeypatch.setattr("autograd.compiler.compile.find_spec", lambda name: None)
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
        runner(target, Routine(instructions, (2,), (), 3), 1)


def test_without_llvmlite_everything_still_runs_and_the_program_says_how(monkeypatch):
    assert autograd.compile(lambda x: x * 2.0).target == "native"
    monkeypatch.setattr("autograd.compiler.compile.find_spec", without_llvmlite)
    program = autograd.compile(lambda x: x * 2.0)
    assert program.target in ("numpy", "python")
    assert program.value_and_grad([1.0, 2.0]) == (3.0, [2.0])


@pytest.mark.parametrize("wrong", ["Mean", "none", None, ""])
def test_an_unknown_reduction_is_answered_with_the_known(wrong):
    program = autograd.compile(lambda x: x * 2.0, target="python")
    with pytest.raises(ValueError, match=r"'mean' or 'sum'"):
        program.value_and_grad(1.0, reduction=wrong)


def test_a_node_is_one_input():
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match="twice"):
        autograd.compile(x * x, [x, x])
