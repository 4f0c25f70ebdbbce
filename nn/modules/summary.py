"""A model as a table: its layers, their shapes and numbers of parameters."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograd.html_table import html_table
from autograd.notation.characters import on_one_line
from autograd.notation.table import table
from nn.choices import checked_size
from nn.modules.layer import Layer
from nn.modules.module import ModuleBase
from nn.modules.neuron import Neuron
from nn.naming import join

__all__ = ["Summary", "summary"]

_HEADER = ("layer", "inputs", "outputs", "activation", "weight", "parameters")
_TEXTS = (0, 3)  # the left-aligned columns


class Summary(str):
    """A table as text, which prompts show as it is printed, and notebooks as HTML.

    Arguments:
        rows: the rows below the header.
    """

    __slots__ = ("_rows",)

    _rows: Sequence[Sequence[str]]

    def __new__(cls, rows: Sequence[Sequence[str]]) -> "Summary":
        """Returns the text of the table, which remembers its rows."""
        text = super().__new__(cls, table(_HEADER, rows, left=_TEXTS))
        text._rows = rows
        return text

    def __getnewargs__(self) -> tuple[Sequence[Sequence[str]]]:  # type: ignore[override]  # of copies and pickles
        return (self._rows,)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html_table("Layers and their parameters", _HEADER, self._rows, left=_TEXTS)


def summary(model: ModuleBase | Sequence[int]) -> Summary:
    """Returns a table of the layers of a model, and of neurons that are not in a layer.

    Arguments:
        model: the model; or just the sizes of a multi-layer perceptron, inputs first, which is then not built.

    Raises:
        ValueError: for sizes that are not two or more positive integers.

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
    if isinstance(model, ModuleBase):
        rows, count = list(_rows("", model)), len(model.parameters())
    else:
        rows, count = _rows_of_sizes(model)
    return Summary([*rows, ("total", "", "", "", "", f"{count:,}")])


def _rows(path: str, module: ModuleBase) -> Iterator[tuple[str, ...]]:
    if isinstance(module, (Layer, Neuron)):
        outputs = module.outputs if isinstance(module, Layer) else 1
        name = path or type(module).__name__.lower()
        yield _row(name, module.inputs, outputs, module.activation_name, len(module.parameters()))
        return
    for name, child in module.named_children():
        yield from _rows(join(path, name), child)


def _rows_of_sizes(sizes: Sequence[int]) -> tuple[list[tuple[str, ...]], int]:
    """Returns the rows of the layers between sizes, and their total number of parameters."""
    if isinstance(sizes, str) or not hasattr(sizes, "__len__") or len(sizes) < 2:
        raise ValueError(f"summary needs a model, or two or more sizes such as [2, 4, 1], not {sizes!r}")
    pairs = list(pairwise(checked_size("the size of a layer", size) for size in sizes))
    counts = [outputs * inputs + outputs for inputs, outputs in pairs]
    rows = [
        _row(f"layer{number}", inputs, outputs, "", count)
        for number, ((inputs, outputs), count) in enumerate(zip(pairs, counts, strict=True), 1)
    ]
    return rows, sum(counts)


def _row(name: str, inputs: int | None, outputs: int, activation: str, parameters: int) -> tuple[str, ...]:
    return on_one_line(name), f"{inputs}", f"{outputs}", activation, f"{outputs}×{inputs}", f"{parameters:,}"
