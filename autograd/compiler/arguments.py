"""The arguments of `compile`: nodes of a graph, or a function that records one."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograd.compiler.trace.builder import Builder
from autograd.contexts import call_on_inputs
from autograd.value import Value

__all__ = ["checked_nodes", "recorded"]


def recorded(f: Callable[..., Any]) -> tuple[Value, dict[str, Value]]:
    """Calls a function on symbols, where a branch on data raises an error, and records its graph.

    Numbers would not do: a function that checks them would record the graph of one case for all.

    Returns:
        The output, and the inputs by name: the arguments of the function without a default.

    Raises:
        TypeError: if the arguments cannot be determined, or the function does not return one Value or number.
        TracingError: if it branches on data.
    """
    builder = Builder()
    inputs = {name: Value(builder.symbol(), name, role="input") for name in _arguments(f)}
    output = call_on_inputs(inputs.values(), f, *inputs.values())
    try:
        return Value.constant(output), inputs
    except TypeError:
        raise TypeError(
            f"a function that is compiled must return one Value, not {output!r}; compile several outputs one by one"
        ) from None


def _arguments(f: Callable[..., Any]) -> list[str]:
    """Returns the names of the arguments that a function requires."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except ValueError:
        raise TypeError(f"{f!r} has no signature: compile a function that calls it, such as lambda x: ...") from None
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    for parameter in needed:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY):
            raise TypeError(
                f"the inputs of a program must be arguments that are passed one by one, but {f!r} has {parameter}: "
                "compile a function that calls it, such as lambda x, y: f(x, y)"
            )
    return [parameter.name for parameter in needed]


def checked_nodes(what: str, given: Any, named: Mapping[str, Value]) -> list[Value]:
    """Returns the nodes listed as "inputs" or "wrt"; `named` nodes may be listed by name.

    Raises:
        TypeError: if `given` is not a list of Values.
    """
    if isinstance(given, (Value, str)) or not isinstance(given, Iterable):
        raise TypeError(f"{what} must be a list of Values, such as [x], not {given!r}")
    nodes: list[Any] = [named.get(node, node) if isinstance(node, str) else node for node in given]
    for node in nodes:
        if not isinstance(node, Value):
            names = f" or names of arguments ({', '.join(named)})" if named else ""
            raise TypeError(f"{what} must be a list of Values{names}, but it contains {node!r}")
    return nodes
