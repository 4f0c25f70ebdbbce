"""The laws of the backward pass that hold whatever the operations are, each as programs that would break it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from viz.checking.engine_operation import ADD, MULTIPLY, EngineOperation
from viz.checking.program import Program, Sketch

__all__ = ["ACCUMULATION", "KEEPS_VALUES", "LAWS", "ORDER", "SEED", "TWICE", "Law", "alone", "chained"]

Operations = Sequence[EngineOperation]


@dataclass(frozen=True, slots=True)
class Law:
    """A law.

    Attributes:
        name: its name.
        sentence: what must hold.
        programs: makes the programs, the smallest first, of operations that work.
        needs: the laws without which this one cannot hold.
    """

    name: str
    sentence: str
    programs: Callable[[Operations], Iterator[Program]]
    needs: tuple[str, ...] = ()


def alone(operation: EngineOperation) -> Iterator[Program]:
    """Yields an operation on its own, at each of its points."""
    for point in operation.points:
        sketch = Sketch(point[: operation.arity])
        yield sketch.program(_apply(sketch, operation, *range(operation.arity), point=point))


def chained(operation: EngineOperation) -> Iterator[Program]:
    """Yields an operation whose result is multiplied, so that the gradient from above is not 1."""
    point = operation.points[0]
    sketch = Sketch([*point[: operation.arity], -2.25])
    result = _apply(sketch, operation, *range(operation.arity), point=point)
    yield sketch.program(sketch.step(MULTIPLY, result, operation.arity))


def _apply(sketch: Sketch, operation: EngineOperation, *operands: int, point: Sequence[float]) -> int:
    return sketch.step(operation, *operands, number=point[-1] if operation.has_number else None)


def _a_leaf(operations: Operations) -> Iterator[Program]:
    yield Sketch([2.5]).program(0)


def _product_and_sum(operations: Operations) -> Iterator[Program]:
    sketch = Sketch([2.5, -3.0, 0.7])
    yield sketch.program(sketch.step(ADD, sketch.step(MULTIPLY, 0, 1), 2))


def _two_of_a_kind(operations: Operations) -> Iterator[Program]:
    """Two nodes of one operation at different numbers, of which the second is made last."""
    for operation in operations:
        one, two = operation.points[:2]
        arity = operation.arity
        sketch = Sketch([*one[:arity], *two[:arity], 1.6])
        first = _apply(sketch, operation, *range(arity), point=one)
        second = _apply(sketch, operation, *range(arity, 2 * arity), point=two)
        yield sketch.program(sketch.step(ADD, first, sketch.step(MULTIPLY, second, 2 * arity)))


def _reuse(operations: Operations) -> Iterator[Program]:
    """A leaf as both operands, and as the operand of two operations, in both orders."""
    for operation in operations:
        if operation.arity == 2:
            sketch = Sketch(operation.points[0][:1])
            yield sketch.program(_apply(sketch, operation, 0, 0, point=operation.points[0]))
    for operation in operations:
        point, arity = operation.points[0], operation.arity
        for operand in range(arity):
            for turned in (False, True):
                sketch = Sketch([*point[:arity], -0.45])
                result = _apply(sketch, operation, *range(arity), point=point)
                terms = result, sketch.step(MULTIPLY, operand, arity)
                yield sketch.program(sketch.step(ADD, *(terms[::-1] if turned else terms)))


def _equal_numbers(operations: Operations) -> Iterator[Program]:
    """Different nodes whose numbers are the same: two products; a result and a leaf; a result and its operand."""
    for last in (ADD, MULTIPLY):
        sketch = Sketch([1.5, 2.0, 0.75, 4.0])
        yield sketch.program(sketch.step(last, sketch.step(MULTIPLY, 0, 1), sketch.step(MULTIPLY, 2, 3)))
        for turned in (False, True):
            sketch = Sketch([1.5, 2.0, 3.0])
            operands = sketch.step(MULTIPLY, 0, 1), 2
            yield sketch.program(sketch.step(last, *(operands[::-1] if turned else operands)))
    sketch = Sketch([1.5, 2.0, 1.0])
    yield sketch.program(sketch.step(MULTIPLY, sketch.step(MULTIPLY, 0, 1), 2))


def _diamonds(operations: Operations) -> Iterator[Program]:
    """A result that is used twice, on ways of the same length."""
    for last in (ADD, MULTIPLY):
        sketch = Sketch([2.5, -1.2, 0.7, 3.1])
        shared = sketch.step(MULTIPLY, 0, 1)
        yield sketch.program(sketch.step(last, sketch.step(MULTIPLY, shared, 2), sketch.step(MULTIPLY, shared, 3)))


def _order(operations: Operations) -> Iterator[Program]:
    """A result that is used twice, on ways of different lengths, in both orders."""
    for length in (1, 3):
        for turned in (False, True):
            sketch = Sketch([2.5, -1.2, 0.7])
            shared = long = sketch.step(MULTIPLY, 0, 1)
            for _ in range(length):
                long = sketch.step(MULTIPLY, long, 2)
            yield sketch.program(sketch.step(ADD, *((long, shared) if turned else (shared, long))))
    for order in permutations(range(3)):
        sketch = Sketch([1.3, -0.4])
        shared = sketch.step(MULTIPLY, 0, 1)
        once = sketch.step(ADD, shared, 0)
        terms = shared, once, sketch.step(MULTIPLY, once, shared)
        first, second, third = (terms[place] for place in order)
        yield sketch.program(sketch.step(ADD, sketch.step(ADD, first, second), third))


def _accumulation(operations: Operations) -> Iterator[Program]:
    sketch = Sketch([2.5, -1.2, 0.7])
    yield sketch.program(sketch.step(MULTIPLY, 0, 1), sketch.step(MULTIPLY, 0, 2))


def _only_below(operations: Operations) -> Iterator[Program]:
    for used in (0, 1):
        sketch = Sketch([2.5, -1.2, 0.7, 3.1])
        results = sketch.step(MULTIPLY, 0, 1), sketch.step(MULTIPLY, 2, 3)
        yield sketch.program(results[used])


SEED = Law("backward() starts with 1", "the gradient of the output with respect to itself is 1", _a_leaf)
KEEPS_VALUES = Law("backward() keeps values", "backward() changes gradients, never data", _product_and_sum)

TWICE, ORDER, ACCUMULATION = "a node used twice", "topological order", "accumulation"
_EQUAL_NUMBERS, _DIAMOND, _USED = "equal numbers", "a diamond", "only what is used"
LAWS = (
    Law(_EQUAL_NUMBERS, "nodes are different even if their numbers are equal", _equal_numbers),
    Law(
        "two nodes of one operation",
        "each node passes gradients on with its own numbers, not with those of a node made later",
        _two_of_a_kind,
        (_EQUAL_NUMBERS,),
    ),
    Law(TWICE, "the gradient of a node is the sum over all of its uses", _reuse, (_EQUAL_NUMBERS,)),
    Law(_DIAMOND, "a node passes its gradient on once, when all of its uses have added to it", _diamonds, (TWICE,)),
    Law(
        ORDER,
        "a node passes its gradient on after all nodes that use it, however long the ways are",
        _order,
        (_DIAMOND,),
    ),
    Law(_USED, "what the output does not depend on gets no gradient", _only_below),
    Law(
        ACCUMULATION,
        "a leaf of two graphs adds up the gradients of both, until they are cleared",
        _accumulation,
        (TWICE, _USED, KEEPS_VALUES.name),
    ),
)
"""The laws, in the order in which they are checked."""
