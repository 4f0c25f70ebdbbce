"""`functions.PRIMITIVES` is the only list of operations: the test names whatever should support all and does not."""

from importlib.util import find_spec
from inspect import signature

from support.exact import BINARY, UNARY

from autograd import Value, functions
from autograd.compiler.ir.instruction import NO_WORK
from autograd.compiler.source.javascript import FUNCTIONS, JAVASCRIPT
from autograd.compiler.targets.numpy import NumpyTarget
from autograd.compiler.targets.python import PythonTarget
from autograd.compiler.trace.builder import Builder
from autograd.functions import PRIMITIVES
from autograd.notation.operations import OPERATIONS


def arity(name):
    return len(signature(getattr(functions, name)).parameters)


def recorded(name):
    """The operation that a Value records for a function."""
    return getattr(functions, name)(*[Value(0.5) for _ in range(arity(name))]).op


def traced(name):
    """The instruction that a symbol writes for a function."""
    builder = Builder()
    index = getattr(functions, name)(*[builder.symbol() for _ in range(arity(name))]).index
    return builder.ops[index]


def knowing():
    """Everything that must support all primitives, with those that it supports."""
    yield "autograd.functions.__all__", {*functions.__all__}
    yield "Value", {name for name in PRIMITIVES if recorded(name) == name}
    yield "Symbol", {name for name in PRIMITIVES if traced(name) == name}
    yield "the notation", {*OPERATIONS}
    yield "the table of exact values", {*UNARY, *BINARY, "select"}
    yield "the target python", {*PythonTarget.operations}
    yield "the target numpy", {*NumpyTarget.operations}
    yield "JavaScript", {*FUNCTIONS, *JAVASCRIPT.operations}
    if find_spec("llvmlite"):
        from autograd.compiler.targets.native import NativeTarget

        yield "the target native", {*NativeTarget.operations}
    if find_spec("jax"):
        from autograd.compiler.targets.jax import JaxTarget

        yield "the target jax", {*JaxTarget.operations}


def test_every_primitive_is_known_wherever_primitives_are_used():
    missing = {who: sorted({*PRIMITIVES} - known) for who, known in knowing()}
    assert {who: names for who, names in missing.items() if names} == {}


def test_every_other_operation_is_a_formula_or_a_rule_over_primitives():
    builder = Builder()
    for name in {*functions.__all__} - {*PRIMITIVES}:
        extra = {"leaky_relu": [0.3], "clip": [-1.0, 1.0]}.get(name, [])
        getattr(functions, name)(*[builder.symbol() for _ in range(arity(name) - len(extra))], *extra)
    assert {*builder.ops} <= {*PRIMITIVES, *NO_WORK}
