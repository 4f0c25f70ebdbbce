"""Nested lists, tuples and arrays: their scalars in a flat list, and the same structure with other scalars."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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


def unflatten(tree: "Any", scalars: "Iterable[Any]", like: "Any" = 0.0) -> "Any":
    """Arranges `scalars` in the structure of `tree`.

    Arguments:
        tree: a scalar, or a (nested) list, tuple or array.
        scalars: the scalars in the order of `flatten`. They may be nested themselves. In the place of an array is then
            one structure of theirs, whose arrays have the axes of that array first.
        like: something with the structure of each scalar, for arrays without elements.

    >>> unflatten([0, (0, [0])], [1.0, 2.0, 3.0])
    [1.0, (2.0, [3.0])]
    """
    scalars = iter(scalars)
    if isinstance(tree, (list, tuple)):
        return _like(tree, [unflatten(branch, scalars, like) for branch in tree])
    if not _is_array(tree):
        return next(scalars)
    return _stack([next(scalars) for _ in range(tree.size)], tree.shape, like)


def _stack(elements: "Sequence[Any]", shape: "tuple[int, ...]", like: "Any") -> "Any":
    """Returns an array of the elements; for nested elements, their structure with such an array for each scalar."""
    if isinstance(like, (list, tuple)):
        branches = [[element[index] for element in elements] for index in range(len(like))]
        return _like(like, [_stack(branch, shape, inner) for branch, inner in zip(branches, like, strict=True)])
    from autograd.ufuncs import stack

    return stack(elements, shape if elements else (*shape, *getattr(like, "shape", ())))


def _like(tree: "Any", branches: "list[Any]") -> "Any":
    """Returns a list or a tuple of the type of `tree`."""
    return type(tree)(*branches) if hasattr(tree, "_fields") else type(tree)(branches)  # a namedtuple has _fields


def _is_array(tree: "Any") -> bool:
    return getattr(tree, "shape", ()) != ()
