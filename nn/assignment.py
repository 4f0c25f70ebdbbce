"""Setting the numbers of several parameters: all of them or, if the assignment is interrupted, none."""

from collections.abc import Iterable, Sequence

from autograd import Value

__all__ = ["assign"]


def assign(parameters: Sequence[Value], numbers: Iterable[float]) -> None:
    """Sets the data of each parameter to its number.

    >>> w, b = Value(1.0), Value(2.0)
    >>> assign([w, b], [3.0, 4.0])
    >>> w.data, b.data
    (3.0, 4.0)
    """
    before = [parameter.data for parameter in parameters]
    try:
        for parameter, number in zip(parameters, numbers, strict=True):
            parameter.data = number
    except BaseException:
        for parameter, number in zip(parameters, before, strict=True):
            parameter.data = number
        raise
