"""The graph of the loss of one sample of a training run, for a page."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from autograd import Value, topological_order
from autograd.compiler.source.javascript import PRELUDE
from autograd.contexts import call_in_scope
from autograd.numerics import np, npt
from nn.modes import call_in_mode
from nn.outputs import as_list
from nn.training.recording import Recording
from viz.limits import GraphTooLargeError
from viz.pages.graph_payload import GraphPayload, graph_payload

__all__ = ["SampleGraph", "sample_graph"]

_MOST_INPUTS = 3  # that stand above each other; more are folded into a box
_WIDEST, _HIGHEST = 750.0, 210.0  # points that are legible next to the network on a projector of 1280 by 720
_NO_GRAPH = GraphPayload(
    {"nodes": [], "variables": [], "forward": [], "backward": [], "modules": [], "folds": [], "layouts": []},
    f"{PRELUDE}const program = () => [[], []];\n",
)


class SampleGraph(NamedTuple):
    """The graph of the loss of the first sample; with other numbers for its variables, it is that of any other.

    Attributes:
        payload: the graph, without nodes if it is too large for a page.
        sources: for each of its variables, the index of what provides its number: the inputs, the targets and the
            parameters, in that order; -1 for any other leaf.
    """

    payload: GraphPayload
    sources: list[int]


def sample_graph(recording: Recording, targets: npt.NDArray[np.float64], parameters: Sequence[Value]) -> SampleGraph:
    """Returns the graph of the loss of a sample.

    Its modules can be folded, and so can the loss, together with its targets if there are several, and many inputs. If
    the graph is too large to read even if all of these are folded, the whole model can be folded too.

    Arguments:
        recording: the training run.
        targets: the targets of each sample.
        parameters: the parameters of the model.
    """
    model = recording.model
    x = _leaves([f"x{n}" for n in range(1, recording.samples.shape[1] + 1)], recording.samples[:1])
    if len(x) > _MOST_INPUTS:
        _move_to("inputs", x)
    y = _leaves([f"y{n}" for n in range(1, targets[:1].size + 1)] if targets[:1].size > 1 else ["y"], targets[:1])
    if len(y) > 1:
        _move_to("loss", y)
    output = call_in_mode(False, model, x)
    # In a scope, so that it can be folded like the layers:
    loss = call_in_scope("loss", recording.loss, [output], [y if targets.ndim > 1 else y[0]])
    loss.label = "loss"
    try:
        payload = graph_payload(loss, room=0.0)
        if not _is_legible(payload):
            of_model = {node for one in as_list(output) for node in topological_order(one)}.difference(x)
            payload = graph_payload(_in_module(loss, of_model, type(model).__name__), room=0.0)
    except GraphTooLargeError:
        return SampleGraph(_NO_GRAPH, [])
    nodes = topological_order(loss)
    sources = {node: index for index, node in enumerate([*x, *y, *parameters])}
    return SampleGraph(payload, [sources.get(nodes[variable["node"]], -1) for variable in payload.data["variables"]])


def _leaves(names: Sequence[str], numbers: npt.NDArray[np.float64]) -> list[Value]:
    return [Value(x, name, role="input") for name, x in zip(names, numbers.ravel().tolist(), strict=True)]


def _move_to(module: str, nodes: Iterable[Value]) -> None:
    """Moves nodes into a module, along with the modules that they are in."""
    for node in nodes:
        node.scope = ".".join(filter(None, [module, node.scope]))


def _is_legible(graph: GraphPayload) -> bool:
    """Whether the graph can be folded until all of it is legible."""
    sizes = [layout["size"] for layout in graph.data["layouts"]]
    return any(width <= _WIDEST and height <= _HIGHEST for width, height in sizes)


def _in_module(root: Value, nodes: Iterable[Value], name: str) -> Value:
    """Returns a copy of a graph, with its nodes in the same order, in which some of them are in a module."""
    twins: dict[int, Any] = {}
    copy: Value = deepcopy(root, twins)
    _move_to(name, [twins[id(node)] for node in nodes])
    return copy
