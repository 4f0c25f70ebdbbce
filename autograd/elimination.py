"""Gaussian elimination on matrices of any kind of number, which are lists of rows.

Which row is the next pivot depends on the numbers. Where they are known, elimination compares them, as LAPACK does, and
what it records is the branch that was taken: `compile` of a recorded graph warns about that. In a function that is
being compiled they are not known; there, every exchange of two rows is recorded as a choice.
"""

from itertools import combinations

from autograd.functions import absolute, select
from autograd.inspection import carried, inspected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["determinant_factors", "known", "solve_rows"]

# A determinant of this size or less is expanded, without any division, so that it has derivatives of every order
# where it is 0. A choice costs as much as a multiplication, so the expansion stays the shorter program for longer.
_EXPANDED_IF_KNOWN, _EXPANDED_IF_TRACED = 4, 6


def known(rows: "list[list[Any]]") -> bool:
    """Returns whether every number is known, which is not so while a function is being compiled."""
    return all(type(carried(number)) is float for row in rows for number in row)


def solve_rows(rows: "list[list[Any]]") -> "list[list[Any]] | None":
    """Solves linear equations, in place.

    Arguments:
        rows: each row of the matrix, followed by what it should equal: one number, or several for several solutions.

    Returns:
        The rows of the solution; None if the matrix is singular.
    """
    compare = known([row[: len(rows)] for row in rows])
    for k in range(len(rows)):
        if not compare:
            _choose_pivot(rows, k)
        elif _exchange_for_pivot(rows, k) == 0.0:
            return None
        _eliminate_below(rows, k)
    return _substituted_back(rows)


def determinant_factors(rows: "list[list[Any]]") -> "tuple[Any, list[Any]]":
    """Returns the sign of the permutation, and the numbers whose product with it is the determinant; changes the rows.

    The gradient at a singular matrix is its cofactors, because zeros are pivoted to the end, where nothing is divided
    by them. Only in a function that is being compiled, beyond size 6, columns stay in their order; there the derivative
    is nan where an earlier pivot is 0.
    """
    n, sign = len(rows), 1.0
    factors: list[Any] = []
    compare = known(rows)
    for k in range(n - (_EXPANDED_IF_KNOWN if compare else _EXPANDED_IF_TRACED)):
        if compare:
            sign *= _exchange_columns(rows, k)
            exchanged = _exchange_for_pivot(rows, k)
            if exchanged == 0.0:  # all that remains is 0: the first derivative of its determinant is 0 too
                return sign, [*factors, *(rows[i][i] for i in range(k, n))]
            sign *= exchanged
        else:
            sign = _choose_pivot(rows, k) * sign
        _eliminate_below(rows, k)
        factors.append(rows[k][k])
    return sign, [*factors, _expanded([row[len(factors) :] for row in rows[len(factors) :]])]


def _expanded(rows: "list[list[Any]]") -> "Any":
    """The determinant by Laplace's expansion, each minor computed once: n 2ⁿ⁻¹ products, no division."""
    columns = range(len(rows))
    minors: dict[tuple[int, ...], Any] = {(): 1.0}
    for size, row in enumerate(reversed(rows), 1):
        minors = {
            chosen: _alternating_sum(
                [row[j] * minors[chosen[:place] + chosen[place + 1 :]] for place, j in enumerate(chosen)]
            )
            if size > 1
            else row[chosen[0]]
            for chosen in combinations(columns, size)
        }
    return minors[tuple(columns)]


def _alternating_sum(terms: "list[Any]") -> "Any":
    total = terms[0]
    for place, term in enumerate(terms[1:], 1):
        total = total - term if place % 2 else total + term
    return total


def _exchange_for_pivot(rows: "list[list[Any]]", k: int) -> float:
    """Moves the row whose number in column k is the largest to k. Returns -1.0 for an exchange, 0.0 if all are 0."""
    sizes = [abs(inspected(row[k])) for row in rows[k:]]
    largest = k + sizes.index(max(sizes))
    rows[k], rows[largest] = rows[largest], rows[k]
    return 0.0 if max(sizes) == 0.0 else 1.0 if largest == k else -1.0


def _exchange_columns(rows: "list[list[Any]]", k: int) -> float:
    """Moves the column that contains the largest of the numbers that remain to k; returns -1.0 for an exchange."""
    sizes = [max(abs(inspected(row[j])) for row in rows[k:]) for j in range(k, len(rows))]
    largest = k + sizes.index(max(sizes))
    for row in rows:
        row[k], row[largest] = row[largest], row[k]
    return 1.0 if largest == k else -1.0


def _choose_pivot(rows: "list[list[Any]]", k: int) -> "Any":
    """Exchanges rows by recorded choices, until the largest number of column k is in row k; returns the sign."""
    sign: Any = 1.0
    for i in range(k + 1, len(rows)):
        gate = absolute(rows[i][k]) - absolute(rows[k][k])
        for j in range(k, len(rows[k])):
            a, b = rows[k][j], rows[i][j]
            rows[k][j], rows[i][j] = select(gate, b, a), select(gate, a, b)
        sign = select(gate, -sign, sign)
    return sign


def _eliminate_below(rows: "list[list[Any]]", k: int) -> None:
    """Subtracts a multiple of row k from each row below it, so that column k is 0 there (which is not written)."""
    for row in rows[k + 1 :]:
        if not _is_plain_zero(row[k]):
            _subtract(row, row[k] / rows[k][k], rows[k], k + 1)


def _substituted_back(rows: "list[list[Any]]") -> "list[list[Any]]":
    """The solution of triangular equations."""
    n = len(rows)
    for k in reversed(range(n)):
        rows[k][n:] = [number / rows[k][k] for number in rows[k][n:]]
        for row in rows[:k]:
            if not _is_plain_zero(row[k]):
                _subtract(row, row[k], rows[k], n)
    return [row[n:] for row in rows]


def _subtract(row: "list[Any]", factor: "Any", other: "list[Any]", first: int) -> None:
    """Subtracts a multiple of another row, from a column on. Plain zeros, as of an identity matrix, cost nothing."""
    for j in range(first, len(row)):
        if not _is_plain_zero(other[j]):
            row[j] = row[j] - factor * other[j]


def _is_plain_zero(number: "Any") -> bool:
    return type(number) is float and number == 0.0
