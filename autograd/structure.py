"""Nested lists, tuples and arrays: their scalars in a flat list, and the same structure with other scalars."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

__all__ = ["flatten", "unflatten"]


def flatten(tree: "Any") -> "list[Any]":
    """Returns the scalars of `tree`, depth first.

    >>> flatten([1.0, (2.0, [3.0])])
    [1.0, 2.0, 3.0]
    """
    if isinstance(tree, (list, tuple)):
        return [scalar for branch in tree for scalar in flatten(branch)]
    return list(tree.flat) if _is_array(tree) else [tree]


def unflatten(tree: "Any", scalars: "Iterable[Any]") -> "Any":
    """Arranges `scalars` in the structure of `tree`. If they are arrays, their axes follow those of an array of `tree`.

    >>> unflatten([0, (0, [0])], [1.0, 2.0, 3.0])
    [1.0, (2.0, [3.0])]
    """
    scalars = iter(scalars)
    if isinstance(tree, (list, tuple)):
        branches = [unflatten(branch, scalars) for branch in tree]
        return type(tree)(*branches) if hasattr(tree, "_fields") else type(tree)(branches)  # a namedtuple has _fields
    if not _is_array(tree):
        return next(scalars)
    from autograd.ufuncs import stack

    return stack([next(scalars) for _ in range(tree.size)], tree.shape)


def _is_array(tree: "Any") -> bool:
    return getattr(tree, "shape", ()) != ()
