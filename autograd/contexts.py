"""The context of new nodes: the scope that they belong to, a list of the leaves among them, and the inputs.

All are context variables: each thread and each asyncio task has its own. The modules that read them define them.
"""

from contextvars import ContextVar, copy_context

from autograd.copying import _inputs
from autograd.value import _new_leaves, _scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from autograd.value import Value

    Stack = tuple[str, "Stack"] | None

__all__ = ["call_in_scope", "call_on_inputs", "call_with", "leaves_made_by", "scope"]

# The scopes around the current one, innermost first. They are not kept in the `scope` object, which several threads may
# enter, and which may be entered again inside itself.
_outer_scopes: "ContextVar[Stack]" = ContextVar("autograd.outer_scopes", default=None)


class scope:
    """Sets the scope of the nodes made inside a `with` block: the module of a model that they belong to.

    Scopes nest, and their names are joined by dots. Each thread and each asyncio task has its own current scope. The
    body of a generator has that of its caller: do not yield inside the block.

    Arguments:
        name: one component of the path, for example "layer1"; "" adds nothing.

    Raises:
        TypeError: if the name is not a string.

    >>> from autograd import Value
    >>> x = Value(1.0)
    >>> with scope("layer1"), scope("neuron2"):
    ...     y = x + 1.0
    >>> y.scope
    'layer1.neuron2'
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"the name of a scope must be a string, not {name!r}")
        self.name = name

    def __enter__(self) -> None:
        outer = _scope.get()
        _outer_scopes.set((outer, _outer_scopes.get()))
        _scope.set(_joined(outer, self.name))

    def __exit__(self, *exception: object) -> None:
        stack = _outer_scopes.get()
        if stack is not None:  # it is None if another context entered the block, as a generator may
            _scope.set(stack[0])
            _outer_scopes.set(stack[1])


def call_with(variable: "ContextVar[Any]", value: "Any", function: "Callable[..., Any]", *arguments: "Any") -> "Any":
    """Returns function(*arguments), called in a copy of the current context in which a variable has another value.

    Unlike a `with` block, which an interrupt may leave before it restores the old value, the copy ends with the call.
    """
    context = copy_context()
    context.run(variable.set, value)
    return context.run(function, *arguments)


def call_in_scope(name: str, function: "Callable[..., Any]", *arguments: "Any") -> "Any":
    """Returns function(*arguments), whose nodes get the scope `name` inside the current one."""
    return call_with(_scope, _joined(_scope.get(), name), function, *arguments)


def call_on_inputs(inputs: "Iterable[Value]", function: "Callable[..., Any]", *arguments: "Any") -> "Any":
    """Returns function(*arguments), in which copies of what depends on the inputs keep the graph; see `copying`."""
    return call_with(_inputs, _inputs.get().union(inputs), function, *arguments)


def leaves_made_by(function: "Callable[[], Any]") -> "tuple[Any, list[Value]]":
    """Returns function(), and the leaves that it made."""
    made: list[Value] = []
    result = call_with(_new_leaves, made, function)
    outer = _new_leaves.get()
    if outer is not None:
        outer += made
    return result, made


def _joined(outer: str, name: str) -> str:
    return f"{outer}.{name}" if outer and name else outer or name
