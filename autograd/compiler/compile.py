"""From a recorded output, or a function, to a program."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from importlib.util import find_spec

from autograd.compiler.instructions import Recorder
from autograd.compiler.javascript import RESERVED
from autograd.compiler.program import Program
from autograd.compiler.symbol import Symbol
from autograd.compiler.targets import NumpyTarget, PythonTarget, Target
from autograd.compiler.tracing import Recording, Routine, live_leaves, record
from autograd.naming import names_of
from autograd.value import Value

__all__ = ["compile_graph", "runner"]

_NEEDS = {"jax": "jax", "javascript": "mini-racer", "native": "llvmlite"}  # packages, and extras of the target's name
_IMPORTED_AS = {"mini-racer": "py_mini_racer"}
TARGETS = ("auto", *sorted([*_NEEDS, "numpy", "python"]))


def compile_graph(
    output: "Value | Callable[..., Value]",
    inputs: Sequence[Value] | None = None,
    wrt: Sequence[Value] | None = None,
    *,
    target: str = "auto",
) -> Program:
    """A program that computes an output and its gradient without building a graph.

    Arguments:
        output: a recorded Value; or a function of Values, which is called twice: on symbols, where a branch on data
            raises, and on numbers, to record its graph.
        inputs: the nodes that are given at each call, in that order; of a function, its arguments. Other leaves than
            these and constants, such as parameters, are read at each call.
        wrt: the nodes to differentiate by; by default the parameters, or if there are none, the inputs.
        target: what runs it: "python" (source, the bits of eager execution), "numpy", "native" (machine code, which
            needs llvmlite), "jax" (which XLA compiles, for accelerators), "javascript" (as a page runs it, by
            mini-racer), or "auto", the faster of native and NumPy that is installed.

    Raises:
        TypeError: if `output` is neither Value nor function.
        TracingError: if the function branches on what it computes.
        ValueError: for an unknown target, or an input that is listed twice.
        ImportError: for a target whose package is missing.
        NotImplementedError: for an operation that the target lacks.

    >>> program = compile_graph(lambda x, y: x * y)
    >>> program.value_and_grad(3.0, 4.0)
    (12.0, [4.0, 3.0])
    """
    if target not in TARGETS:
        near = get_close_matches(str(target), TARGETS, n=1)
        hint = f", did you mean {near[0]!r}?" if near else "."
        raise ValueError(f"unknown target {target!r}{hint} Known: {', '.join(TARGETS)}")
    if not isinstance(output, Value):
        if not callable(output):
            raise TypeError(f"compile takes a Value or a function of Values, not {output!r}")
        output, inputs = _call(output)
    given = list(inputs or ())
    if len({*given}) < len(given):
        raise ValueError("the same node is listed as an input twice")
    leaves = live_leaves(output, given)
    if wrt is None:
        wrt = [leaf for leaf in leaves if leaf.role == "parameter"] or given
    first = [node for node in wrt if not node.operands and live_leaves(node, given)]
    leaves = list(dict.fromkeys([*first, *leaves]))  # so that a gradient by leaves is in the order of the leaves
    recording = record(output, [*given, *leaves])
    gradients = [recording.made[node].grad if node in recording.made else 0.0 for node in wrt]
    routine, new = recording.placed([recording.made[output].data], gradients)
    labelled = _labelled(recording, routine, new)
    names = names_of([*given, *leaves, *labelled.values()], RESERVED)
    labels = {place: names.pop(node) for place, node in labelled.items()}
    name, runs = runner(target, routine, len(given))
    return Program(routine, tuple(names.values()), labels, tuple(leaves), name, runs)


def _labelled(recording: Recording, routine: Routine, new: Mapping[int, int]) -> dict[int, Value]:
    """The labelled operations of the graph by their places in the routine; the first, where several share one."""
    labelled: dict[int, Value] = {}
    for node, made in recording.made.items():
        place = new.get(made.data.place) if node.label and isinstance(made.data, Symbol) else None
        if place is not None and routine.instructions[place].op not in ("input", "constant"):
            labelled.setdefault(place, node)
    return labelled


def _call(f: Callable[..., Value]) -> tuple[Value, list[Value]]:
    """What a function records when it is called: on symbols first, where a branch on data raises."""
    names = list(inspect.signature(f).parameters)
    recorder = Recorder()
    f(*[Value(Symbol(recorder, recorder.input()), name, role="input") for name in names])
    inputs = [Value(1.0, name, role="input") for name in names]
    return Value.constant(f(*inputs)), inputs


def runner(target: str, routine: Routine, samples: int) -> tuple[str, Target]:
    """The target's name, and what runs the routine.

    Arguments:
        target: one of `TARGETS`.
        routine: the instructions.
        samples: how many of its inputs differ from sample to sample; the rest are leaves.

    Raises:
        ImportError: if the target's package is missing.
        NotImplementedError: if the target lacks an operation.
    """
    if target == "auto":
        target = "native" if find_spec("llvmlite") else "numpy"
    package = _NEEDS.get(target)
    if package and not find_spec(_IMPORTED_AS.get(package, package)):
        hint = "; program.javascript, the source for a page, needs nothing" if target == "javascript" else ""
        raise ImportError(f"the target {target!r} needs {package}: pip install 'scalar-autograd[{target}]'{hint}")
    runs = _target(target, routine, samples)
    lacking = {instruction.op for instruction in routine.instructions} - {"input", "constant", *runs.operations}
    if lacking:
        raise NotImplementedError(f"the target {target!r} lacks the operation {', '.join(map(repr, sorted(lacking)))}")
    return target, runs


def _target(name: str, routine: Routine, samples: int) -> Target:
    if name == "native":
        from autograd.compiler.native import NativeTarget

        return NativeTarget(routine, samples)
    if name == "jax":
        from autograd.compiler.jax_target import JaxTarget

        return JaxTarget(routine, samples)
    if name == "javascript":
        from autograd.compiler.javascript_target import JavascriptTarget

        return JavascriptTarget(routine)
    return PythonTarget(routine) if name == "python" else NumpyTarget(routine)
