"""Errors of the command line."""

__all__ = ["CommandError", "UsageError"]


class CommandError(Exception):
    """A command that failed. The command line prints the message on one line.

    Attributes:
        status: the exit status.
    """

    status = 1


class UsageError(CommandError):
    """Arguments that are wrong."""

    status = 2
