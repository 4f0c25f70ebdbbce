"""From a recorded output, or a function, to a program."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, overload

from autograd import calculus
from autograd.compiler.arguments import checked_nodes
from autograd.compiler.branches import warn_of_branches
from autograd.compiler.function import CompiledFunction
from autograd.compiler.program import Program
from autograd.compiler.reroll.repeats import Repeated, repeated_sums
from autograd.compiler.reroll.summation import trace_sums
from autograd.compiler.sample_program import SampleProgram, sample_program
from autograd.compiler.source.javascript import RESERVED
from autograd.compiler.source.sums import reserved
from autograd.compiler.summed_program import SummedProgram
from autograd.compiler.targets.make import TARGETS, check_package, make_target
from autograd.compiler.trace.trace import live_leaves
from autograd.graph import walk
from autograd.suggestions import choose
from autograd.value import Value

__all__ = ["compile_graph"]

_IN_ONE_PIECE = ("jax", "python")  # the first is for sharding, the second keeps the bits of the graph's own order


@overload
def compile_graph(
    output: Value, inputs: Sequence[Value], wrt: Sequence[Value] | None = None, *, target: str = "auto"
) -> SampleProgram: ...


@overload
def compile_graph(
    output: Value, inputs: None = None, wrt: Sequence[Value] | None = None, *, target: str = "auto"
) -> Program: ...


@overload
def compile_graph(
    output: Callable[..., Any],
    inputs: None = None,
    wrt: Sequence[Value] | None = None,
    *,
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    target: str = "auto",
) -> CompiledFunction: ...


def compile_graph(
    output: "Value | Callable[..., Any]",
    inputs: Sequence[Value] | None = None,
    wrt: Sequence[Value] | None = None,
    *,
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    target: str = "auto",
) -> Program:
    """Compiles a function, or a recorded output, into a program that computes it and its derivatives without a graph.

    **A function** may be any that `autograd.grad` takes, or a model of `nn`. It is traced at the first call with
    arguments of some structure and shapes, on symbols: a branch on data raises `TracingError`. See `CompiledFunction`.

    **A recorded output** is one branch of the code that recorded it: `compile` warns if one of its values was compared
    or used as a truth value. A graph without inputs may hold its samples, like a loss that is summed over them in a
    loop. If at least eight addends consist of the same operations and differ only in leaves outside `wrt`, they become
    one routine that runs on all of them, and the program is a `SummedProgram`. It adds in an order of its own, so value
    and gradient agree with those of the graph to 1e-12 relative to the size of the addends, not bit for bit. The
    targets "python", which keeps the bits of the graph, and "jax" run such a graph in one piece.

    Either is called for one sample. `program.map(...)` and `program.value_and_grad.map(...)` run on many.

    Arguments:
        output: the function, or a recorded Value.
        inputs: for a recorded output, the nodes whose numbers are passed in each call, in that order. Other leaves,
            such as parameters, are read at each call, unless they are constants.
        wrt: the nodes to differentiate with respect to. For a recorded output these are by default the parameters, or
            the inputs if there are no parameters; for a function they are Values that it takes from elsewhere.
        argnums: for a function, the index of the argument to differentiate with respect to, or several.
        has_aux: whether the function returns a pair of an output and auxiliary data, which is not differentiated.
        target: how the program runs: "python" (source, with the bits of eager execution), "numpy", "native" (machine
            code; needs llvmlite), "jax" (compiled by XLA, for accelerators), "javascript" (as in a page, run by
            mini-racer), or "auto", which is native if llvmlite is installed and otherwise NumPy.

    Raises:
        TypeError: if `output` is neither a Value nor a function, or an option does not fit it; if `inputs` or `wrt` is
            not a list of Values.
        ValueError: for an unknown target, or a node listed twice in `inputs`, or in `wrt` of a function.
        ImportError: for a target whose package is not installed.
        NotImplementedError: for an operation that the target lacks.

    >>> program = compile_graph(lambda x, y: x * y)
    >>> program(3.0, 4.0), program.grad(3.0, 4.0), program.hessian(3.0, 4.0)
    (12.0, 4.0, 0.0)
    >>> compile_graph(lambda x, y: x * y, argnums=(0, 1)).value_and_grad(3.0, 4.0)
    (12.0, (4.0, 3.0))
    >>> program.map([1.0, 2.0, 3.0], 4.0)
    array([ 4.,  8., 12.])

    All samples in one graph:

    >>> w = Value(2.0, "w", role="parameter")
    >>> loss = sum((w * x - 1.0) ** 2 for x in map(Value, range(100))) / 100.0
    >>> print(compile_graph(loss, target="numpy"))
    <program of 7 instructions, 5 of them for each of 100 samples, run by numpy; .source shows it>
    """
    choose("target", target, dict.fromkeys(TARGETS))
    if not isinstance(output, Value):
        if not callable(output):
            raise TypeError(f"compile takes a Value or a function, not {output!r}")
        if inputs is not None:
            raise TypeError("the inputs of a function are its arguments: leave out inputs=")
        return _function(output, wrt, argnums, has_aux, target)
    if argnums != 0 or has_aux:
        raise TypeError("argnums and has_aux belong to functions; for a recorded graph, list the nodes in wrt=")
    order = walk(output)  # the only walk over the graph
    warn_of_branches([*order[0], *order[1]])
    given = checked_nodes("inputs", () if inputs is None else inputs)
    _check_different("inputs", given)
    parameters = [leaf for leaf in live_leaves(order, [output], given) if leaf.role == "parameter"]
    by = checked_nodes("wrt", wrt) if wrt is not None else parameters or given
    if not given and target not in _IN_ONE_PIECE:
        repeated = repeated_sums(order, set(by))
        if repeated.sums:
            return _summed_program(repeated, by, target)
    return sample_program(order, [output], given, by, target)


def _function(
    f: Callable[..., Any], wrt: Sequence[Value] | None, argnums: int | Sequence[int], has_aux: bool, target: str
) -> CompiledFunction:
    calculus.grad(f, argnums)  # which checks argnums
    check_package(target)
    if wrt is None:
        return CompiledFunction(f, argnums, has_aux, None, target)
    if isinstance(wrt, Iterable) and any(isinstance(name, str) for name in wrt):
        raise TypeError(
            f"for the arguments of a function use argnums=, such as argnums=0 for the first, not wrt={wrt!r}"
        )
    if argnums != 0:
        raise TypeError(
            "a function is differentiated by its arguments, argnums=, or by Values that it uses, wrt=: pass one"
        )
    by = checked_nodes("wrt", wrt)
    _check_different("wrt", by)
    return CompiledFunction(f, argnums, has_aux, by, target)


def _check_different(what: str, nodes: Sequence[Value]) -> None:
    if len({*nodes}) < len(nodes):
        raise ValueError(f"{what} must be different nodes, but the same node is listed twice")


def _summed_program(repeated: Repeated, by: Sequence[Value], target: str) -> SummedProgram:
    """Compiles a graph in which some sums are split."""
    summation = trace_sums(repeated, by, lambda sums: RESERVED | reserved(sums))
    return SummedProgram(
        summation,
        summation.leaves,
        make_target(target, summation.whole.routine, summation.totals),
        tuple(make_target(target, sample.traced.routine, len(sample.columns)) for sample in summation.sums),
    )
