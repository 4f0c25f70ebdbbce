"""A model as a table: its layers, their shapes and numbers of parameters."""

from nn.layer import Layer
from nn.module import Module

__all__ = ["summary"]


def summary(model: Module) -> str:
    """The layers of a model as text.

    >>> from nn import MLP
    >>> print(summary(MLP(2, [4, 1], output_activation="sigmoid")))
    layer   inputs  outputs  activation  weight  parameters
    layer1       2        4  tanh           4×2          12
    layer2       4        1  sigmoid        1×4           5
    total                                                17
    """
    rows = [("layer", "inputs", "outputs", "activation", "weight", "parameters")]
    for path, module in model.named_modules():
        if isinstance(module, Layer):
            shape = f"{module.outputs}×{module.inputs}"
            count = f"{len(module.parameters()):,}"
            rows.append(
                (path or "layer", f"{module.inputs}", f"{module.outputs}", module.activation_name, shape, count)
            )
    rows.append(("total", "", "", "", "", f"{len(model.parameters()):,}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = (0, 3)
    return "\n".join(
        "  ".join(
            f"{cell:<{w}}" if i in left else f"{cell:>{w}}" for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
