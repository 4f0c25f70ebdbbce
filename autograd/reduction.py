"""How a loss over several samples becomes one number: their mean or their sum."""

__all__ = ["divisor"]


def divisor(reduction: str, count: int) -> int:
    """The number by which the sum over `count` samples is divided.

    Arguments:
        reduction: "mean" or "sum".
        count: how many samples there are.

    Raises:
        ValueError: for any other reduction.

    >>> divisor("mean", 8), divisor("sum", 8)
    (8, 1)
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction must be 'mean' or 'sum', not {reduction!r}")
    return count if reduction == "mean" else 1
