"""The output of a model as a list, whether it is one Value or several."""

from typing import Any

from autograd import Value

__all__ = ["as_list"]


def as_list(output: Any) -> list[Value]:
    """Returns the output of a module as a list, even if it is a single Value.

    >>> as_list(Value(1.0))
    [Value(1.0)]
    """
    return output if isinstance(output, list) else [output]
