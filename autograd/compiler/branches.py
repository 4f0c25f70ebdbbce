"""The warning that a recorded graph may be only one branch of the code that recorded it."""

from collections.abc import Iterable

from autograd import user_code
from autograd.node import comparison_of
from autograd.value import Value

__all__ = ["warn_of_branches"]


def warn_of_branches(nodes: Iterable[Value]) -> None:
    """Warns about the first node whose number was compared, since the code may have branched on the result."""
    for node in nodes:
        if (comparison := comparison_of(node)) is not None:
            user_code.warn(
                f"{node!r} was {comparison}: if the graph depends on the result, its program always takes the "
                "branch that was recorded, whatever its inputs are. Use select, maximum, minimum, relu or clip to "
                "choose, or compile a function of the compared number, in which a branch raises an error; to compare "
                "without this warning, use .data"
            )
            return
