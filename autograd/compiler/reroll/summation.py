"""From a graph in which sums are split to routines: for one sample of each sum, and for the rest of the graph."""

from collections.abc import Callable, Collection, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from autograd.compiler.reroll.repeats import Alike, Repeated
from autograd.compiler.trace.builder import Builder, Traced
from autograd.compiler.trace.trace import Trace, by_index, labelled, live_leaves, trace_graph
from autograd.graph import run, walk
from autograd.notation.naming import names_of
from autograd.numerics import np, npt
from autograd.validation import assigned_numbers
from autograd.value import Value

__all__ = ["SampleSum", "Summation", "numbered", "trace_sums"]


class SampleSum(NamedTuple):
    """A routine that is run on samples and summed.

    Attributes:
        traced: from the numbers of one sample, then those that all samples share, to the addend and its gradient.
        columns: the numbers that differ from sample to sample, as indices into all numbers: inputs × samples.
        shared: the numbers that all samples share, as indices into all numbers.
    """

    traced: Traced
    columns: npt.NDArray[np.intp]
    shared: npt.NDArray[np.intp]

    @property
    def size(self) -> int:
        """The number of samples."""
        return int(self.columns.shape[1])


class Summation(NamedTuple):
    """A graph as routines for samples that are summed, and a routine for their sums.

    Attributes:
        sums: the routines of samples.
        whole: from each sum with the sums of its gradients, then the first leaves, to the output and its gradient.
        leaves: the leaves that are read at each run.
        own: the number of leaves, the first ones, that `whole` takes.
        constants: the numbers that follow those of the leaves.
    """

    sums: tuple[SampleSum, ...]
    whole: Traced
    leaves: tuple[Value, ...]
    own: int
    constants: tuple[float, ...]

    @property
    def totals(self) -> int:
        """The number of sums, of values and of gradients, that `whole` takes before the leaves."""
        return len(self.whole.names) - self.own

    def numbers(self) -> list[float]:
        """Returns the numbers that `columns` and `shared` index: of the leaves, read now, and the constants."""
        return [*assigned_numbers(self.leaves), *self.constants]


class _Sample(NamedTuple):
    """Addends that are alike, traced as one.

    Attributes:
        traced: the routine of one addend and its gradient.
        columns: for each leaf in which the addends differ, the leaf of each addend.
        shared: the leaves that all addends share.
        wrt: the nodes with respect to which the addend is differentiated.
        labelled: the operations with a label, by index.
        size: the number of addends.
    """

    traced: Traced
    columns: list[tuple[Value, ...]]
    shared: list[Value]
    wrt: list[Value]
    labelled: dict[int, Value]
    size: int

    @property
    def inputs(self) -> list[Value]:
        """The inputs of the routine, as leaves of the first addend."""
        return [*(column[0] for column in self.columns), *self.shared]


class _Total(NamedTuple):
    """What replaces addends in the rest of a graph: their sum and, by node, the sum of their derivatives."""

    value: Value
    derivatives: dict[Value, Value]


def trace_sums(repeated: Repeated, wrt: Sequence[Value], taken: Callable[[int], Collection[str]]) -> Summation:
    """Traces a graph in which some sums are split.

    Arguments:
        repeated: the split graph.
        wrt: the nodes to differentiate with respect to.
        taken: returns the names that must not be used, given the number of sums.
    """
    samples = [_traced(group, wrt) for split in repeated.sums.values() for group in split.groups]
    trace, totals = _rest(repeated, samples)
    own = [leaf for leaf in repeated.leaves if leaf.role != "constant"]
    output = trace.twins[repeated.operations[-1]]
    whole = trace.builder.finish([output.data], [_gradient(node, trace, totals) for node in wrt])
    labels = by_index(whole, labelled(trace.twins))

    totalled = [value for total in totals for value in (total.value, *total.derivatives.values())]
    in_samples = [node for sample in samples for node in (*sample.inputs, *sample.labelled.values())]
    nodes = dict.fromkeys([*in_samples, *totalled, *own, *labels.values()])
    names = names_of([*nodes], taken(len(samples)))

    varying = dict.fromkeys(leaf for sample in samples for column in sample.columns for leaf in column)
    constants = [leaf for leaf in varying if leaf.role == "constant"]
    shared = [leaf for sample in samples for leaf in sample.shared]
    leaves = [leaf for leaf in dict.fromkeys([*own, *shared, *varying]) if leaf.role != "constant"]
    index = {leaf: position for position, leaf in enumerate(leaves + constants)}
    return Summation(
        tuple(
            SampleSum(
                _named(sample.traced, sample.inputs, sample.labelled, names),
                np.array([[index[leaf] for leaf in column] for column in sample.columns], np.intp).reshape(
                    -1, sample.size
                ),
                np.array([index[leaf] for leaf in sample.shared], np.intp),
            )
            for sample in samples
        ),
        _named(whole, [*totalled, *own], labels, names),
        tuple(leaves),
        len(own),
        tuple(leaf.data for leaf in constants),
    )


def numbered(name: str, count: int) -> list[str]:
    """Returns `count` names: name1, name2, ..., or just the name itself if `count` is 1.

    >>> numbered("sample", 1), numbered("sample", 2)
    (['sample'], ['sample1', 'sample2'])
    """
    return [name] if count == 1 else [f"{name}{number}" for number in range(1, count + 1)]


def _named(traced: Traced, inputs: Sequence[Value], labels: dict[int, Value], names: dict[Value, str]) -> Traced:
    return traced._replace(
        names=tuple(names[node] for node in inputs), labels={index: names[node] for index, node in labels.items()}
    )


def _traced(group: Alike, wrt: Sequence[Value]) -> _Sample:
    """Traces the first of some addends, as a routine of the leaves that differ and of those that all addends share."""
    addend = group.addends[0]
    columns = [column for column in zip(*group.leaves, strict=True) if _differs(column)]
    own, order = [column[0] for column in columns], walk(addend)
    shared = live_leaves(order, [addend], own)
    trace = trace_graph(order, [*own, *shared])
    twins = trace.twins
    reached = [node for node in dict.fromkeys(wrt) if node in twins and twins[node].has_grad]
    traced = trace.builder.finish([twins[addend].data], [twins[node].grad for node in reached])
    return _Sample(traced, columns, shared, reached, by_index(traced, labelled(twins)), len(group.addends))


def _differs(column: Sequence[Value]) -> bool:
    """Whether the leaves at equal positions of addends are neither the same leaf nor constants with the same bits."""
    first, *others = column
    if first.role == "constant":
        return any(leaf.role != "constant" or repr(leaf.data) != repr(first.data) for leaf in others)
    return any(leaf is not first for leaf in others)


def _rest(repeated: Repeated, samples: Sequence[_Sample]) -> tuple[Trace, list[_Total]]:
    """Traces what remains of a graph. Its inputs are the totals of the samples, then its live leaves."""
    builder = Builder()

    def given(label: str = "") -> Value:
        return Value(builder.symbol(), label)

    totals = [
        _Total(given(name), {node: given(node.label and f"{name}_{node.label}") for node in sample.wrt})
        for name, sample in zip(numbered("total", len(samples)), samples, strict=True)
    ]
    twins = {leaf: Value(leaf.data) if leaf.role == "constant" else given() for leaf in repeated.leaves}
    following = iter(totals)
    for node in repeated.operations:
        if node in repeated.sums:
            groups, rest = repeated.sums[node]
            twins[node] = reduce(add, [next(following).value for _ in groups] + [twins[addend] for addend in rest])
        else:
            twins[node] = run(node, *[twins[operand] for operand in node.operands])
    twins[repeated.operations[-1]].backward()
    return Trace(builder, twins), totals


def _gradient(node: Value, trace: Trace, totals: Sequence[_Total]) -> Any:
    """Returns the derivative with respect to a node: along paths in the rest of the graph, and through the totals."""
    twins = trace.twins
    paths = [twins[node].grad] if node in twins and twins[node].has_grad else []
    for value, derivatives in totals:
        if node in derivatives and value.has_grad:
            paths.append(value.grad * derivatives[node].data)
    return reduce(add, paths) if paths else 0.0
