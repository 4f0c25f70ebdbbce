"""Errors of the command line."""

__all__ = ["CommandError"]


class CommandError(Exception):
    """A problem that the user can solve. The command line prints its message on one line."""
