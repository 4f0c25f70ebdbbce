"""Nested data: its numbers in a flat list, and the same structure with other numbers."""

from autograd.containers import contained, opened
from autograd.node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

__all__ = ["Structure", "flatten", "outline", "unflatten"]


class Structure:
    """The structure of nested data: what contains what, and the shape of each leaf.

    Containers are lists, tuples, named tuples, dicts, dataclasses and None, which contains nothing, as in JAX. Of a
    dataclass, a field that its constructor does not take is left to the class, and one marked
    `field(metadata={"static": True})` is kept as it is. Everything else is a leaf: a number, or an array of numbers.

    Two structures are equal if a function cannot tell them apart: if their containers, keys and shapes are equal, and
    what is kept. Of numbers, the types must be the same too: 1, 1.0 and True are not, nor are 0.0 and -0.0.

    Attributes:
        container: the type of the container; None for a leaf.
        keys: the indices, keys or names of what the container holds.
        branches: the structures of what it holds.
        kept: what else its constructor takes.
        shape: the shape of a leaf, () for a number.
        leaves: the number of leaves.
    """

    __slots__ = ("_holds_leaves", "branches", "container", "kept", "keys", "leaves", "shape")

    def __init__(
        self,
        container: "type | None" = None,
        keys: "Sequence[Any]" = (),
        branches: "Sequence[Structure]" = (),
        kept: "Sequence[Any]" = (),
        shape: "tuple[int, ...]" = (),
    ) -> None:
        self.container, self.keys, self.branches = container, tuple(keys), tuple(branches)
        self.kept, self.shape = tuple(kept), shape
        self._holds_leaves = all(branch.container is None for branch in self.branches)
        self.leaves: int = 1 if container is None else sum([branch.leaves for branch in self.branches])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Structure) or self._parts() != other._parts():
            return False
        told_apart = self.kept or other.kept or hasattr(self.container, "keys")
        return not told_apart or _exact((self.keys, self.kept)) == _exact((other.keys, other.kept))

    def __hash__(self) -> int:
        return hash(self._parts())  # what is kept need not be hashable

    def _parts(self) -> "tuple[Any, ...]":
        return self.container, self.keys, self.branches, self.shape

    def unhashable(self, name: str) -> "tuple[str, Any] | None":
        """Returns how something kept that is not hashable is written, for data called `name`, and what it is."""
        for item in self.kept:
            if isinstance(item, tuple) and not _is_hashable(item[1]):
                return f"{name}.{item[0]}", item[1]
        found = (branch.unhashable(path) for path, branch in self._named(name))
        return next((item for item in found if item is not None), None)

    def shapes(self) -> "list[tuple[int, ...]]":
        """Returns the shape of each leaf.

        >>> flatten([1.0, {"w": (2.0, 3.0)}])[1].shapes()
        [(), (), ()]
        """
        if self.container is None:
            return [self.shape]
        return [shape for branch in self.branches for shape in branch.shapes()]

    def arrange(self, leaves: "list[Any]", first: int = 0) -> "Any":
        """Returns leaves from a list, the first and those after it, one for each of its own, in this structure.

        >>> flatten([1.0, {"w": (2.0, 3.0)}])[1].arrange(["a", "b", "c"])
        ['a', {'w': ('b', 'c')}]
        """
        if self.container is None:
            return leaves[first]
        if self._holds_leaves:
            branches = leaves[first : first + len(self.branches)]
        else:
            branches = []
            for branch in self.branches:
                branches.append(branch.arrange(leaves, first))
                first += branch.leaves
        return contained(self.container, self.keys, self.kept, branches)

    def paths(self, name: str) -> "list[str]":
        """Returns how each number is written, for data called `name`.

        >>> flatten([1.0, {"w": (2.0, 3.0)}])[1].paths("x")
        ['x[0]', 'x[1]["w"][0]', 'x[1]["w"][1]']
        """
        if self.container is None:
            return [f"{name}{list(index)}" if index else name for index in _indices(self.shape)]
        return [path for key, branch in self._named(name) for path in branch.paths(key)]

    def leaves_of(self, other: "Any", name: str) -> "list[Any]":
        """Returns the leaves of other data of this structure, in the structure's own order.

        Raises:
            TypeError: if it has another structure; the message names the first difference in data called `name`.
        """
        container, keys, branches, _ = opened(other)
        shape = _shape(other) if container is None else ()
        held = dict(zip(keys, branches, strict=True))
        if container is not self.container or shape != self.shape or held.keys() != set(self.keys):
            given = Structure(container, keys, shape=shape).described() if container or shape else repr(other)
            raise TypeError(f"{name} must be {self.described()}, not {given}")
        if container is None:
            return [other]
        named = zip(self.keys, self._named(name), strict=True)
        return [leaf for key, (path, branch) in named for leaf in branch.leaves_of(held[key], path)]

    def _named(self, name: str) -> "list[tuple[str, Structure]]":
        """How each branch of a container called `name` is written, and the branch."""
        if hasattr(self.container, "_fields") or hasattr(self.container, "__dataclass_fields__"):
            paths = [f"{name}.{key}" for key in self.keys]
        else:
            paths = [f"{name}[{_written(key)}]" for key in self.keys]
        return list(zip(paths, self.branches, strict=True))

    def described(self) -> str:
        """Returns a description for error messages.

        >>> flatten({"w": 1.0})[1].described(), flatten((1.0, 2.0))[1].described()
        ("a dict with the keys 'w'", 'a tuple of 2')
        """
        kind = self.container
        if kind is None:
            return f"an array of shape {self.shape}" if self.shape else "a number"
        if kind is type(None):
            return "None"
        keys = ", ".join(repr(key) for key in self.keys)
        return f"a {kind.__name__} " + (f"with the keys {keys}" if issubclass(kind, dict) else f"of {len(self.keys)}")


_NUMBER = Structure()
_SCALARS = (float, int, Node)  # the kinds of leaves that are recognised without a closer look


def flatten(data: "Any") -> "tuple[list[Any], Structure]":
    """Returns the numbers in nested data, depth first, and its structure.

    Whether they are numbers is not checked: whatever is neither a container nor an array counts as one.

    Raises:
        ValueError: if a container contains itself.
        TypeError: if an array cannot be read by NumPy.

    >>> flatten([1.0, {"w": (2.0, 3.0)}])[0]
    [1.0, 2.0, 3.0]
    """
    leaves, structure = outline(data)
    numbers: list[Any] = []
    for leaf in leaves:
        if isinstance(leaf, _SCALARS):
            numbers.append(leaf)
        else:
            numbers += elements(leaf)
    return numbers, structure


def unflatten(structure: Structure, numbers: "Sequence[Any]") -> "Any":
    """Arranges numbers, in the order of `flatten`, in a structure; those of an array become an array.

    >>> unflatten(flatten([0, {"w": (0, 0)}])[1], [1.0, 2.0, 3.0])
    [1.0, {'w': (2.0, 3.0)}]
    """
    return structure.arrange([*_arrays(structure.shapes(), iter(numbers))])


def outline(data: "Any") -> "tuple[list[Any], Structure]":
    """Returns the leaves of nested data, numbers and arrays as they are, and its structure; see `flatten`."""
    leaves: list[Any] = []
    try:
        return leaves, _outlined(data, leaves, [])
    except RecursionError:
        raise RecursionError("data must be nested less deeply than Python's recursion limit; use an array") from None


def elements(leaf: "Any") -> "list[Any]":
    """Returns the numbers of a leaf: those of an array row by row.

    Raises:
        TypeError: if an array cannot be read by NumPy.
    """
    shape = getattr(leaf, "shape", None)
    if not isinstance(shape, tuple):
        return [leaf]
    array = _as_numpy(leaf, tuple(shape))
    return array.ravel().tolist() if array.dtype == float else list(array.flat)


def array_of(numbers: "Sequence[Any]", shape: "tuple[int, ...]") -> "Any":
    """Returns an array of floats or Values with this shape; the number itself for the shape ()."""
    if shape == ():
        return numbers[0]
    from autograd.ufuncs import stack

    return stack(numbers, shape)


def _arrays(shapes: "Sequence[tuple[int, ...]]", numbers: "Iterator[Any]") -> "Iterator[Any]":
    for shape in shapes:
        yield next(numbers) if shape == () else array_of([next(numbers) for _ in range(size(shape))], shape)


def size(shape: "tuple[int, ...]") -> int:
    """Returns the number of elements of an array of this shape."""
    count = 1
    for length in shape:
        count *= length
    return count


def _outlined(data: "Any", leaves: "list[Any]", around: "list[int]") -> Structure:
    """Appends the leaves of `data`, which is inside of containers with the ids `around`; returns its structure."""
    if isinstance(data, _SCALARS):
        leaves.append(data)
        return _NUMBER
    container, keys, held, kept = opened(data)
    if container is None:
        leaves.append(data)
        return Structure(shape=_shape(data))
    if id(data) in around:
        raise ValueError(f"nested data must not contain itself, but a {container.__name__} in it does")
    around.append(id(data))
    branches = [_outlined(branch, leaves, around) for branch in held]
    around.pop()
    return Structure(container, keys, branches, kept)


def _shape(leaf: "Any") -> "tuple[int, ...]":
    shape = getattr(leaf, "shape", ())
    return tuple(shape) if isinstance(shape, tuple) else ()


def _as_numpy(array: "Any", shape: "tuple[int, ...]") -> "Any":
    """An array of pandas, torch or JAX, for example, as a NumPy array."""
    from autograd.numerics import np

    if isinstance(array, np.ndarray):
        return np.asarray(array)  # a matrix would keep two axes
    try:
        converted = np.asarray(array)
    except (TypeError, RuntimeError) as error:
        raise TypeError(
            f"an array must be readable by numpy.asarray, but {type(array).__name__} is not: {error}"
        ) from error
    if converted.shape != shape:
        raise TypeError(f"an array must be readable by numpy.asarray, but {type(array).__name__} is not")
    return converted


def _indices(shape: "tuple[int, ...]") -> "list[tuple[int, ...]]":
    """All indices of an array, row by row."""
    from itertools import product

    return list(product(*map(range, shape)))


def _exact(item: "Any") -> object:
    """Something equal only for items that a function cannot tell apart. What may change is only equal to itself."""
    if type(item) is str:
        return item
    if isinstance(item, tuple):
        return type(item), [_exact(part) for part in item]
    if not _is_hashable(item):
        return type(item), id(item)
    return type(item), repr(item) if isinstance(item, (float, complex)) else item


def _is_hashable(item: "Any") -> bool:
    try:
        hash(item)
    except TypeError:
        return False
    return True


def _written(key: "Any") -> str:
    return f'"{key}"' if isinstance(key, str) and key.isprintable() and '"' not in key else repr(key)
