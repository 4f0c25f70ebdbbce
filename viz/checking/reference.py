"""A program run on our own engine: what other engines must compute, and how it is written."""

from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_lowercase

from autograd import Value
from viz.checking.observation import Observation
from viz.checking.program import Program
from viz.checking.seen_graph import SeenGraph, read_graph
from viz.checking.wording import Names

__all__ = ["Reference"]


@dataclass(frozen=True)
class Reference:
    """A program run on our own engine.

    Attributes:
        program: the program.

    >>> from viz.checking.engine_operation import MULTIPLY
    >>> from viz.checking.program import Sketch
    >>> sketch = Sketch([2.0, 3.0])
    >>> reference = Reference(sketch.program(sketch.step(MULTIPLY, 0, 1)))
    >>> reference.formula, reference.expected.gradients
    ('a × b, at a = 2.0, b = 3.0', [3.0, 2.0, 1.0])
    """

    program: Program

    @cached_property
    def nodes(self) -> list[Value]:
        """The nodes, after `backward()`."""
        inputs = self.program.inputs
        nodes = [Value(number, name, role="input") for number, name in zip(inputs, ascii_lowercase, strict=False)]
        for step in self.program.steps:
            nodes.append(step.apply(nodes))
        for output in self.program.outputs:
            nodes[output].backward()
        return nodes

    @cached_property
    def expected(self) -> Observation:
        """The numbers that any engine must compute."""
        values = [node.data for node in self.nodes]
        return Observation(values, values, [node.grad for node in self.nodes])

    @property
    def formula(self) -> str:
        """The outputs as formulas, with the numbers of the inputs."""
        names = Names(self.graph, times=2)
        outputs = dict.fromkeys(self.program.outputs)
        written = ", then ".join(names.of(self.order[output]) for output in outputs)
        inputs = ", ".join(f"{node.label} = {node.data}" for node in self.nodes[: len(self.program.inputs)])
        return f"{written}, at {inputs}" if self.program.steps else inputs

    def written(self, place: int) -> str:
        """Returns the formula of a node, or the name of an input."""
        return Names(self.graph).of(self.order[place])

    @cached_property
    def graph(self) -> SeenGraph:
        """The graph of all nodes; constants have no gradient, because no program reads it."""
        graph = read_graph("a program", *self._ends)
        nodes = [replace(node, grad=None) if node.kind == "constant" else node for node in graph.nodes]
        return replace(graph, nodes=tuple(nodes))

    def graph_of(self, seen: Observation) -> SeenGraph:
        """Returns the same graph with the numbers of another engine, as far as it computed them."""
        nodes = list(self.graph.nodes)
        for place, index in enumerate(self.order):
            data = seen.values[place] if place < len(seen.values) else None
            grad = seen.gradients[place] if place < len(seen.gradients) else None
            nodes[index] = replace(nodes[index], data=data, grad=grad)
        return replace(self.graph, nodes=tuple(nodes))

    @property
    def _ends(self) -> list[Value]:
        """The nodes that no other uses."""
        used = {operand for step in self.program.steps for operand in step.operands}
        return [node for place, node in enumerate(self.nodes) if place not in used]

    @cached_property
    def order(self) -> list[int]:
        """The place of each node of the program in the order of the graph."""
        index = {id(node): index for index, node in enumerate(self.graph.objects)}
        return [index[id(node)] for node in self.nodes]
