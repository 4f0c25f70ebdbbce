"""How a loss over several samples becomes one number: as a mean or as a sum."""

__all__ = ["divisor"]


def divisor(reduction: str, count: int) -> int:
    """Returns the number by which to divide the sum over `count` samples.

    Arguments:
        reduction: "mean" or "sum".
        count: the number of samples.

    Raises:
        ValueError: for any other reduction.

    >>> divisor("mean", 8), divisor("sum", 8)
    (8, 1)
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction must be 'mean' or 'sum', not {reduction!r}")
    return count if reduction == "mean" else 1
