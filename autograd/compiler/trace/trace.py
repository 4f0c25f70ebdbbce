"""From a recorded graph to instructions: the graph's own operations and rules, carried out on symbols."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autograd.compiler.ir.instruction import Instruction, Recorder, depth_first
from autograd.compiler.trace.symbol import Symbol, place_of
from autograd.graph import rebuild, topological_order
from autograd.value import Value

__all__ = ["Recording", "Routine", "labelled", "live_leaves", "record"]


class Routine(NamedTuple):
    """Instructions in single assignment, none without use.

    Attributes:
        instructions: what to compute: the inputs, then what the results need, then what the gradients need besides.
        results: the places of the results.
        gradients: the places of the gradients.
        boundary: how many instructions come before those of the gradients.
    """

    instructions: tuple[Instruction, ...]
    results: tuple[int, ...]
    gradients: tuple[int, ...]
    boundary: int

    @property
    def forward(self) -> "Routine":
        """What computes the results alone."""
        return self._replace(instructions=self.instructions[: self.boundary], gradients=())

    @property
    def inputs(self) -> int:
        """How many numbers the routine is given."""
        return sum(1 for instruction in self.instructions if instruction.op == "input")

    @property
    def work(self) -> int:
        """How many instructions compute something."""
        return sum(1 for instruction in self.instructions if instruction.op not in ("input", "constant"))


class Recording(NamedTuple):
    """A graph as instructions: what `record` gives.

    Attributes:
        recorder: holds the instructions.
        made: for each node of the graph, one like it that carries symbols in data, local derivatives and gradient.
    """

    recorder: Recorder
    made: dict[Value, Value]

    def routine(self, results: Sequence[Any], gradients: Sequence[Any] = ()) -> Routine:
        """What computes some of the symbols (or floats), and nothing else; all inputs stay.

        Arguments:
            results: numbers of the forward pass.
            gradients: numbers of the backward pass.

        >>> x = Value(2.0)
        >>> recording = record(x * x, [x])
        >>> [i.op for i in recording.routine([recording.made[x].grad]).instructions]
        ['input', 'add']
        """
        return self.placed(results, gradients)[0]

    def placed(self, results: Sequence[Any], gradients: Sequence[Any] = ()) -> tuple[Routine, dict[int, int]]:
        """The routine, and for the place of each recorded instruction that it has, the place it has there."""
        forward = [place_of(self.recorder, result) for result in results]
        backward = [place_of(self.recorder, gradient) for gradient in gradients]
        instructions = self.recorder.instructions
        inputs = [place for place, instruction in enumerate(instructions) if instruction.op == "input"]
        order = depth_first(instructions, inputs + forward)
        boundary = len(order)
        order = depth_first(instructions, order + backward)
        new = {place: index for index, place in enumerate(order)}
        moved = [
            instructions[place]._replace(operands=tuple(new[operand] for operand in instructions[place].operands))
            for place in order
        ]
        routine = Routine(
            tuple(moved), tuple(map(new.__getitem__, forward)), tuple(map(new.__getitem__, backward)), boundary
        )
        return routine, new


def record(output: Value, inputs: Sequence[Value]) -> Recording:
    """Carries out a graph and its backpropagation on symbols.

    Arguments:
        output: the root of the graph.
        inputs: the nodes that are given to the program, in that order; what they were made of does not count.
            Every other leaf should be a constant.
    """
    recorder = Recorder()
    given = {node: Value(Symbol(recorder, recorder.input())) for node in inputs}
    made = rebuild(output, lambda leaf: Value(leaf.data), given)
    made[output].backward()
    return Recording(recorder, made)


def labelled(recording: Recording, routine: Routine, new: Mapping[int, int]) -> dict[int, Value]:
    """The labelled operations of a graph by their places in its routine; the first, where several share one.

    Arguments:
        recording: of the graph.
        routine, new: what its method `placed` gave.
    """
    found: dict[int, Value] = {}
    for node, made in recording.made.items():
        place = new.get(made.data.place) if node.label and isinstance(made.data, Symbol) else None
        if place is not None and routine.instructions[place].op not in ("input", "constant"):
            found.setdefault(place, node)
    return found


def live_leaves(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """The leaves below `output` whose numbers may change: not constants, nor inputs and what is below these alone."""
    given, needed, found = set(inputs), {output}, []
    for node in reversed(topological_order(output)):
        if node not in needed or node in given:
            continue
        needed.update(node.operands)
        if node.role not in ("", "constant"):
            found.append(node)
    return found[::-1]
