"""What an exercise asks for: the values and gradients of a graph that are left blank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.chain_rule import Use, chain_rule
from autograd.graph import walk
from autograd.notation.naming import names_in_code
from autograd.notation.steps import BackwardStep, backward_steps, steps_to_leaves
from viz.limits import too_large

__all__ = ["Field", "Numbers", "Question", "question_of"]

_MOST_FIELDS = 100
_WHOLE = {"gradients": ("gradient",), "values": ("value",), "both": ("value", "gradient")}


@dataclass(frozen=True, slots=True)
class Field:
    """A number to fill in.

    Attributes:
        name: its name in Python, such as "w.grad", or "t1" for a value.
        kind: "value" or "gradient".
        node: the node whose number it is.
    """

    name: str
    kind: str
    node: Value


@dataclass(frozen=True, slots=True)
class Numbers:
    """The right number of a field, and those that a mistake leads to.

    Attributes:
        truth: the right number.
        value: the value of the node.
        contributions: what each use of the node contributes to its gradient; empty for a value.
        locals: the local derivatives of these uses.
    """

    truth: float
    value: float
    contributions: tuple[float, ...] = ()
    locals: tuple[float, ...] = ()


class Question:
    """The fields of a graph, whose right numbers are those of its leaves at the time.

    Arguments:
        root: the output of the graph.
        fields: the fields, in the order in which they can be computed.
        names: the names of nodes in code.
        steps: the backward steps that lead to its leaves.

    Attributes:
        receivers: the nodes that receive a gradient, in the order in which the backward pass completes it.
    """

    def __init__(
        self, root: Value, fields: Sequence[Field], names: Mapping[Value, str], steps: Sequence[BackwardStep]
    ) -> None:
        self.root = root
        self.fields = tuple(fields)
        self.names = names
        self.receivers = _receivers(steps)
        self._edges = {(step.node, step.slot) for step in steps}

    def numbers(self) -> list[Numbers]:
        """Returns the numbers of the fields, as `forward()` and `backward()` compute them."""
        contributions: dict[Value, list[tuple[float, float]]] = {}
        gradients: dict[Value, float] = {}
        for use in self.uses():
            gradients[use.operand] = use.gradient
            if use.slot is not None:
                contributions.setdefault(use.operand, []).append((use.contribution, use.local_derivative))
        found = []
        for field in self.fields:
            if field.kind == "value":
                found.append(Numbers(field.node.data, field.node.data))
            else:
                parts = contributions.get(field.node, [])
                found.append(
                    Numbers(
                        gradients[field.node],
                        field.node.data,
                        contributions=tuple(contribution for contribution, _ in parts),
                        locals=tuple(local for _, local in parts),
                    )
                )
        return found

    def uses(self) -> list[Use]:
        """Returns the uses of the chain rule that lead to the leaves."""
        leaves, operations = walk(self.root)
        uses = chain_rule(operations or leaves)
        return [use for use in uses if (use.node, use.slot) in self._edges]

    @property
    def gradients_given(self) -> bool:
        """Whether the gradients that have no field are given: not where only values are asked for."""
        return any(field.kind == "gradient" for field in self.fields)


def question_of(root: Value, hide: Any) -> Question:
    """Returns the question that `hide` asks about a graph; see `viz.exercise`.

    Raises:
        TypeError: if `hide` is not a string or nodes, or a node carries something other than a float.
        ValueError: if `hide` is another string, a node has no gradient to ask for, or nothing is left to fill in.
        GraphTooLargeError: if there were more than 100 fields.
    """
    leaves, operations = walk(root)
    steps = steps_to_leaves(backward_steps(root), constants=False)
    receivers = _receivers(steps)
    names = names_in_code(leaves, operations)
    if isinstance(hide, str):
        if hide not in _WHOLE:
            raise ValueError(f"hide must be 'gradients', 'values', 'both' or a list of nodes, not {hide!r}")
        kinds = _WHOLE[hide]
        values = operations if "value" in kinds else []
        gradients = [node for node in receivers if node is not root] if "gradient" in kinds else []
    else:
        values, gradients = [], _chosen(hide, receivers)
    fields = [Field(names[node], "value", node) for node in values]
    fields += [Field(f"{names[node]}.grad", "gradient", node) for node in gradients]
    if not fields:
        raise ValueError("an exercise must have something to fill in, but this graph has no operation on a variable")
    if len(fields) > _MOST_FIELDS:
        raise too_large(
            "an exercise", _MOST_FIELDS, len(fields), "hide some nodes only, as in hide=[w, b]", of="numbers to fill in"
        )
    return Question(root, fields, names, steps)


def _chosen(hide: Any, receivers: Sequence[Value]) -> list[Value]:
    """The nodes of `hide`, in the order of the backward pass."""
    if isinstance(hide, Value) or not isinstance(hide, Iterable):
        raise TypeError(f"hide must be 'gradients', 'values', 'both' or a list of nodes, not {hide!r}")
    chosen = set()
    for node in hide:
        if not isinstance(node, Value):
            raise TypeError(f"hide must be a list of nodes of the graph, but contains {node!r}")
        if node not in set(receivers):
            raise ValueError(
                f"hide must be a list of nodes that receive a gradient, but {node!r} does not: it is a constant, it is "
                "not in the graph, or nothing flows through it to a variable"
            )
        chosen.add(node)
    return [node for node in receivers if node in chosen]


def _receivers(steps: Sequence[BackwardStep]) -> list[Value]:
    last = {step.operand: place for place, step in enumerate(steps)}
    return sorted(last, key=lambda node: last[node])
