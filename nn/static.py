"""The mark of a module or a function that always computes the same formula."""

from types import FunctionType
from typing import Any, TypeVar

__all__ = ["is_static", "static"]

T = TypeVar("T")

_MARK = "_is_static"


def static(marked: T) -> T:
    """Marks a class of modules, or a function, that always computes the same formula, so that its programs are kept.

    `fit` and `predict` compile a model. For the classes of this package, they keep the program, and use it again until
    something changes that could change it. What a class or an activation of your own computes could depend on anything,
    so it is compiled again at each call, unless you mark it; so is a loss that reads more than numbers, Values, arrays,
    its model and functions. The mark is a promise:

    - `forward`, and the methods that it calls, use nothing that changes from one call to the next but the parameters,
      the mode, the inputs and the attributes of the module: no global variables, no random numbers, no files.
      Attributes are compared at each call. They may be numbers, strings, Values, arrays, modules and functions that
      are themselves marked, and lists, tuples and dicts of all these; a module with any other attribute is compiled
      again at each call.
    - An activation or a loss uses nothing that changes but its arguments.

    Parameters are read at each call, whatever is marked. A subclass is not marked by the mark of its base.

    Arguments:
        marked: a subclass of `Module`, or a function.

    Returns:
        The class or function itself, so that this can be used as a decorator.

    Raises:
        TypeError: for anything else, such as an instance.

    >>> import nn
    >>> @static
    ... class Doubled(nn.Module):
    ...     def __init__(self):
    ...         self.layer = nn.Layer(2, 1)
    ...
    ...     def forward(self, inputs):
    ...         return 2.0 * self.layer(inputs)
    >>> Doubled().predict([[0.0, 0.0]]).tolist()
    [0.0]
    """
    if not isinstance(marked, (type, FunctionType)):
        raise TypeError(f"static marks a class or a function, not {marked!r}; mark the class of an object instead")
    setattr(marked, _MARK, True)
    return marked


def is_static(thing: Any) -> bool:
    """Returns whether a class or a function is marked itself, not just a base of it."""
    return isinstance(thing, (type, FunctionType)) and vars(thing).get(_MARK) is True
