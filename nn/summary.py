"""A model as a table: its layers, their shapes and numbers of parameters."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from nn.choices import checked_size
from nn.layer import Layer
from nn.module import Module
from nn.neuron import Neuron

__all__ = ["summary"]


def summary(model: Module | Sequence[int]) -> str:
    """The layers of a model, and neurons that are in none, as text.

    Arguments:
        model: the model; or only the sizes of a multi-layer perceptron, inputs first, which is then not built.

    Raises:
        ValueError: for sizes that are not two whole numbers above 0, or more.

    >>> from nn import MLP
    >>> print(summary(MLP(2, [4, 1], output_activation="sigmoid")))
    layer   inputs  outputs  activation  weight  parameters
    layer1       2        4  tanh           4×2          12
    layer2       4        1  sigmoid        1×4           5
    total                                                17
    >>> print(summary([4096, 100, 20, 1]))
    layer   inputs  outputs  activation    weight  parameters
    layer1    4096      100              100×4096     409,700
    layer2     100       20                20×100       2,020
    layer3      20        1                  1×20          21
    total                                             411,741
    """
    if isinstance(model, Module):
        layers, count = list(_rows("", model)), len(model.parameters())
    else:
        layers, count = _rows_of_sizes(model)
    rows = [
        ("layer", "inputs", "outputs", "activation", "weight", "parameters"),
        *layers,
        ("total", "", "", "", "", f"{count:,}"),
    ]
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
        name = path or type(module).__name__.lower()
        yield _row(name, module.inputs, outputs, module.activation_name, len(module.parameters()))
        return
    for name, child in module.named_children():
        yield from _rows(f"{path}.{name}" if path else name, child)


def _rows_of_sizes(sizes: Sequence[int]) -> tuple[list[tuple[str, ...]], int]:
    """The layers between sizes, and how many parameters they have together."""
    if isinstance(sizes, str) or not hasattr(sizes, "__len__") or len(sizes) < 2:
        raise ValueError(f"summary takes a model, or its sizes, two or more, such as [2, 4, 1], not {sizes!r}")
    pairs = list(pairwise(checked_size("the size of a layer", size) for size in sizes))
    counts = [outputs * inputs + outputs for inputs, outputs in pairs]
    rows = [
        _row(f"layer{place}", inputs, outputs, "", count)
        for place, ((inputs, outputs), count) in enumerate(zip(pairs, counts, strict=True), 1)
    ]
    return rows, sum(counts)


def _row(name: str, inputs: int | None, outputs: int, activation: str, parameters: int) -> tuple[str, ...]:
    return name, f"{inputs}", f"{outputs}", activation, f"{outputs}×{inputs}", f"{parameters:,}"
