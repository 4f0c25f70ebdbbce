"""The small part of NumPy that this package needs, in Python, for where NumPy is not installed.

It has NumPy's names and gives NumPy's results, random numbers too, to the bit; `autograd.numerics` decides which of the
two is used. An array here is a shape and a list: no views, and numbers that are Python's own.
"""

from autograd.without_numpy import random
from autograd.without_numpy.arrays import array, asarray, broadcast_to, ndarray
from autograd.without_numpy.functions import (
    absolute as abs,  # noqa: A004 - NumPy's name
    add,
    all_of as all,  # noqa: A004
    arange,
    argwhere,
    array_equal,
    ascontiguousarray,
    choose,
    column_stack,
    concatenate,
    copyto,
    count_nonzero,
    einsum,
    empty,
    errstate,
    eye,
    floor,
    frombuffer,
    fromiter,
    full,
    hstack,
    isfinite,
    isin,
    isnan,
    linspace,
    maximum,
    may_share_memory,
    mean,
    minimum,
    ndindex,
    ones,
    ones_like,
    repeat,
    rint,
    rint as round,  # noqa: A004
    shape_of as shape,
    sqrt,
    sum_of as sum,  # noqa: A004
    tile,
    unique,
    where,
    zeros,
)
from autograd.without_numpy.types import (
    bool_,
    float64,
    floating,
    generic,
    int8,
    int16,
    int32,
    int64,
    intp,
    signedinteger,
    uint8,
    uint32,
    uint64,
)

__all__ = [
    *("abs", "add", "all", "arange", "argwhere", "array", "array_equal", "asarray", "ascontiguousarray", "bool_"),
    *("broadcast_to", "choose", "column_stack", "concatenate", "copyto", "count_nonzero", "einsum", "empty"),
    *("errstate", "eye", "float64", "floating", "floor", "frombuffer", "fromiter", "full", "generic", "hstack"),
    *("int16", "int32", "int64", "int8", "intp", "isfinite", "isin", "isnan", "linspace", "maximum"),
    *("may_share_memory", "mean", "minimum", "ndarray", "ndindex", "ones", "ones_like", "random", "repeat", "rint"),
    *("round", "shape", "signedinteger", "sqrt", "sum", "tile", "uint32", "uint64", "uint8", "unique", "where"),
    *("zeros"),
]
