"""Arrays as lists: a shape and the items, row by row, with the operators and methods of NumPy's that are used here.

Every array has items of its own: there are no views, so that what is changed in a part of an array stays in the part,
unless the part is assigned to.
"""

import math
import operator
from array import array as packed
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from autograd.without_numpy.sums import pairwise_sum, sum_in_turn
from autograd.without_numpy.types import common, dtype_named, kind_of

__all__ = ["array", "asarray", "broadcast_to", "elementwise", "ndarray", "quotient", "rounded"]

Shape = tuple[int, ...]

_SEQUENCES = (list, tuple, range, packed)


class ndarray:
    """An array.

    Arguments:
        shape: its shape.
        items: its items, row by row.
        dtype: `bool`, `int`, `float` or `object`.
    """

    __slots__ = ("_items", "dtype", "shape")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, shape: Shape, items: list[Any], dtype: type) -> None:
        self.shape, self._items, self.dtype = shape, items, dtype

    def __class_getitem__(cls, item: Any) -> type:
        return cls

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of items."""
        return len(self._items)

    @property
    def nbytes(self) -> int:
        """The bytes of its items."""
        return 8 * self.size

    @property
    def flat(self) -> list[Any]:
        """Its items, row by row."""
        return self._items

    @property
    def T(self) -> "ndarray":  # noqa: N802 - NumPy's name
        """A copy with the axes in reverse order."""
        turned = self.shape[::-1]
        places = _strides(self.shape)[::-1]
        return self._taken(turned, _offsets(turned, places))

    def tolist(self) -> Any:
        """Returns the items as nested lists; of no axes, the item."""
        items: Any = list(self._items)
        if not self.shape:
            return items[0]
        for length in self.shape[:0:-1]:
            count = len(items) // length if length else math.prod(self.shape[:-1])
            items = [items[row * length : (row + 1) * length] for row in range(count)]
        return items

    def tobytes(self) -> bytes:
        """Returns the numbers as they would be in memory."""
        return packed("d" if self.dtype is float else "q", self._items).tobytes()

    def item(self) -> Any:
        """Returns the only item."""
        (item,) = self._items
        return item

    def copy(self) -> "ndarray":
        """Returns a copy."""
        return ndarray(self.shape, list(self._items), self.dtype)

    def astype(self, dtype: Any) -> "ndarray":
        """Returns a copy of another type."""
        kind = dtype_named(dtype)
        items = self._items if kind is object else map(kind, self._items)
        return ndarray(self.shape, list(items), kind)

    def ravel(self) -> "ndarray":
        """Returns a copy with one axis."""
        return ndarray((self.size,), list(self._items), self.dtype)

    def reshape(self, *shape: Any) -> "ndarray":
        """Returns a copy of another shape, in which one length may be -1."""
        lengths = tuple(shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape)
        if -1 in lengths:
            others = math.prod(length for length in lengths if length != -1)
            lengths = tuple(self.size // max(others, 1) if length == -1 else length for length in lengths)
        if math.prod(lengths) != self.size:
            raise ValueError(f"cannot reshape array of size {self.size} into shape {lengths}")
        return ndarray(lengths, list(self._items), self.dtype)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        shape, places = self._selected(key)
        return self._taken(shape, places) if shape is not None else self._items[places[0]]

    def __setitem__(self, key: Any, given: Any) -> None:
        shape, places = self._selected(key)
        items = broadcast_to(given, shape or ())._items
        for place, item in zip(places, items, strict=True):
            self._items[place] = item if self.dtype is object else self.dtype(item)

    def _taken(self, shape: Shape, places: Iterable[int]) -> "ndarray":
        items = self._items
        return ndarray(shape, [items[place] for place in places], self.dtype)

    def _mapped(self, function: Callable[[Any], Any]) -> "ndarray":
        """An array of what a function returns for each item: a type, for an array of that type."""
        items = list(map(function, self._items))
        return ndarray(self.shape, items, common(map(kind_of, items)) if items else self.dtype)

    def _selected(self, key: Any) -> tuple[Shape | None, list[int]]:
        """The shape of a selection, and the places of its items; the shape is None if it is one item by itself."""
        if isinstance(key, ndarray) and key.dtype is bool:
            if key.shape != self.shape:
                raise IndexError(f"a mask for an array of shape {self.shape} must have that shape, not {key.shape}")
            places = [place for place, chosen in enumerate(key._items) if chosen]
            return (len(places),), places
        keys = list(key) if isinstance(key, tuple) else [key]
        if any(k is Ellipsis for k in keys):
            first = next(place for place, k in enumerate(keys) if k is Ellipsis)
            given = sum(k is not None and k is not Ellipsis for k in keys)
            keys[first : first + 1] = [slice(None)] * (self.ndim - given)
        keys += [slice(None)] * (self.ndim - sum(k is not None for k in keys))
        lengths = iter(zip(self.shape, _strides(self.shape), strict=True))
        shape: list[int] = []
        offsets: list[Sequence[int]] = []
        arrays = 0
        for k in keys:
            if k is None:
                shape.append(1)
                continue
            try:
                length, stride = next(lengths)
            except StopIteration:
                raise IndexError(f"too many indices for an array of {self.ndim} axes") from None
            if isinstance(k, slice):
                chosen: Sequence[int] = range(length)[k]
                shape.append(len(chosen))
            elif isinstance(k, (ndarray, list)):
                numbers = asarray(k)
                chosen = [_index(number, length) for number in numbers._items]
                shape += numbers.shape
                arrays += 1
            else:
                chosen = [_index(operator.index(k), length)]
            offsets.append([index * stride for index in chosen])
        if arrays > 1:
            raise IndexError("one axis alone may be indexed by an array, unless NumPy is installed")
        places = [sum(found) for found in product(*offsets)]
        is_item = not shape and not any(k is None or isinstance(k, (slice, ndarray, list)) for k in keys)
        return None if is_item and key is not Ellipsis and key != () else tuple(shape), places

    def __add__(self, other: Any) -> Any:
        return elementwise(operator.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return elementwise(operator.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return elementwise(operator.sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return elementwise(operator.sub, other, self)

    def __mul__(self, other: Any) -> Any:
        return elementwise(operator.mul, self, other)

    def __rmul__(self, other: Any) -> Any:
        return elementwise(operator.mul, other, self)

    def __truediv__(self, other: Any) -> Any:
        return elementwise(quotient, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return elementwise(quotient, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return elementwise(operator.floordiv, self, other)

    def __mod__(self, other: Any) -> Any:
        return elementwise(operator.mod, self, other)

    def __neg__(self) -> "ndarray":
        return self._mapped(operator.neg)

    def __and__(self, other: Any) -> Any:
        return elementwise(operator.and_, self, other)

    def __or__(self, other: Any) -> Any:
        return elementwise(operator.or_, self, other)

    def __invert__(self) -> "ndarray":
        return self._mapped(operator.not_)

    def __eq__(self, other: Any) -> Any:
        return elementwise(operator.eq, self, other)

    def __ne__(self, other: Any) -> Any:
        return elementwise(operator.ne, self, other)

    def __lt__(self, other: Any) -> Any:
        return elementwise(operator.lt, self, other)

    def __le__(self, other: Any) -> Any:
        return elementwise(operator.le, self, other)

    def __gt__(self, other: Any) -> Any:
        return elementwise(operator.gt, self, other)

    def __ge__(self, other: Any) -> Any:
        return elementwise(operator.ge, self, other)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError("The truth value of an array with more than one element is ambiguous")
        return bool(self._items[0])

    def __float__(self) -> float:
        if self.shape:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return float(self._items[0])

    def __repr__(self) -> str:
        return f"array({self.tolist()})"

    def sum(self, axis: int | None = None) -> Any:
        """The sum of all items or along an axis, in NumPy's order."""
        in_turn = axis is not None and math.prod(self.shape[axis % self.ndim + 1 :]) > 1  # row after row
        return _along(self, axis, sum_in_turn if in_turn else pairwise_sum)

    def mean(self, axis: int | None = None) -> Any:
        """The mean of all items or along an axis."""
        total = self.sum(axis)
        return quotient(total, self.size) if axis is None else total / self.shape[axis]

    def std(self, axis: int | None = None) -> Any:
        """The standard deviation of all items or along an axis."""
        apart = self - (self.mean() if axis is None else _with_axis(self.mean(axis), axis))
        variance = (apart * apart).mean(axis)
        return elementwise(math.sqrt, variance)

    def max(self, axis: int | None = None, initial: float | None = None) -> Any:
        """The largest item, of all or along an axis; nan if one is nan."""
        return _along(self, axis, lambda items: _extreme(max, items, initial))

    def min(self, axis: int | None = None, initial: float | None = None) -> Any:
        """The smallest item, of all or along an axis; nan if one is nan."""
        return _along(self, axis, lambda items: _extreme(min, items, initial))

    def argmax(self, axis: int | None = None) -> Any:
        """The index of the first largest item, of all or along an axis."""
        return _along(self, axis, lambda items: items.index(max(items)))

    def all(self, axis: int | None = None) -> Any:
        """Whether all items are true."""
        return _along(self, axis, all)

    def any(self, axis: int | None = None) -> Any:
        """Whether an item is true."""
        return _along(self, axis, any)

    def round(self, decimals: int = 0) -> "ndarray":
        """The items rounded to so many decimals as NumPy does it: scaled, rounded to integers, halves to even ones."""
        if self.dtype is not float and decimals >= 0:
            return self.copy()
        scale = 10.0 ** abs(decimals)
        if decimals < 0:
            return self._mapped(lambda x: rounded(x / scale) * scale)
        return self._mapped(lambda x: rounded(x * scale) / scale)


def array(given: Any, dtype: Any = None) -> ndarray:
    """Returns a new array of an array, or of a number or nested sequences of numbers.

    Raises:
        ValueError: if the rows have different lengths; if the type is `object`, such rows become items.

    >>> array([[1, 2], [3, 4]]).shape, array([1, 2], dtype=float).tolist(), array(2.0).shape
    ((2, 2), [1.0, 2.0], ())
    """
    kind = None if dtype is None else dtype_named(dtype)
    if isinstance(given, ndarray):
        return given.copy() if kind in (None, given.dtype) else given.astype(kind)
    shape: list[int] = []
    items = [given]
    while items and all(map(_has_rows, items)) and len(set(map(len, items))) == 1:
        shape.append(len(items[0]))
        items = [inner for item in items for inner in item]
    items = [item.item() if isinstance(item, ndarray) and not item.shape else item for item in items]
    made = ndarray(tuple(shape), items, object)
    if kind is object:
        return made
    if any(map(_has_rows, items)):
        raise ValueError(f"the rows have different lengths: after {len(shape)} axes, the shape is not the same for all")
    kind = kind or common(map(kind_of, items))
    return made if kind is object else ndarray(made.shape, list(map(_number if kind is float else kind, items)), kind)


def asarray(given: Any, dtype: Any = None) -> ndarray:
    """Returns an array as it is, if it has that type, and otherwise a new one: see `array`."""
    same = isinstance(given, ndarray) and (dtype is None or dtype_named(dtype) is given.dtype)
    return given if same else array(given, dtype)


def broadcast_to(given: Any, shape: Shape | int) -> ndarray:
    """Returns a copy of an array in which axes of length 1, and those it lacks, have the lengths of a shape.

    >>> broadcast_to([[1], [2]], (2, 3)).tolist()
    [[1, 1, 1], [2, 2, 2]]
    """
    lengths = (shape,) if isinstance(shape, int) else tuple(shape)
    made = asarray(given)
    if made.shape == lengths:
        return made
    own = (1,) * (len(lengths) - made.ndim) + made.shape
    if len(own) > len(lengths) or any(a not in (1, b) for a, b in zip(own, lengths, strict=True)):
        raise ValueError(f"could not broadcast input array from shape {made.shape} into shape {lengths}")
    strides = [0 if length == 1 else stride for length, stride in zip(own, _strides(own), strict=True)]
    return made._taken(lengths, _offsets(lengths, strides))


def elementwise(function: Callable[..., Any], *operands: Any) -> Any:
    """Returns what a function returns for each of the items of arrays and numbers, which broadcast.

    The result is an array, or a number if none of the operands is one.
    """
    arrays = [asarray(operand) for operand in operands]
    shape = _common_shape([made.shape for made in arrays])
    items = list(map(function, *(broadcast_to(made, shape)._items for made in arrays)))
    return ndarray(shape, items, common(map(kind_of, items))) if shape else items[0]


def quotient(a: Any, b: Any) -> Any:
    """a / b, also for b = 0."""
    try:
        return a / b
    except ZeroDivisionError:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)


def rounded(x: float) -> float:
    """x rounded to an integer, half to even, with its sign.

    >>> rounded(2.5), rounded(-0.5), rounded(math.inf)
    (2.0, -0.0, inf)
    """
    return math.copysign(round(x), x) if math.isfinite(x) else x


def _has_rows(item: Any) -> bool:
    return bool(item.shape) if isinstance(item, ndarray) else isinstance(item, _SEQUENCES)


def _number(x: Any) -> float:
    return math.nan if x is None else float(x)  # as NumPy reads it


def _common_shape(shapes: Sequence[Shape]) -> Shape:
    """The shape of arrays that broadcast."""
    axes = max(map(len, shapes))
    found: list[int] = []
    for lengths in zip(*((1,) * (axes - len(shape)) + shape for shape in shapes), strict=True):
        different = {length for length in lengths if length != 1} or {1}
        if len(different) > 1:
            raise ValueError(f"operands could not be broadcast together with shapes {' '.join(map(str, shapes))}")
        found += different
    return tuple(found)


def _along(made: ndarray, axis: int | None, function: Callable[[list[Any]], Any]) -> Any:
    """What a function returns for all items, or for those of each line along an axis."""
    if axis is None or made.ndim == 1:
        return function(made._items)
    axis %= made.ndim
    strides = _strides(made.shape)
    outer = [size for place, size in enumerate(made.shape) if place != axis]
    starts = _offsets(outer, [stride for place, stride in enumerate(strides) if place != axis])
    lines = [[made._items[start + index * strides[axis]] for index in range(made.shape[axis])] for start in starts]
    items = list(map(function, lines))
    return ndarray(tuple(outer), items, common(map(kind_of, items)))


def _with_axis(made: Any, axis: int) -> Any:
    """What is left of a reduced array, with an axis of length 1 in the place of the one that it lost."""
    if not isinstance(made, ndarray):
        return made
    place = axis % (made.ndim + 1)
    return made.reshape(*made.shape[:place], 1, *made.shape[place:])


def _extreme(choose: Callable[..., float], items: list[Any], initial: float | None) -> Any:
    candidates = items if initial is None else [*items, initial]
    return next((item for item in candidates if item != item), None) or choose(candidates)


def _strides(shape: Shape) -> list[int]:
    """For each axis, the distance between the places of two items that are next to each other along it."""
    return [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]


def _offsets(shape: Sequence[int], strides: Sequence[int]) -> list[int]:
    """The places of all items of an array whose axes have these strides, row by row."""
    places = [0]
    for length, stride in zip(shape, strides, strict=True):
        places = [place + index * stride for place in places for index in range(length)]
    return places


def _index(number: int, length: int) -> int:
    if not -length <= number < length:
        raise IndexError(f"index {number} is out of bounds for axis with size {length}")
    return number % length
