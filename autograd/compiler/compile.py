"""From a recorded output, or a function, to a program."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from importlib.util import find_spec

from autograd.compiler.arguments import checked_nodes, recorded
from autograd.compiler.branches import warn_of_branches
from autograd.compiler.program import Program
from autograd.compiler.reroll.repetition import repeated_sums
from autograd.compiler.reroll.summing import summed_program
from autograd.compiler.source.javascript import RESERVED
from autograd.compiler.targets.base import NumpyTarget, PythonTarget, Target
from autograd.compiler.trace.trace import Routine, labelled, live_leaves, record
from autograd.notation.naming import names_of
from autograd.value import Value

__all__ = ["compile_graph", "runner"]

_NEEDS = {"jax": "jax", "javascript": "mini-racer", "native": "llvmlite"}  # packages, and extras of the target's name
_IMPORTED_AS = {"mini-racer": "py_mini_racer"}
_IN_ONE_PIECE = ("jax", "python")  # the one gives a function to shard, the other the bits of the graph's own order
TARGETS = ("auto", *sorted([*_NEEDS, "numpy", "python"]))


def compile_graph(
    output: "Value | Callable[..., Value]",
    inputs: Sequence[Value] | None = None,
    wrt: Sequence[Value | str] | None = None,
    *,
    target: str = "auto",
) -> Program:
    """A program that computes an output and its gradient without building a graph.

    A recorded graph is one branch of what recorded it: there is a warning if one of its values was compared, or taken
    as true or false.

    A graph without inputs may hold its samples, as in a loss summed over them in a loop. Where eight addends or more do
    the same operations and differ in leaves outside `wrt` alone, these are one routine, run on all of them: the program
    is a `SummedProgram`. It adds up in an order of its own, so value and gradient are those of the graph to 1e-12 of
    the sizes of what is added, not to the bit. The targets "python", which keeps the bits of the graph, and "jax" run
    it in one piece.

    Arguments:
        output: a recorded Value; or a function of Values, which is called twice: on symbols, where a branch on data
            raises, and on numbers, to record its graph.
        inputs: the nodes that are given at each call, in that order. Those of a function are its arguments, but for
            those that have a default. Other leaves, such as parameters, are read at each call, unless constant.
        wrt: the nodes to differentiate by, or of a function the names of arguments; by default the parameters, or if
            there are none, the inputs.
        target: what runs it: "python" (source, the bits of eager execution), "numpy", "native" (machine code, which
            needs llvmlite), "jax" (which XLA compiles, for accelerators), "javascript" (as a page runs it, by
            mini-racer), or "auto", the faster of native and NumPy that is installed.

    Raises:
        TypeError: if `output` is neither Value nor function, or a function that does not take numbers one by one or
            does not give one; if `inputs` or `wrt` is no list of Values, or `inputs` is given with a function.
        TracingError: if the function branches on what it computes.
        ValueError: for an unknown target, or an input that is listed twice.
        ImportError: for a target whose package is missing.
        NotImplementedError: for an operation that the target lacks.

    >>> program = compile_graph(lambda x, y: x * y)
    >>> program.value_and_grad(3.0, 4.0)
    (12.0, [4.0, 3.0])
    >>> compile_graph(lambda x, y: x * y, wrt=["y"]).value_and_grad(3.0, 4.0)
    (12.0, [3.0])

    All samples in one graph:

    >>> w = Value(2.0, "w", role="parameter")
    >>> loss = sum((w * x - 1.0) ** 2 for x in map(Value, range(100))) / 100.0
    >>> print(compile_graph(loss, target="numpy"))
    <program of 7 instructions, 5 of them for each of 100 samples, run by numpy; .source shows it>
    """
    if target not in TARGETS:
        near = get_close_matches(str(target), TARGETS, n=1)
        hint = f", did you mean {near[0]!r}?" if near else "."
        raise ValueError(f"unknown target {target!r}{hint} Known: {', '.join(TARGETS)}")
    arguments: Mapping[str, Value] = {}
    if not isinstance(output, Value):
        if not callable(output):
            raise TypeError(f"compile takes a Value or a function of Values, not {output!r}")
        if inputs is not None:
            raise TypeError("the inputs of a function are its arguments: leave out inputs=")
        output, arguments = recorded(output)
        inputs = list(arguments.values())
    warn_of_branches(output)
    given = checked_nodes("inputs", () if inputs is None else inputs, {})
    if len({*given}) < len(given):
        raise ValueError("the same node is listed as an input twice")
    leaves = live_leaves(output, given)
    parameters = [leaf for leaf in leaves if leaf.role == "parameter"]
    by = checked_nodes("wrt", wrt, arguments) if wrt is not None else parameters or given
    if not given and target not in _IN_ONE_PIECE:
        repeated = repeated_sums(output, set(by))
        if repeated.sums:
            return summed_program(output, repeated, by, partial(runner, target))
    first = [node for node in by if not node.operands and live_leaves(node, given)]
    leaves = list(dict.fromkeys([*first, *leaves]))  # so that a gradient by leaves is in the order of the leaves
    recording = record(output, [*given, *leaves])
    gradients = [recording.made[node].grad if node in recording.made else 0.0 for node in by]
    routine, new = recording.placed([recording.made[output].data], gradients)
    operations = labelled(recording, routine, new)
    names = names_of([*given, *leaves, *operations.values()], RESERVED)
    labels = {place: names.pop(node) for place, node in operations.items()}
    name, runs = runner(target, routine, len(given))
    return Program(routine, tuple(names.values()), labels, tuple(leaves), name, runs)


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
        from autograd.compiler.targets.native import NativeTarget

        return NativeTarget(routine, samples)
    if name == "jax":
        from autograd.compiler.targets.jax import JaxTarget

        return JaxTarget(routine, samples)
    if name == "javascript":
        from autograd.compiler.targets.javascript import JavascriptTarget

        return JavascriptTarget(routine)
    return PythonTarget(routine) if name == "python" else NumpyTarget(routine)
