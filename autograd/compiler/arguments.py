"""What `compile` is given: nodes of a graph, or a function that records one."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograd.compiler.ir.instruction import Recorder
from autograd.compiler.trace.symbol import Symbol
from autograd.value import Value

__all__ = ["checked_nodes", "recorded"]


def recorded(f: Callable[..., Any]) -> tuple[Value, dict[str, Value]]:
    """What a function records when it is called: on symbols first, where a branch on data raises, then on numbers.

    Returns:
        The output, and by their names the inputs: the function's arguments, but for those that have a default.

    Raises:
        TypeError: if the arguments cannot be told, or the function gives something else than one Value or number.
        TracingError: if it branches on data.
    """
    names = _arguments(f)
    recorder = Recorder()
    f(*[Value(Symbol(recorder, recorder.input()), name, role="input") for name in names])
    inputs = {name: Value(1.0, name, role="input") for name in names}
    output = f(*inputs.values())
    try:
        return Value.constant(output), inputs
    except TypeError:
        raise TypeError(
            f"a function that is compiled gives one Value, not {output!r}; compile several outputs one by one"
        ) from None


def _arguments(f: Callable[..., Any]) -> list[str]:
    """The names of the arguments to call a function with: those that must be given, one by one."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except ValueError:
        raise TypeError(f"{f!r} does not tell its arguments: compile a function that calls it, lambda x: ...") from None
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    for parameter in needed:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY):
            raise TypeError(
                f"the inputs of a program are arguments that are given one by one, but of {f!r} there is {parameter}: "
                "compile a function that calls it, such as lambda x, y: f(x, y)"
            )
    return [parameter.name for parameter in needed]


def checked_nodes(what: str, given: Any, named: Mapping[str, Value]) -> list[Value]:
    """The nodes listed as "inputs" or "wrt"; those that have a name may be listed by it.

    Raises:
        TypeError: if it is no list, or not one of Values.
    """
    if isinstance(given, (Value, str)) or not isinstance(given, Iterable):
        raise TypeError(f"{what} is a list of Values, such as [x], not {given!r}")
    nodes: list[Any] = [named.get(node, node) if isinstance(node, str) else node for node in given]
    for node in nodes:
        if not isinstance(node, Value):
            names = f" or names of arguments ({', '.join(named)})" if named else ""
            raise TypeError(f"{what} is a list of Values{names}, but in it is {node!r}")
    return nodes
