"""The command line, `scalar-autograd`."""

from viz.command.main import main

__all__ = ["main"]
