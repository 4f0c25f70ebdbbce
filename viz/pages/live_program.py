"""The program of a page: one function in JavaScript for every number of a graph, and its listing for people.

Both are made of the instructions that the compiler records when the graph and its backpropagation run on symbols, so a
page computes what `forward()` and `backward()` would.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.source.javascript import PRELUDE
from autograd.compiler.source.language import JAVASCRIPT, PYTHON, source
from autograd.compiler.trace.symbol import Symbol
from autograd.compiler.trace.trace import Recording, Routine, live_leaves, record
from autograd.graph import topological_order
from autograd.notation.steps import BackwardStep, ForwardStep

__all__ = ["LiveProgram", "live_program"]


class LiveProgram(NamedTuple):
    """A graph as a program that gives all its numbers.

    Attributes:
        variables: the leaves that it takes, in that order: all but constants.
        javascript: defines `program(variables...)`, which gives two lists: the data of every node, in topological
            order; and for each backward step, one after another, local derivative, contribution and gradient so far.
        listing: the lines of the program in Python that computes the output and the gradients of the leaves.
        forward, backward: for each step the lines of the listing that carry it out; where its number never changes,
            none forward, and backward the line where that pass begins.
    """

    variables: tuple[Value, ...]
    javascript: str
    listing: tuple[str, ...]
    forward: tuple[tuple[int, ...], ...]
    backward: tuple[tuple[int, ...], ...]


class _Numbers(NamedTuple):
    """The numbers of a backward step, as symbols or floats."""

    local_derivative: Any
    contribution: Any
    gradient: Any


def live_program(
    root: Value, forward: Sequence[ForwardStep], backward: Sequence[BackwardStep], names: Mapping[Value, str]
) -> LiveProgram:
    r"""The program of the graph below `root`.

    Arguments:
        root: the output.
        forward, backward: the steps that it is for.
        names: what nodes are called in the listing.

    >>> from autograd.notation.steps import backward_steps, forward_steps
    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> made = live_program(y, forward_steps(y), backward_steps(y), {x: "x", y: "y"})
    >>> print("\n".join(made.listing), made.forward, made.backward)
    def program(x):
        y = x * x
        # backward
        grad_x = x + x
        return [[y], [grad_x]] ((1,),) ((2,), (2,), (3,))
    """
    variables = live_leaves(root, ())
    recording = record(root, variables)
    nodes = [recording.made[node].data for node in topological_order(root)]
    steps = _numbers(recording, backward)
    routine, _ = recording.placed(nodes, [number for step in steps for number in step])
    inputs = [f"x{index}" for index in range(1, len(variables) + 1)]

    shown, places = recording.placed([recording.made[root].data], [recording.made[leaf].grad for leaf in variables])
    labels = _labels(recording, shown, places, names)
    listing = source(shown, PYTHON, [names[leaf] for leaf in variables], labels).splitlines()
    lines = _lines(shown, places, listing)
    turn = next((n for n, line in enumerate(listing) if line.strip() == "# backward"), len(listing) - 1)
    return LiveProgram(
        tuple(variables),
        PRELUDE + source(routine, JAVASCRIPT, inputs, {}),
        tuple(listing),
        tuple(_found([recording.made[step.node].data], lines, 0) for step in forward),
        tuple(_found(numbers, lines, turn) or (turn,) for numbers in steps),
    )


def _numbers(recording: Recording, steps: Iterable[BackwardStep]) -> list[_Numbers]:
    """The steps carried out on symbols; the recorder knows each result, for `backward()` has written it down."""
    gradients: dict[Value, Any] = {}
    found = []
    for step in steps:
        local, contribution = 1.0, 1.0
        if step.slot is not None:
            local = recording.made[step.node].local_derivatives[step.slot]
            upstream = gradients[step.node]
            # written as backward() writes it, so that it is the same instruction
            contribution = -upstream if type(local) is float and local == -1.0 else local * upstream
        known = gradients.get(step.operand)
        gradients[step.operand] = contribution if known is None else known + contribution
        found.append(_Numbers(local, contribution, gradients[step.operand]))
    return found


def _labels(
    recording: Recording, routine: Routine, places: Mapping[int, int], names: Mapping[Value, str]
) -> dict[int, str]:
    """The names of nodes, and grad_ before them for gradients, by the places in the routine that they name.

    A gradient that is passed on as it is keeps the name it has at the operation nearest to the output.
    """
    taken = {*names.values()}
    wanted = [(recording.made[node].data, name) for node, name in names.items()]
    wanted += [
        (recording.made[node].grad, f"grad_{name}")
        for node, name in reversed(list(names.items()))
        if f"grad_{name}" not in taken
    ]
    labels: dict[int, str] = {}
    for number, name in wanted:
        place = places.get(number.place) if isinstance(number, Symbol) else None
        if place is not None and _computes(routine.instructions[place]):
            labels.setdefault(place, name)
    return labels


def _lines(routine: Routine, places: Mapping[int, int], listing: Sequence[str]) -> dict[int, int]:
    """The line of each recorded instruction that computes something: source code has one line each, in their order."""
    computing = [place for place, instruction in enumerate(routine.instructions) if _computes(instruction)]
    written = [n for n, line in enumerate(listing) if " = " in line]
    line_of = dict(zip(computing, written, strict=True))
    return {recorded: line_of[place] for recorded, place in places.items() if place in line_of}


def _found(numbers: Iterable[Any], lines: Mapping[int, int], first: int) -> tuple[int, ...]:
    """The lines, from `first` on, that compute some numbers."""
    found = {lines[number.place] for number in numbers if isinstance(number, Symbol) and number.place in lines}
    return tuple(sorted(line for line in found if line >= first))


def _computes(instruction: Instruction) -> bool:
    return instruction.op not in ("input", "constant")
