"""The arguments of a call of `.map`: which of them are samples, and what one sample is."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

from autograd.compiler.arguments import FLAGS
from autograd.compiler.targets.base import Floats
from autograd.compiler.targets.rows import Rows
from autograd.functions import real
from autograd.numerics import np, npt
from autograd.structure import Structure, elements, flatten, outline, size
from autograd.validation import described

__all__ = ["InAxes", "Samples", "split_samples"]

_NEITHER = object()

InAxes = int | None | Sequence[int | None]


class Samples(NamedTuple):
    """Arguments that are samples.

    Attributes:
        example: the arguments of the first sample.
        rows: the numbers that differ from sample to sample.
        places: their places among all items in the example.
    """

    example: tuple[Any, ...]
    rows: Rows
    places: list[int]


def split_samples(
    arguments: Sequence[Any], names: Callable[[int], str], in_axes: InAxes, known: Iterable[Sequence[Structure]]
) -> Samples:
    """Splits arguments into samples.

    Arguments:
        arguments: the positional arguments.
        names: returns the name of an argument, for error messages.
        in_axes: see `Computation.map`.
        known: the structures of the arguments of calls for one sample.

    Raises:
        TypeError: if the samples are not real numbers, or `in_axes` fits no argument.
        ValueError: if there are no samples, their numbers differ, or it is not clear what is a sample.
    """
    parts = [_Part(partial(names, position), given) for position, given in enumerate(arguments)]
    axes = _chosen(parts, in_axes, [structures for structures in known if len(structures) == len(parts)])
    lengths = {length for part, axis in zip(parts, axes, strict=True) for length in part.lengths(axis)}
    if len(lengths) != 1 or 0 in lengths:
        _refuse(parts, lengths)
    arrays: list[Any] = []
    places: list[int] = []
    place = 0
    for part, axis in zip(parts, axes, strict=True):
        for array, length in part.arrays(axis):
            if array is not None:
                arrays.append(array)
                places += range(place, place + length)
            place += length
    example = tuple(part.example(axis) for part, axis in zip(parts, axes, strict=True))
    return Samples(example, Rows(arrays), places)


class _Part:
    """One argument of `.map`, opened.

    Attributes:
        leaves: its numbers and arrays; a list of plain numbers, nested or not, is one array.
    """

    def __init__(self, find_name: Callable[[], str], given: Any) -> None:
        self._find_name, self.given = find_name, given
        self.leaves, self.structure = outline(given)
        self.is_list = isinstance(given, (list, tuple)) and bool(self.leaves or not given) and not any(self.shapes)
        if self.is_list:
            self.leaves = [_rectangular(self, given)]

    @cached_property
    def name(self) -> str:
        """Its name, which takes a while to find, and which only errors show."""
        return self._find_name()

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        return [tuple(getattr(leaf, "shape", ())) for leaf in self.leaves]

    def lengths(self, axis: int | None) -> set[int]:
        """The numbers of samples of the arrays in it."""
        return set() if axis is None else {shape[axis] for shape in self.shapes if shape}

    def axis_beside(self, known: Structure) -> Any:
        """None if it is what one sample takes, 0 if it is an array of that, and _NEITHER otherwise."""
        if self.structure == known:
            return None
        if self.is_list:
            return 0 if self.shapes[0][1:] == _shape_of(known) else _NEITHER
        mapped = all(self.shapes) and [shape[1:] for shape in self.shapes] == known.shapes()
        return 0 if mapped else _NEITHER

    def example(self, axis: int | None) -> Any:
        """The argument of the first sample. Flags among samples are numbers, because they differ."""
        if axis is None:
            return self.given
        if self.is_list and axis == 0 and not any(isinstance(number, FLAGS) for number in flatten(self.given)[0]):
            return self.given[0]
        firsts = [
            np.moveaxis(self._numbers(leaf), axis, 0)[0] if shape else leaf
            for leaf, shape in zip(self.leaves, self.shapes, strict=True)
        ]
        return firsts[0] if self.is_list else self.structure.arrange(firsts)

    def arrays(self, axis: int | None) -> "Iterable[tuple[Floats | None, int]]":
        """For each leaf, its array of samples, or None if all share it, and how many numbers it is for a sample."""
        for leaf, shape in zip(self.leaves, self.shapes, strict=True):
            if axis is None or not shape:
                yield None, size(shape)
            else:
                array = np.moveaxis(self._numbers(leaf), axis, 0)
                yield array, size(array.shape[1:])

    def _numbers(self, leaf: Any) -> npt.NDArray[Any]:
        array = np.asarray(leaf)
        if array.dtype == object:  # such as fractions, or integers beyond those of the processor
            numbers = [real(x) for x in elements(array)]
            if all(type(number) is float for number in numbers):
                return np.array(numbers).reshape(array.shape)
        if array.dtype.kind not in "biuf":
            wrong = next((x for x in elements(array) if not isinstance(x, (int, float))), leaf)
            plain = wrong.item() if isinstance(wrong, np.generic) else wrong
            raise TypeError(f"{self.name} must be an array of real numbers, but it contains {described(plain)}")
        return array.astype(float, copy=not array.flags.aligned)


def _rectangular(part: _Part, given: Any) -> npt.NDArray[Any]:
    try:
        return np.array(given)
    except ValueError:
        raise ValueError(
            f"{part.name} must be a list of samples of the same shape, but the lengths in it differ"
        ) from None


def _shape_of(structure: Structure) -> tuple[int, ...] | None:
    """The shape of nested lists as an array; None if they have none."""
    if structure.container is None:
        return structure.shape
    inner = {_shape_of(branch) for branch in structure.branches}
    if not issubclass(structure.container, (list, tuple)) or len(inner) != 1 or None in inner:
        return None
    (shape,) = inner
    return (len(structure.branches), *(shape or ()))


def _chosen(parts: list[_Part], in_axes: InAxes, known: Sequence[Sequence[Structure]]) -> list[int | None]:
    """The axis of the samples in each argument, or None for one that all samples share."""
    if in_axes is not None:
        axes: list[Any] = list(in_axes) if isinstance(in_axes, (tuple, list)) else [in_axes] * len(parts)
        if len(axes) != len(parts) or not all(axis is None or isinstance(axis, int) for axis in axes):
            raise TypeError(
                f"in_axes must be an axis, or one for each of the {len(parts)} arguments (None for one that all "
                f"samples share), not {in_axes!r}"
            )
        for part, axis in zip(parts, axes, strict=True):
            if axis is not None and any(shape and not -len(shape) <= axis < len(shape) for shape in part.shapes):
                raise ValueError(f"in_axes must be an axis of {part.name}, whose shape is {part.shapes[0]}, not {axis}")
        return axes
    readings: list[list[int | None]] = []
    every = [0 if any(part.shapes) else None for part in parts]
    if len({length for part, axis in zip(parts, every, strict=True) for length in part.lengths(axis)}) == 1:
        readings.append(every)
    for structures in known:
        axes = [part.axis_beside(structure) for part, structure in zip(parts, structures, strict=True)]
        if _NEITHER not in axes and 0 in axes and axes not in readings:
            readings.append(axes)
    if len(readings) > 1:
        raise ValueError(
            "it is not clear which arguments are samples: pass in_axes=, 0 for each argument with a sample in each row "
            "and None for each that all samples share"
        )
    return readings[0] if readings else every


def _refuse(parts: list[_Part], lengths: set[int]) -> None:
    shapes = ", ".join(f"{part.name}: {', '.join(map(str, part.shapes)) or described(part.given)}" for part in parts)
    if not lengths or 0 in lengths:
        raise ValueError(f"map needs at least one sample in an array or a list, not the shapes {shapes}")
    raise ValueError(
        f"map needs arrays of the same number of samples, not the shapes {shapes}; for an argument that all samples "
        "share, pass in_axes=, such as in_axes=(None, 0)"
    )
