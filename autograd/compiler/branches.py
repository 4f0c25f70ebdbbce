"""The warning that a recorded graph may be one branch of several."""

import warnings

from autograd.graph import topological_order
from autograd.value import Value

__all__ = ["warn_of_branches"]


def warn_of_branches(output: Value) -> None:
    """Warns of the first node of a graph whose number somebody asked for who may have branched on it.

    The warning points at who called the caller.
    """
    for node in topological_order(output):
        if hasattr(node, "_compared"):
            warnings.warn(
                f"{node!r} was {node._compared}: if the graph depends on the answer, its program keeps to the branch "
                "that was recorded, whatever the inputs. Choose by select, maximum, minimum, relu or clip instead, or "
                "compile a function of what is compared, where a branch raises; to compare without this warning, "
                "use .data",
                UserWarning,
                stacklevel=3,
            )
            return
