"""The error for a function of NumPy that cannot be recorded."""

__all__ = ["UnsupportedError"]


class UnsupportedError(TypeError):
    """Raised for a function of NumPy that cannot be recorded."""
