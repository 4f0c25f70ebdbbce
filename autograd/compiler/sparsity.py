"""Which derivatives of a traced function can be different from zero."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from autograd.compiler.ir.routine import Routine
from autograd.numerics import np, npt
from autograd.structure import size

__all__ = ["nonzero"]

_Shapes = Sequence[tuple[int, ...]]


def nonzero(
    jacobian: Routine, outputs: _Shapes, inputs: _Shapes
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns the rows and columns of the derivatives that are not constants of value 0, row by row.

    Arguments:
        jacobian: computes all derivatives, in the order in which `autograd.jacobian` returns them.
        outputs: the shape of each array or number in the outputs.
        inputs: the same for the argument.
    """
    places = [
        (row, column) for rows in _ranges(outputs) for columns in _ranges(inputs) for row in rows for column in columns
    ]
    instructions = [jacobian.instructions[index] for index in jacobian.results[: len(places)]]
    found = [
        place
        for place, instruction in zip(places, instructions, strict=True)
        if instruction.op != "constant" or instruction.number != 0.0
    ]
    rows_of, columns_of = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
    return rows_of, columns_of


def _ranges(shapes: _Shapes) -> list[range]:
    """The indices of the numbers in each array, if all are counted one after the other."""
    return [range(first, last) for first, last in pairwise(accumulate(map(size, shapes), initial=0))]
