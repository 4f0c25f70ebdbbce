"""A graph as blocks: its dense layers, and what is computed between them, in the order of the forward pass."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograd import Value
from autograd.collector import collector_paused
from autograd.compiler.trace.trace import Order
from viz.limits import ADVICE, MOST_NODES, too_large, too_many_nodes
from viz.pages.dense_layers import DenseLayer, dense_layers
from viz.pictures.document import Line, empty_document
from viz.pictures.drawing import Drawing

__all__ = ["Block", "Blocks", "blocks_of", "matrix_picture", "shown_blocks"]

_GRAINS = ("scalar", "matrix", None)
_MOST_IN_LAYERS = 500_000  # nodes of a graph; its page then has 6 MB
_MOST_BLOCKS = 40

Words = Callable[..., str]


class Block(NamedTuple):
    """One step of a pass at the grain of matrices.

    Attributes:
        title: the name of the layer, or of the scope of other operations.
        layer: the layer; None for other operations.
        operations: the operations in it, operands first.
    """

    title: str
    layer: DenseLayer | None
    operations: Sequence[Value]


class Blocks(NamedTuple):
    """The blocks of a graph, and when the numbers of its nodes become known.

    Attributes:
        blocks: in the order of the forward pass. Step 1 is that of the first block; the backward pass follows, from the
            last block to the first.
        made: for each operation, the index of its block.
        read: for each node, the index of the first block that has it as an operand, or of that of the output.
        readers: for each node, the number of blocks that have it as an operand.
    """

    blocks: list[Block]
    made: dict[Value, int]
    read: dict[Value, int]
    readers: Counter[Value]

    def known_at(self, nodes: Sequence[Value]) -> int:
        """The first step after which the values of all of some nodes are known; 0 for leaves."""
        return max(self.made.get(node, -1) for node in nodes) + 1

    def complete_at(self, nodes: Sequence[Value]) -> int:
        """The first step after which the gradients of all of some nodes are complete."""
        return 2 * len(self.blocks) - min(self.read[node] for node in nodes)


@collector_paused
def shown_blocks(order: Order, grain: object, words: Words = str.format) -> Blocks | None:
    """Returns the blocks of a graph that is shown at the grain of matrices; None for one that is shown node by node.

    Arguments:
        order: the nodes of the graph, as `walk` returns them.
        grain: "scalar", "matrix", or None to let the size of the graph decide.
        words: translates a text, as `Language.words` does.

    Raises:
        ValueError: if there is no such grain, or no layer to be shown as matrices.
        GraphTooLargeError: if the graph is too large for a page at this grain.
    """
    if grain not in _GRAINS:
        raise ValueError(f"grain must be 'scalar', 'matrix' or None, not {grain!r}")
    leaves, operations = order
    count = len(leaves) + len(operations)
    if grain == "scalar" or (grain is None and count <= MOST_NODES):
        return None
    has_product = False
    for node in operations:  # a loop without calls: most graphs that are refused have no product
        if node.op == "multiply":
            has_product = True
            break
    if has_product and count > _MOST_IN_LAYERS:
        raise too_large("a page of layers", _MOST_IN_LAYERS, count, ADVICE)
    found = blocks_of(order, words) if has_product else None
    if found is None or not any(block.layer for block in found.blocks):
        if grain is None:
            raise too_many_nodes(count)
        raise ValueError(
            "grain='matrix' needs a layer in the graph, W·x + b with weights that are leaves and no inputs or constants"
            ", but this graph has none: explore it with grain='scalar'"
        )
    others = sum(len(block.operations) for block in found.blocks if block.layer is None)
    if grain is None and (len(found.blocks) > _MOST_BLOCKS or others > MOST_NODES):
        raise too_many_nodes(count)
    if len(found.blocks) > _MOST_BLOCKS:
        raise too_large("a page of layers", _MOST_BLOCKS, len(found.blocks), ADVICE, of="blocks")
    if others > MOST_NODES:
        raise too_large("a page of layers", MOST_NODES, others, ADVICE, of="operations that are in none")
    return found


def matrix_picture(blocks: Blocks) -> Drawing:
    """Draws the blocks of a graph, with the shapes of their matrices."""
    document = empty_document("LR", "auto", "a graph of layers")
    muted = document.palette.muted
    for at, (title, layer, operations) in enumerate(blocks.blocks):
        shape = f"{len(operations):,} operations"
        if layer is not None:
            shape = f"{len(layer.neurons)} × {len(layer.inputs)}"
        lines = [Line(title.replace("\n", " "), document.palette.text, bold=True), Line(shape, muted)]
        document.box(f"block{at}", lines, "fold" if layer is not None else "operation")
        if at:
            document.arrow(f"block{at - 1}", f"block{at}")
    return Drawing(document)


def blocks_of(order: Order, words: Words = str.format) -> Blocks:
    """Returns the blocks of a graph.

    The layers that a node depends on decide its place: what depends on the same number of layers in sequence, and is in
    none itself, shares a block.

    Arguments:
        order: the nodes of the graph, as `walk` returns them.
        words: translates a text, as `Language.words` does; what has no name of its own has one in that language.

    >>> import nn
    >>> from autograd.graph import walk
    >>> loss = nn.mse_loss(nn.MLP(2, [3, 1])([0.5, -0.5]), 1.0)
    >>> [block.title for block in blocks_of(walk(loss)).blocks]
    ['layer1', 'layer2', 'mse_loss']
    """
    operations = order[1]
    layers = dense_layers(order)
    layer_of = {node: number for number, layer in enumerate(layers) for row in layer.neurons for node in row.operations}
    output_of = {node: number for number, layer in enumerate(layers) for node in layer.outputs}
    depth: dict[Value, int] = {}  # the number of layers before a node and around it
    depths: dict[int, int] = {}  # those of layers
    rest: dict[int, list[Value]] = {}
    for node in operations:
        if node not in layer_of:
            depth[node] = max(depth.get(operand, 0) for operand in node.operands)
            rest.setdefault(depth[node], []).append(node)
        elif node in output_of:
            number = output_of[node]
            if number not in depths:
                depths[number] = 1 + max(depth.get(one, 0) for one in layers[number].inputs)
            depth[node] = depths[number]
    others = words("other operations")
    found: list[tuple[int, int, Block]] = [
        (at, 1, Block(_scope_of(nodes) or others, None, nodes)) for at, nodes in rest.items()
    ]
    for number, layer in enumerate(layers):
        inner = [node for row in layer.neurons for node in row.operations]
        found.append((depths[number], 0, Block(layer.title or words("layer {0}", number + 1), layer, inner)))
    blocks = [block for _, _, block in sorted(found, key=lambda each: each[:2])]
    made = {node: at for at, block in enumerate(blocks) for node in block.operations}
    read = {operations[-1]: len(blocks) - 1} if operations else {}
    readers: Counter[Value] = Counter()
    for at, block in reversed([*enumerate(blocks)]):
        operands = dict.fromkeys((operand for node in block.operations for operand in node.operands), at)
        read |= operands
        readers.update(operands.keys())
    return Blocks(blocks, made, read, readers)


def _scope_of(nodes: Sequence[Value]) -> str:
    """The outermost scope that nodes have in common, or ""."""
    scopes = {node.scope.split(".")[0] for node in nodes}
    return scopes.pop() if len(scopes) == 1 else ""
