"""What is known of a graph after each step of its passes: numbers so far, and what the step uses."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from autograd import Value
from autograd.graph import walk
from autograd.notation.steps import BackwardStep, ForwardStep, backward_steps, forward_steps, steps_to_leaves
from viz.labels import number, product

__all__ = ["Moment", "Passes"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known of a graph after a step, and what the step is about.

    Attributes:
        pending: the operations that are still to be computed.
        gradients: the gradients so far, of the nodes that have received a contribution.
        current: the nodes that the step is about.
        uses: the uses of operands that the step is about, each an operation and the index of its operand.
        is_backward: whether it is a step of the backward pass.
        words: the step in words.
        names: what the words call the nodes; constants that they write as numbers have no name.
    """

    pending: Set[Value]
    gradients: Mapping[Value, float]
    current: Set[Value]
    uses: Set[tuple[Value, int]]
    is_backward: bool
    words: str
    names: Mapping[Value, str]

    @property
    def color(self) -> str:
        """The colour of the pass, as an attribute of the palette."""
        return "gradient" if self.is_backward else "operation"


class Passes:
    """The forward and the backward pass of a graph, of which any step can be shown. No `grad` changes.

    Arguments:
        root: the output of a graph of floats.
        precision: significant digits of numbers in words.
        hide_constants: leave out the backward steps that reach only constants.

    Raises:
        TypeError: if a node carries something other than a float.

    >>> x = Value(3.0, "x")
    >>> passes = Passes(x * x, 4)
    >>> passes.last, passes.at(4).words
    (4, 'step 4 of 4, backward: x.grad += 1.0 × 3.0 = 3.0, now 6.0')
    """

    def __init__(self, root: Value, precision: int, *, hide_constants: bool = False) -> None:
        self._forward = forward_steps(root)
        self._backward = steps_to_leaves(backward_steps(root), constants=not hide_constants)
        self._names = self._backward[0].graph.names
        self._root, self._precision = root, precision
        self.last = len(self._forward) + len(self._backward)

    def at(self, step: object) -> Moment:
        """Returns what is known after a step.

        Arguments:
            step: 0 for the start, when only leaves have numbers; then the forward steps, then the backward ones.

        Raises:
            ValueError: if there is no such step.
        """
        forward, backward = len(self._forward), len(self._backward)
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= self.last:
            counts = f"{forward} forward, {backward} backward"
            raise ValueError(f"step must be an integer from 0 to {self.last} ({counts}), not {step!r}")
        pending = {later.node for later in self._forward[step:]}
        gradients = {earlier.operand: earlier.gradient for earlier in self._backward[: max(0, step - forward)]}
        current: set[Value] = set()
        uses: set[tuple[Value, int]] = set()
        if step > forward:
            use = self._backward[step - forward - 1]
            current = {use.node, use.operand}
            uses = set() if use.slot is None else {(use.node, use.slot)}
        elif step:
            node = self._forward[step - 1].node
            current, uses = {node}, {(node, slot) for slot in range(len(node.operands))}
        if step == self.last:  # what received nothing has the gradient 0
            leaves, operations = walk(self._root)
            gradients = dict.fromkeys(leaves + operations, 0.0) | gradients
        return Moment(pending, gradients, current, uses, step > forward, self.words[step], self._names)

    @cached_property
    def words(self) -> list[str]:
        """Each step in words."""
        forward, backward = len(self._forward), len(self._backward)
        start = f"start: {forward} forward and {backward} backward steps follow"
        steps = [*map(self._forward_words, self._forward), *map(self._backward_words, self._backward)]
        return [start] + [f"step {position} of {self.last}, {words}" for position, words in enumerate(steps, 1)]

    @cached_property
    def gradients(self) -> dict[Value, list[float]]:
        """For each node, its gradient after each contribution; 0, which it has at the end, if it receives none."""
        found = defaultdict[Value, list[float]](list)
        for step in self._backward:
            found[step.operand].append(step.gradient)
        return defaultdict(lambda: [0.0], found)

    def _forward_words(self, step: ForwardStep) -> str:
        return f"forward: {step.statement} = {number(step.data, self._precision)}"

    def _backward_words(self, step: BackwardStep) -> str:
        gradient, contribution = step.graph.grad(step.operand).text, number(step.contribution, self._precision)
        if step.slot is None:
            return f"backward: {gradient} = {contribution}"
        now = "" if step.previous is None else f", now {number(step.gradient, self._precision)}"
        if not step.is_product:
            return f"backward: {gradient} += {contribution}, for this branch was not taken{now}"
        shown = product(step.upstream, step.local_derivative, step.contribution, self._precision)
        return f"backward: {gradient} += {shown}{now}"
