"""The arguments of a call: their numbers, and what is fixed in the program that runs on these."""

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.functions import real
from autograd.numerics import np
from autograd.recording import argument_paths, positions_of
from autograd.structure import Structure, flatten, unflatten
from autograd.validation import described
from autograd.value import Value

__all__ = ["FLAGS", "Arguments", "check_kept", "checked_nodes", "plain_arguments", "read_arguments", "required"]

FLAGS = (bool, np.bool_)
"""The types of numbers that are fixed in a program."""

_TEXTS = (str, bytes)
_LEAF = Structure()


class Arguments(NamedTuple):
    """The arguments of one call.

    Attributes:
        structure: that of a pair of the positional arguments and the keyword arguments.
        fixed: what is no number, by its place: flags, and arguments that are texts or functions.
        numbers: the others, as floats. Some may be Values.
        f: the function, whose arguments error messages name.
    """

    structure: Structure
    fixed: tuple[tuple[int, Any], ...]
    numbers: list[Any]
    f: Callable[..., Any]

    @property
    def key(self) -> tuple[Structure, tuple[tuple[int, Any], ...]]:
        """What decides which program runs."""
        return self.structure, self.fixed

    @property
    def paths(self) -> list[str]:
        """How each number is written."""
        fixed = dict(self.fixed)
        return [path for place, path in enumerate(_paths(self.f, self.structure)) if place not in fixed]

    def places_without(self, items: Iterable[int]) -> list[int]:
        """Returns the places among the numbers of all but some items, which are counted with the fixed ones."""
        left_out, fixed = set(items), dict(self.fixed)
        places = [place for place in range(len(fixed) + len(self.numbers)) if place not in fixed]
        return [number for number, place in enumerate(places) if place not in left_out]

    def copied(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Returns the positional and the keyword arguments, in containers and arrays of their own."""
        return self.with_numbers(self.numbers)

    def with_numbers(self, numbers: Iterable[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Returns the positional and the keyword arguments with other numbers."""
        fixed, remaining = dict(self.fixed), iter(numbers)
        count = len(fixed) + len(self.numbers)
        items = [fixed[place] if place in fixed else next(remaining) for place in range(count)]
        arguments: tuple[tuple[Any, ...], dict[str, Any]] = unflatten(self.structure, items)
        return arguments

    def chosen(self, argnums: int | Sequence[int]) -> Structure:
        """Returns the structure of the argument that argnums choose, or of a tuple of several."""
        branches = self.structure.branches[0].branches
        chosen = [branches[position] for position in positions_of(argnums, len(branches))]
        return chosen[0] if hasattr(argnums, "__index__") else Structure(tuple, range(len(chosen)), chosen)

    def chosen_inputs(self, argnums: int | Sequence[int], inputs: Sequence[Value]) -> list[Value]:
        """Returns those of the inputs, one for each number, that stand in the arguments that argnums choose."""
        arguments, _ = self.with_numbers(inputs)
        chosen = [arguments[position] for position in positions_of(argnums, len(arguments))] if arguments else []
        return [x for x in flatten(chosen)[0] if isinstance(x, Value)]


def read_arguments(f: Callable[..., Any], arguments: Sequence[Any], options: Mapping[str, Any]) -> Arguments:
    """Returns the arguments of a call of f, read.

    Raises:
        TypeError: if something in them is not a number; the message names it.
    """
    if "reduction" in options and not _takes(f, "reduction"):
        raise TypeError("reduction belongs to samples: call .map(..., reduction=)")
    items, structure = flatten((arguments, dict(options)))
    whole = [*arguments, *options.values()]
    fixed: list[tuple[int, Any]] = []
    numbers: list[Any] = []
    for place, item in enumerate(items):
        if type(item) is float or isinstance(item, Value):
            numbers.append(item)
        elif isinstance(item, FLAGS):
            fixed.append((place, bool(item)))
        elif (isinstance(item, _TEXTS) or callable(item)) and any(item is argument for argument in whole):
            if not isinstance(item, Hashable):
                raise TypeError(
                    f"{_paths(f, structure)[place]} must be hashable, as what a program is kept for, not {item!r}"
                )
            fixed.append((place, item))
        else:
            number = real(item)
            if number is None:
                name = _paths(f, structure)[place]
                raise TypeError(f"{name} must be a real number, not {described(item)}")
            numbers.append(number)
    return Arguments(structure, tuple(fixed), numbers, f)


def check_kept(arguments: Arguments) -> None:
    """Raises TypeError if a static field of a dataclass may change while a program is kept for it."""
    positional, named = arguments.structure.branches
    names = argument_paths(arguments.f, range(len(positional.branches)), [_LEAF] * len(positional.branches))
    for name, branch in zip([*names, *named.keys], [*positional.branches, *named.branches], strict=True):
        found = branch.unhashable(name)
        if found is not None:
            raise TypeError(f"{found[0]} must be hashable, as what a program is kept for, not {found[1]!r}")


def _takes(f: Callable[..., Any], name: str) -> bool:
    """Whether f may be called with a keyword argument of this name, as far as is known."""
    try:
        parameters = inspect.signature(f).parameters
    except (TypeError, ValueError):
        return True
    return name in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def plain_arguments(arguments: Sequence[Any]) -> tuple[tuple[Any, ...], list[float]] | None:
    """Returns the shapes and the numbers of arguments that are all floats or arrays of doubles; None for others."""
    shapes: list[Any] = []
    numbers: list[float] = []
    for argument in arguments:
        if type(argument) is float:
            shapes.append(())
            numbers.append(argument)
        elif type(argument) is np.ndarray and argument.dtype == float and argument.ndim:
            shapes.append(argument.shape)
            numbers += argument.ravel().tolist()
        else:
            return None
    return tuple(shapes), numbers


def _paths(f: Callable[..., Any], structure: Structure) -> list[str]:
    """How each item in the arguments of f is written."""
    positional, named = structure.branches
    paths = argument_paths(f, range(len(positional.branches)), positional.branches)
    return paths + [path for key, branch in zip(named.keys, named.branches, strict=True) for path in branch.paths(key)]


def required(f: Callable[..., Any]) -> list[str]:
    """Returns the names of the arguments that a function requires, all of which may be passed by position.

    Raises:
        TypeError: if they are not known, or some cannot be passed by position.
    """
    try:
        parameters = inspect.signature(f).parameters.values()
    except ValueError:
        raise TypeError(f"{f!r} has no signature") from None
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    for parameter in needed:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY):
            raise TypeError(f"it takes {parameter}")
    return [parameter.name for parameter in needed]


def checked_nodes(what: str, given: Any) -> list[Value]:
    """Returns the nodes listed as "inputs" or "wrt".

    Raises:
        TypeError: if `given` is not a list of Values.
    """
    if isinstance(given, (Value, str)) or not isinstance(given, Iterable):
        raise TypeError(f"{what} must be a list of Values, such as [x], not {given!r}")
    nodes: list[Any] = list(given)
    for node in nodes:
        if not isinstance(node, Value):
            raise TypeError(f"{what} must be a list of Values, but it contains {node!r}")
    return nodes
