"""What stands in for `numpy.typing`: names for annotations."""

from typing import Any

__all__ = ["ArrayLike", "NDArray"]

ArrayLike = Any


class NDArray:
    """An array in an annotation."""

    def __class_getitem__(cls, dtype: Any) -> type:
        return cls
