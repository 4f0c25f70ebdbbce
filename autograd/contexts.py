"""Context managers for the nodes made inside a `with` block: they set their scope, or list the leaves among them.

Their state is kept in globals of `autograd.value`, where every new node reads it.
"""

from autograd import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["new_leaves", "scope"]


class scope:
    """Sets the scope of the nodes made inside a `with` block: the module of a model that they belong to.

    Scopes nest, and their names are joined by dots. There is one current scope for all threads, so build graphs from
    one thread at a time.

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

    __slots__ = ("name", "outer")

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"the name of a scope must be a string, not {name!r}")
        self.name = name
        self.outer: list[str] = []  # a stack, because a scope may be entered again inside itself

    def __enter__(self) -> None:
        outer = value._scope
        self.outer.append(outer)
        value._scope = f"{outer}.{self.name}" if outer and self.name else outer or self.name

    def __exit__(self, *exception: object) -> None:
        value._scope = self.outer.pop()


class new_leaves:
    """Lists the leaves, except constants, that are made inside a `with` block; such blocks nest."""

    __slots__ = ("made", "outer")

    def __enter__(self) -> "list[Value]":
        self.outer = value._new_leaves
        self.made: list[Value] = []
        value._new_leaves = self.made
        return self.made

    def __exit__(self, *exception: object) -> None:
        value._new_leaves = self.outer
        if self.outer is not None:
            self.outer += self.made
