"""The error for graphs that are too large to show. It is raised before any long work begins."""

__all__ = ["ADVICE", "MOST_NODES", "GraphTooLargeError", "too_large", "too_many_nodes"]

MOST_NODES = 5000
"""The most nodes of a graph that a page steps through one by one."""

ADVICE = "explore the loss of one sample, or a node further down"
"""What to do about a graph that is too large for a page."""


class GraphTooLargeError(ValueError):
    """Raised if a graph has more nodes than can be shown, and they cannot be folded."""


def too_large(
    what: str, most: int, count: int, advice: str, *, of: str = "nodes", has: str = "this graph has"
) -> GraphTooLargeError:
    """Returns the error for a graph that is too large to be shown.

    Arguments:
        what: what would show it.
        most: the largest number of nodes, or of what `of` names, that it may have.
        count: the number that the graph has.
        advice: what to do instead.
        of: what is counted.
        has: the words between the limit and the count.

    >>> too_large("a page", 5000, 1_000_000, "explore one sample")
    GraphTooLargeError('a page may have at most 5,000 nodes, but this graph has 1,000,000: explore one sample')
    """
    return GraphTooLargeError(f"{what} may have at most {most:,} {of}, but {has} {count:,}: {advice}")


def too_many_nodes(count: int) -> GraphTooLargeError:
    """Returns the error for a graph with more nodes than a page steps through."""
    return too_large("a page", MOST_NODES, count, ADVICE)
