"""Attributes that nodes do not have, but that code written for other libraries uses: the error says what to use."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

__all__ = ["FOREIGN_ATTRIBUTES", "ForeignAttribute"]

_KEEP_STATE = "keep the state of each parameter in a dict, such as {0} = {{p: 0.0 for p in parameters}}"

# The names, with what to use instead. A name that somebody makes up is not here: its error is Python's, because a
# `__getattr__`, a `__setattr__` or a `__dict__` would slow down every node.
FOREIGN_ATTRIBUTES = {
    "_prev": "use operands, a tuple",  # micrograd's
    "_children": "use operands, a tuple",
    "_op": "use op, a name such as 'multiply'",
    "_backward": "use local_derivatives, which backward() multiplies; for a rule of your own, use autograd.operation",
    "_local_grads": "use local_derivatives",
    "grad_fn": "use op, operands and local_derivatives",  # PyTorch's
    "requires_grad": "every node gets a gradient; optimizers change the parameters that you pass to them",
} | {
    name: _KEEP_STATE.format(name)
    for name in ("cache", "exp_avg", "exp_avg_sq", "m", "momentum", "prev_grad", "state", "v", "velocity")
}


class ForeignAttribute:
    """A descriptor that raises AttributeError, with advice, where the attribute is read or assigned.

    A subclass of Value that has a `__dict__` may assign it, and read it then.

    >>> from autograd import Value
    >>> Value(1.0)._prev
    Traceback (most recent call last):
        ...
    AttributeError: a Value has no attribute '_prev': use operands, a tuple
    """

    __slots__ = ("_message", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._message = f"a Value has no attribute {name!r}: {FOREIGN_ATTRIBUTES[name]}"

    def __get__(self, node: object, owner: "type | None" = None) -> "Any":
        attributes = getattr(node, "__dict__", {})
        if self._name not in attributes:
            self._refuse(node)
        return attributes[self._name]

    def __set__(self, node: object, value: "Any") -> None:
        if not hasattr(node, "__dict__"):
            self._refuse(node)
        vars(node)[self._name] = value

    def __delete__(self, node: object) -> None:
        self.__get__(node)
        del vars(node)[self._name]

    def _refuse(self, node: object) -> "NoReturn":
        raise AttributeError(self._message, obj=node)  # without its name, for which Python would suggest another one
