"""Numbers for the leaves of an exercise, drawn by a seed: few digits, and answers that can be computed on paper.

The page of the exercise draws the same numbers, in `assets/seeding.js`.
"""

import math
from collections.abc import Iterator, Sequence

from autograd import Value
from autograd.graph import walk
from autograd.numerics import np
from viz.exercises.fields import Question

__all__ = ["ATTEMPTS", "LARGEST_SEED", "LEAST", "MOST", "NUMBERS", "draw_leaves"]

NUMBERS = (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
"""What leaves may be."""
ATTEMPTS = 200
"""How often all leaves are drawn; in the second half with the signs that they had, for graphs with a logarithm."""
LEAST, MOST = 0.02, 100.0
"""The sizes of a friendly answer or local derivative: from the first up to the second. One that is smaller cannot be
computed from numbers with four digits, such as 1 − tanh² from a tanh near 1, and one that is 0 tells too little."""
LARGEST_SEED = 2**53 - 1
"""The largest integer that the page reads without loss."""


def draw_leaves(question: Question, variables: Sequence[Value], seed: int) -> None:
    """Gives the leaves of a graph new numbers, and recomputes it.

    Of all numbers drawn, the first with the fewest unfriendly answers and local derivatives are taken.

    Arguments:
        question: the fields of the graph.
        variables: its leaves that are not constants, in the order of the page.
        seed: an integer from 0.

    Raises:
        ValueError: if no drawn numbers make all numbers of the graph finite.
    """
    best, fewest = None, math.inf
    for numbers in _drawn(seed, [leaf.data for leaf in variables]):
        _set(question, variables, numbers)
        unfriendly = _unfriendly(question)
        if unfriendly < fewest:
            best, fewest = numbers, unfriendly
        if not fewest:
            return
    if best is None:
        raise ValueError(
            f"the numbers drawn with the seed {seed} make some number of the graph nan or infinite; choose its numbers "
            "yourself, with seed=None"
        )
    _set(question, variables, best)


def _drawn(seed: int, origins: Sequence[float]) -> Iterator[list[float]]:
    generator = np.random.default_rng(seed)
    for attempt in range(ATTEMPTS):
        numbers = [NUMBERS[int(generator.random() * len(NUMBERS))] for _ in origins]
        if 2 * attempt >= ATTEMPTS:
            pairs = zip(numbers, origins, strict=True)
            numbers = [-abs(number) if origin < 0 else abs(number) for number, origin in pairs]
        yield numbers


def _set(question: Question, variables: Sequence[Value], numbers: Sequence[float]) -> None:
    for leaf, number in zip(variables, numbers, strict=True):
        leaf.data = number
    question.root.forward()


def _unfriendly(question: Question) -> float:
    """The number of answers and local derivatives that are not friendly; infinite if a number is not finite."""
    leaves, operations = walk(question.root)
    numbers = [node.data for node in leaves + operations]
    for use in question.uses():
        numbers += [use.local_derivative, use.contribution, use.gradient]
    if not all(map(math.isfinite, numbers)):
        return math.inf
    answers = [number for each in question.numbers() for number in (each.truth, *each.locals)]
    return sum(not LEAST <= abs(number) < MOST for number in answers)
