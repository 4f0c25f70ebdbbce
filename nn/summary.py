"""A model as a table: its layers, their shapes and numbers of parameters."""

from collections.abc import Iterator

from nn.layer import Layer
from nn.module import Module
from nn.neuron import Neuron

__all__ = ["summary"]


def summary(model: Module) -> str:
    """The layers of a model, and neurons that are in none, as text.

    >>> from nn import MLP
    >>> print(summary(MLP(2, [4, 1], output_activation="sigmoid")))
    layer   inputs  outputs  activation  weight  parameters
    layer1       2        4  tanh           4×2          12
    layer2       4        1  sigmoid        1×4           5
    total                                                17
    """
    total = ("total", "", "", "", "", f"{len(model.parameters()):,}")
    rows = [("layer", "inputs", "outputs", "activation", "weight", "parameters"), *_rows("", model), total]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = (0, 3)
    return "\n".join(
        "  ".join(
            f"{cell:<{w}}" if i in left else f"{cell:>{w}}" for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _rows(path: str, module: Module) -> Iterator[tuple[str, ...]]:
    if isinstance(module, (Layer, Neuron)):
        outputs = module.outputs if isinstance(module, Layer) else 1
        shape, count = f"{outputs}×{module.inputs}", f"{len(module.parameters()):,}"
        name = path or type(module).__name__.lower()
        yield name, f"{module.inputs}", f"{outputs}", module.activation_name, shape, count
        return
    for name, child in module.named_children():
        yield from _rows(f"{path}.{name}" if path else name, child)
