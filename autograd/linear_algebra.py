"""The functions of `numpy.linalg` on arrays of Values, a matrix or a stack of matrices each."""

from math import prod
from typing import Any

import numpy as np
from numpy.linalg import LinAlgError

from autograd.array_views import as_values, object_array
from autograd.elimination import determinant_factors, known, solve_rows
from autograd.functions import absolute, log, sign, sqrt
from autograd.inspection import inspected
from autograd.node import Node

__all__ = ["cholesky", "cond", "det", "inv", "matrix_power", "slogdet", "solve", "tensorinv", "tensorsolve"]


def det(a: Any) -> Any:
    """Computes `np.linalg.det`; its gradient at a singular matrix is the matrix of cofactors.

    Raises:
        LinAlgError: unless the last two axes have the same length.
    """
    return _of_each_matrix(a, lambda rows: _product(*determinant_factors(rows)))


def slogdet(a: Any) -> Any:
    """Computes `np.linalg.slogdet`: the sign of the determinant and the logarithm of its absolute value."""
    a = _square(a)
    signs, logarithms = np.empty(a.shape[:-2], dtype=object), np.empty(a.shape[:-2], dtype=object)
    for index in np.ndindex(signs.shape):
        permutation, factors = determinant_factors(_rows(a[index]))
        signs[index] = _product(permutation, [sign(factor) for factor in factors])
        logarithms[index] = sum(log(absolute(factor)) for factor in factors)
    result_type: Any = type(np.linalg.slogdet(np.eye(1)))
    return result_type(as_values(signs), as_values(logarithms))


def inv(a: Any) -> Any:
    """Computes `np.linalg.inv`.

    Raises:
        LinAlgError: if a matrix is singular or not square.
    """
    return solve(a, np.eye(_square(a).shape[-1]))


def solve(a: Any, b: Any) -> Any:
    """Computes `np.linalg.solve`.

    Raises:
        LinAlgError: if a matrix is singular or not square.
        ValueError: if the shapes do not match.
    """
    a, b = _square(a), np.asarray(b)
    if b.ndim == 1:
        return solve(a, b[:, None])[..., 0]
    n = a.shape[-1]
    if b.ndim == 0 or b.shape[-2] != n:
        raise ValueError(f"solve needs {n} equations with a matrix of shape {a.shape[-2:]}, not b of shape {b.shape}")
    stack = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = np.broadcast_to(a, stack + a.shape[-2:]), np.broadcast_to(b, stack + b.shape[-2:])
    result = np.empty(b.shape, dtype=object)
    for index in np.ndindex(stack):
        solution = solve_rows([[*left, *right] for left, right in zip(_rows(a[index]), _rows(b[index]), strict=True)])
        if solution is None:
            raise LinAlgError("Singular matrix")
        for i, row in enumerate(solution):
            result[(*index, i)] = object_array(row)
    return as_values(result)


def cholesky(a: Any, *, upper: bool = False) -> Any:
    """Computes `np.linalg.cholesky`. As in NumPy, it depends on one triangle of the matrix only.

    In a function that is being compiled, the result for a matrix that is not positive definite is nan.

    Raises:
        LinAlgError: if a matrix is not positive definite, or not square.
    """
    a = _square(a)
    result = np.zeros(a.shape).astype(object)
    for index in np.ndindex(a.shape[:-2]):
        matrix = a[index].T if upper else a[index]
        factor = result[index].T if upper else result[index]
        for i, row in enumerate(_cholesky_rows(_rows(matrix))):
            factor[i, : i + 1] = object_array(row)
    return as_values(result)


def _cholesky_rows(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows of the lower triangular factor, each as far as the diagonal."""
    compare = known(rows)
    factor: list[list[Any]] = []
    for i, row in enumerate(rows):
        numbers: list[Any] = []
        for j in range(i):
            remainder = _less_products(row[j], numbers, factor[j][:j])
            numbers.append(remainder / factor[j][j])
        square = _less_products(row[i], numbers, numbers)
        if compare and not inspected(square) > 0.0:
            raise LinAlgError("Matrix is not positive definite")
        factor.append([*numbers, sqrt(square)])
    return factor


def _less_products(number: Any, left: list[Any], right: list[Any]) -> Any:
    for a, b in zip(left, right, strict=True):
        number = number - a * b
    return number


def matrix_power(a: Any, n: int) -> Any:
    """Computes `np.linalg.matrix_power`.

    Raises:
        LinAlgError: if a matrix is not square, or is singular and n is negative.
        TypeError: if n is not an integer.
    """
    a = _square(a)
    if not hasattr(n, "__index__"):
        raise TypeError(f"the exponent of matrix_power must be an integer, not {n!r}")
    base, exponent = (inv(a), -n) if n < 0 else (as_values(a), n.__index__())
    if exponent == 0:
        return np.broadcast_to(np.eye(a.shape[-1]), a.shape).copy()
    result = None
    while exponent:  # by repeated squaring
        if exponent % 2:
            result = base if result is None else result @ base
        exponent //= 2
        base = base @ base if exponent else base
    return result


def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """Computes `np.linalg.tensorsolve`.

    Raises:
        LinAlgError: if the tensor, as a matrix, is singular or not square.
    """
    a, b = np.asarray(a), np.asarray(b)
    for axis in axes or ():
        a = np.moveaxis(a, axis, -1)
    shape = a.shape[b.ndim :]
    if prod(shape) != b.size or prod(a.shape[: b.ndim]) != b.size:
        raise LinAlgError("Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])")
    return solve(a.reshape(b.size, b.size), b.ravel()).reshape(shape)


def tensorinv(a: Any, ind: int = 2) -> Any:
    """Computes `np.linalg.tensorinv`.

    Raises:
        LinAlgError: if the tensor, as a matrix, is singular or not square.
        ValueError: unless ind is positive.
    """
    if ind <= 0:
        raise ValueError(f"the ind of tensorinv must be a positive integer, not {ind!r}")
    a = np.asarray(a)
    before, after = a.shape[:ind], a.shape[ind:]
    return inv(a.reshape(prod(before), prod(after))).reshape(after + before)


def cond(x: Any, p: Any = None) -> Any:
    """Computes `np.linalg.cond` for the norms that need no singular values: 1, -1, inf, -inf and "fro".

    Raises:
        UnsupportedError: for the norms 2 and -2, which need them.
        LinAlgError: if a matrix is singular or not square.
    """
    from autograd.norms import norm

    order = 2 if p is None else p
    x = as_values(_square(x))
    return norm(x, order, axis=(-2, -1)) * norm(inv(x), order, axis=(-2, -1))


def _square(a: Any) -> Any:
    """`a` as an array of square matrices."""
    a = np.asarray(a)
    if a.ndim < 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.shape[-1] != a.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    return a


def _rows(matrix: Any) -> list[list[Any]]:
    """The rows of a matrix, each number a Value or a float."""
    return [[x if isinstance(x, Node) else float(x) for x in row] for row in matrix]


def _of_each_matrix(a: Any, f: Any) -> Any:
    """An array of what `f` returns for the rows of each matrix."""
    a = _square(a)
    result = np.empty(a.shape[:-2], dtype=object)
    for index in np.ndindex(result.shape):
        result[index] = f(_rows(a[index]))
    return as_values(result)


def _product(sign: Any, factors: list[Any]) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    if type(sign) is float:
        return -result if sign < 0.0 else result
    return sign * result
