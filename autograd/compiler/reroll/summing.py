"""From a graph in which sums are taken apart to its program."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from autograd.compiler.ir.instruction import Recorder
from autograd.compiler.reroll.repetition import Alike, Repeated
from autograd.compiler.source.javascript import RESERVED
from autograd.compiler.summed import Samples, SummedProgram, SummedTarget, numbered, reserved
from autograd.compiler.targets.base import Target
from autograd.compiler.trace.symbol import Symbol
from autograd.compiler.trace.trace import Recording, Routine, labelled, live_leaves, record
from autograd.graph import run
from autograd.notation.naming import names_of
from autograd.value import Value

__all__ = ["summed_program"]


class Part(NamedTuple):
    """Addends that are alike, recorded as one.

    Attributes:
        routine: of one addend and its gradient.
        columns: for each leaf in which the addends differ, that of each addend.
        shared: the leaves that all have.
        by: the nodes that the addend is differentiated by.
        labelled: the operations with a label, by their places in the routine.
        size: how many addends there are.
    """

    routine: Routine
    columns: list[tuple[Value, ...]]
    shared: list[Value]
    by: list[Value]
    labelled: dict[int, Value]
    size: int

    @property
    def given(self) -> list[Value]:
        """What the routine is given, as leaves of the first addend."""
        return [*(column[0] for column in self.columns), *self.shared]


class Total(NamedTuple):
    """What the whole is given of addends that are alike: their sum, and by node the sum of their derivatives."""

    value: Value
    derivatives: dict[Value, Value]


def summed_program(
    output: Value,
    repeated: Repeated,
    wrt: Sequence[Value],
    runner: Callable[[Routine, int], tuple[str, Target]],
) -> SummedProgram:
    """The program of a graph in which some sums are taken apart.

    Arguments:
        output: the root of the graph.
        repeated: what `repeated_sums` found in it.
        wrt: the nodes to differentiate by.
        runner: gives the name of the target, and what runs a routine of so many inputs that differ by sample.
    """
    parts = [_recorded(group, wrt) for taken in repeated.sums.values() for group in taken.groups]
    recording, totals = _whole(repeated, parts)
    own = [leaf for leaf in repeated.leaves if leaf.role != "constant"]
    gradients = [_gradient(node, recording, totals) for node in wrt]
    routine, new = recording.placed([recording.made[output].data], gradients)
    labels = labelled(recording, routine, new)

    summed = [value for total in totals for value in (total.value, *total.derivatives.values())]
    named = [node for part in parts for node in (*part.given, *part.labelled.values())]
    names = names_of([*dict.fromkeys([*named, *summed, *own, *labels.values()])], RESERVED | reserved(len(parts)))

    varying = dict.fromkeys(leaf for part in parts for column in part.columns for leaf in column)
    constants = [leaf for leaf in varying if leaf.role == "constant"]
    shared = [leaf for part in parts for leaf in part.shared]
    leaves = [leaf for leaf in dict.fromkeys([*own, *shared, *varying]) if leaf.role != "constant"]
    places = {leaf: place for place, leaf in enumerate(leaves + constants)}
    samples = tuple(
        Samples(
            part.routine,
            tuple(names[node] for node in part.given),
            {place: names[node] for place, node in part.labelled.items()},
            np.array([[places[leaf] for leaf in column] for column in part.columns], np.intp).reshape(-1, part.size),
            np.array([places[leaf] for leaf in part.shared], np.intp),
        )
        for part in parts
    )
    name, whole = runner(routine, len(summed))
    each = [runner(part.routine, len(part.columns))[1] for part in parts]
    numbers = tuple(leaf.data for leaf in constants)
    return SummedProgram(
        routine,
        tuple(names[node] for node in (*summed, *own)),
        {place: names[node] for place, node in labels.items()},
        tuple(leaves),
        name,
        SummedTarget(whole, each, samples, len(own), numbers),
        samples,
        numbers,
    )


def _recorded(group: Alike, wrt: Sequence[Value]) -> Part:
    """The first of some addends, as a routine of what differs among them."""
    addend = group.addends[0]
    columns = [column for column in zip(*group.leaves, strict=True) if _differs(column)]
    given = [column[0] for column in columns]
    shared = live_leaves(addend, given)
    recording = record(addend, [*given, *shared])
    made = recording.made
    by = [node for node in dict.fromkeys(wrt) if node in made and made[node].has_grad]
    routine, new = recording.placed([made[addend].data], [made[node].grad for node in by])
    return Part(routine, columns, shared, by, labelled(recording, routine, new), len(group.addends))


def _differs(column: Sequence[Value]) -> bool:
    """Whether leaves at equal places of addends are not one and the same, nor constants of the same bits."""
    first, *others = column
    if first.role == "constant":
        return any(leaf.role != "constant" or repr(leaf.data) != repr(first.data) for leaf in others)
    return any(leaf is not first for leaf in others)


def _whole(repeated: Repeated, parts: Sequence[Part]) -> tuple[Recording, list[Total]]:
    """What is left of a graph on symbols, and what it is given for each part; its live leaves are given behind that."""
    recorder = Recorder()

    def given(label: str = "") -> Value:
        return Value(Symbol(recorder, recorder.input()), label)

    totals = [
        Total(given(name), {node: given(node.label and f"{name}_{node.label}") for node in part.by})
        for name, part in zip(numbered("total", len(parts)), parts, strict=True)
    ]
    made = {leaf: Value(leaf.data) if leaf.role == "constant" else given() for leaf in repeated.leaves}
    following = iter(totals)
    for node in repeated.operations:
        if node in repeated.sums:
            groups, rest = repeated.sums[node]
            made[node] = reduce(add, [next(following).value for _ in groups] + [made[addend] for addend in rest])
        else:
            made[node] = run(node, *[made[operand] for operand in node.operands])
    made[repeated.operations[-1]].backward()
    return Recording(recorder, made), totals


def _gradient(node: Value, recording: Recording, totals: Sequence[Total]) -> Any:
    """The derivative by a node: along the paths in the whole, and through each total that the node has a part in."""
    made = recording.made
    paths = [made[node].grad] if node in made and made[node].has_grad else []
    for value, derivatives in totals:
        if node in derivatives and value.has_grad:
            paths.append(value.grad * derivatives[node].data)
    return reduce(add, paths) if paths else 0.0
