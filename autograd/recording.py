"""A function's graph, recorded on inputs of its own."""

from functools import partial
from operator import index

from autograd.contexts import call_on_inputs, leaves_made_by
from autograd.derivative_graphs import derivative_graphs
from autograd.functions import real
from autograd.graph import replaced, walk
from autograd.node import ZERO
from autograd.structure import Structure, array_of, elements, flatten, outline, unflatten
from autograd.validation import real_numbers
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["Recording", "argument_paths", "outputs_of", "positions_of", "record", "several"]


class Recording:
    """The outputs of a function at some arguments, as a graph of inputs of its own.

    Attributes:
        xs: the inputs, one for each number in the chosen arguments.
        inputs: the structure of the chosen argument, or of a tuple of them.
        outputs: the outputs, one Value for each number.
        result: the structure of the outputs.
        connected: whether what is computed should be Values: some of the numbers given are, or the function uses
            Values that were made before the call.
    """

    __slots__ = ("_auxiliary", "_originals", "connected", "inputs", "outputs", "result", "xs")

    def __init__(
        self,
        given: "tuple[list[Any], list[Value], Structure]",
        outputs: "tuple[list[Value], Structure]",
        auxiliary: "Any",
        made: "Sequence[Value]",
    ) -> None:
        numbers, self.xs, self.inputs = given
        self.outputs, self.result = outputs
        self._auxiliary = outline(auxiliary)
        self._originals = {x: v for x, v in zip(self.xs, numbers, strict=True) if isinstance(v, Value)}
        outside = _outside([*self.outputs, *self._auxiliary_values()], [*self.xs, *made])
        self.connected = bool(self._originals) or any(leaf.role != "constant" for leaf in outside)
        if outside and not self.connected:  # backward passes should change no Value of the function's own
            self.outputs = replaced(self.outputs, {leaf: Value(leaf.data) for leaf in outside})

    def gradients(self, roots: "Sequence[Value]") -> "list[list[Any]]":
        """Returns the derivative of each root with respect to each of the xs."""
        if self.connected:
            return [derivative_graphs(root, self.xs) for root in roots]
        return [self._gradient(root) for root in roots]

    def finished(self, *groups: "Sequence[Any]") -> "tuple[Any, ...]":
        """Returns lists of what was computed, and then the auxiliary data, as floats or as Values.

        Values are graphs of those given, for which some of the xs stood in.
        """
        auxiliary: list[Any] = self._auxiliary_values()
        lists: list[list[Any]]
        if self.connected:
            numbers = [Value.constant(number) for group in groups for number in group]
            remaining = iter(replaced([*numbers, *auxiliary], self._originals))
            lists = [[next(remaining) for _ in group] for group in groups]
            auxiliary = list(remaining)
        else:
            lists = [[v.data if isinstance(v, Value) else v for v in group] for group in groups]
            auxiliary = [v.data for v in auxiliary]
        return (*lists, self._auxiliary_with(auxiliary))

    def _gradient(self, root: Value) -> "list[Any]":
        for x in self.xs:
            x.grad = ZERO
        root.backward()
        return [x.grad for x in self.xs]

    def _auxiliary_values(self) -> list[Value]:
        return [v for leaf in self._auxiliary[0] for v in elements(leaf) if isinstance(v, Value)]

    def _auxiliary_with(self, numbers: "Sequence[Any]") -> "Any":
        """The auxiliary data with numbers in the place of its Values; other leaves are what they were."""
        remaining = iter(numbers)

        def leaf_with(leaf: "Any", shape: "tuple[int, ...]") -> "Any":
            before = elements(leaf)
            if not any(isinstance(v, Value) for v in before) and (before or leaf.dtype != object):
                return leaf
            return array_of([next(remaining) if isinstance(v, Value) else v for v in before], shape)

        given, structure = self._auxiliary
        return structure.arrange([*map(leaf_with, given, structure.shapes())])


def record(
    f: "Callable[..., Any]",
    arguments: "Sequence[Any]",
    options: "dict[str, Any]",
    argnums: "int | Sequence[int]",
    has_aux: bool = False,
) -> Recording:
    """Calls f(*arguments, **options) with an input in the place of each number in the arguments that argnums choose.

    The arguments given are not changed: the function gets lists, dicts and arrays of its own.

    Raises:
        TypeError: if an argument or an output is not a number or nested data of numbers; the message names it.
        ValueError: if `argnums` chooses an argument twice, or an argument contains itself.
    """
    positions = positions_of(argnums, len(arguments))
    one = hasattr(argnums, "__index__")
    given, inputs = flatten(arguments[positions[0]] if one else tuple(arguments[position] for position in positions))
    branches = [inputs] if one else inputs.branches
    numbers = real_numbers(given, lambda: argument_paths(f, positions, branches))
    xs = [_input(number) for number in numbers]
    call = list(arguments)
    chosen = unflatten(inputs, xs)
    for position, argument in zip(positions, [chosen] if one else chosen, strict=True):
        call[position] = argument

    def called() -> "Any":
        result = call_on_inputs(xs, lambda: f(*call, **options))
        result, auxiliary = _with_auxiliary(result, f) if has_aux else (result, None)
        return outputs_of(result, f), auxiliary

    (outputs, auxiliary), made = leaves_made_by(called)
    return Recording((numbers, xs, inputs), outputs, auxiliary, made)


def argument_paths(f: "Callable[..., Any]", positions: "Sequence[int]", structures: "Sequence[Structure]") -> list[str]:
    """Returns how each number in the arguments of `f` at these positions is written, for error messages.

    >>> argument_paths(lambda x, *rest: 0.0, [0, 2], [flatten(0.0)[1], flatten([0.0])[1]])
    ['x', 'rest[1][0]']
    """
    named = zip(map(partial(_argument_name, f), positions), structures, strict=True)
    return [path for name, structure in named for path in structure.paths(name)]


def _argument_name(f: "Callable[..., Any]", position: int) -> str:
    """The name of an argument; its number, counted from 1, if it has none."""
    from inspect import signature

    try:
        parameters = list(signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    for number, parameter in enumerate(parameters):
        if parameter.kind is parameter.VAR_POSITIONAL and number <= position:
            return f"{parameter.name}[{position - number}]"
        if number == position and parameter.kind is not parameter.KEYWORD_ONLY:
            return parameter.name
    return f"argument {position + 1}"


def several(argnums: "Any") -> "list[Any]":
    """Returns a list of what `argnums` chooses, one index or several."""
    return list(argnums) if isinstance(argnums, (list, tuple, range)) else [argnums]


def positions_of(argnums: "int | Sequence[int]", count: int) -> list[int]:
    """Returns the indices of the chosen arguments among `count`, none of them negative.

    Raises:
        TypeError: if there is no such argument.
        ValueError: if one is chosen twice.
    """
    chosen = [index(argnum) for argnum in several(argnums)]
    for position in chosen:
        if not -count <= position < count:
            raise TypeError(
                f"argnums must be the index of an argument, counted from 0, not {position}: "
                f"the call has {count} argument{'s' * (count != 1)}"
            )
    positions = [position % count for position in chosen]
    if len(set(positions)) < len(positions):
        raise ValueError(
            f"argnums must choose each argument at most once, but {argnums!r} chooses one of {count} arguments twice"
        )
    return positions


def _input(number: "Any") -> Value:
    if isinstance(number, Value):
        return Value(number.data, number.label, role="input")
    return Value(number, role="input")


def outputs_of(
    result: "Any", f: "Callable[..., Any]", advice: str = "for other data use has_aux=True"
) -> "tuple[list[Value], Structure]":
    """Returns the numbers that a function returned, as Values, and their structure.

    Arguments:
        result: what the function returned.
        f: the function.
        advice: what an error says about data that are no numbers.

    Raises:
        TypeError: if something in it is not a number; the message names it.
    """
    numbers, structure = flatten(result)
    if structure.container is type(None):
        raise TypeError(f"{_name(f)} must return a Value, not None; is a return statement missing?")
    for place, number in enumerate(numbers):
        if not isinstance(number, Value) and real(number) is None:
            if structure.container is None and not structure.shape:
                raise TypeError(f"{_name(f)} must return a Value, or nested data of Values, not {number!r}")
            path = structure.paths("output")[place]
            raise TypeError(f"{_name(f)} must return Values, but {path} is {number!r}; {advice}")
    return [Value.constant(number) for number in numbers], structure


def _with_auxiliary(result: "Any", f: "Callable[..., Any]") -> "tuple[Any, Any]":
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise TypeError(f"with has_aux=True, {_name(f)} must return a pair (output, auxiliary data), not {result!r}")
    return tuple(result)


def _name(f: "Callable[..., Any]") -> str:
    return getattr(f, "__name__", "the function")


def _outside(outputs: "Sequence[Value]", own: "Sequence[Value]") -> "list[Value]":
    """The leaves of the graphs of `outputs` other than their own."""
    known = set(own)
    return [leaf for leaf in walk(*outputs)[0] if leaf not in known]
