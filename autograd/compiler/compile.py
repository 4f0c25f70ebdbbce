"""From a recorded output, or a function, to a program."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from importlib.util import find_spec

from autograd.compiler.arguments import checked_nodes, recorded
from autograd.compiler.branches import warn_of_branches
from autograd.compiler.javascript import RESERVED
from autograd.compiler.program import Program
from autograd.compiler.symbol import Symbol
from autograd.compiler.targets import NumpyTarget, PythonTarget, Target
from autograd.compiler.tracing import Recording, Routine, live_leaves, record
from autograd.naming import names_of
from autograd.value import Value

__all__ = ["compile_graph", "runner"]

TARGETS = ("auto", "native", "numpy", "python")


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

    Arguments:
        output: a recorded Value; or a function of Values, which is called twice: on symbols, where a branch on data
            raises, and on numbers, to record its graph.
        inputs: the nodes that are given at each call, in that order. Those of a function are its arguments, but for
            those that have a default. Other leaves, such as parameters, are read at each call, unless constant.
        wrt: the nodes to differentiate by, or of a function the names of arguments; by default the parameters, or if
            there are none, the inputs.
        target: what runs it: "python" (source, the bits of eager execution), "numpy", "native" (machine code, which
            needs llvmlite), or "auto", the fastest that is installed.

    Raises:
        TypeError: if `output` is neither Value nor function, or a function that does not take numbers one by one or
            does not give one; if `inputs` or `wrt` is no list of Values, or `inputs` is given with a function.
        TracingError: if the function branches on what it computes.
        ValueError: for an unknown target, or an input that is listed twice.
        ImportError: for a target whose package is missing.

    >>> program = compile_graph(lambda x, y: x * y)
    >>> program.value_and_grad(3.0, 4.0)
    (12.0, [4.0, 3.0])
    >>> compile_graph(lambda x, y: x * y, wrt=["y"]).value_and_grad(3.0, 4.0)
    (12.0, [3.0])
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
    recording = record(output, [*given, *leaves])
    gradients = [recording.made[node].grad if node in recording.made else 0.0 for node in by]
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


def runner(target: str, routine: Routine, samples: int) -> tuple[str, Target]:
    """The target's name, and what runs the routine."""
    if target == "python":
        return target, PythonTarget(routine)
    if target == "native" or (target == "auto" and find_spec("llvmlite")):
        if not find_spec("llvmlite"):
            raise ImportError("the target 'native' needs llvmlite: pip install 'scalar-autograd[native]'")
        from autograd.compiler.native import NativeTarget

        return "native", NativeTarget(routine, samples)
    return "numpy", NumpyTarget(routine)
