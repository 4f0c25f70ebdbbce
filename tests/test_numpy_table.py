"""The tables of docs/numpy.md say what each function of NumPy does with Values; every row is recomputed here.

`PYTHONPATH=. python tests/test_numpy_table.py` writes them, with the newest NumPy.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from support.numpy_cases import CASES, DISCRETE, POINTS, REFUSED
from support.numpy_check import check, check_discrete, flat, points_of, values_of

from autograd.unsupported import UnsupportedError

PAGE = Path(__file__).parents[1] / "docs" / "numpy.md"
RIGHT, REFUSES, NOT_APPLICABLE = "right", "refused", "not applicable"

UFUNCS = {f.__name__: f for name, f in vars(np).items() if isinstance(f, np.ufunc)}
LINALG = {
    "cholesky": lambda S: np.linalg.cholesky(S @ S.T + np.eye(3)), "cond": lambda S: np.linalg.cond(S, "fro"),
    "cross": lambda v, w: np.linalg.cross(v, w), "det": lambda S: np.linalg.det(S),
    "diagonal": lambda S: np.linalg.diagonal(S), "eig": lambda S: np.linalg.eig(S),
    "eigh": lambda S: np.linalg.eigh(S), "eigvals": lambda S: np.linalg.eigvals(S),
    "eigvalsh": lambda S: np.linalg.eigvalsh(S), "inv": lambda S: np.linalg.inv(S),
    "lstsq": lambda A, u: np.linalg.lstsq(A, u), "matmul": lambda A, S: np.linalg.matmul(A, S),
    "matrix_norm": lambda S: np.linalg.matrix_norm(S), "matrix_power": lambda S: np.linalg.matrix_power(S, 3),
    "matrix_rank": lambda S: np.linalg.matrix_rank(S), "matrix_transpose": lambda A: np.linalg.matrix_transpose(A),
    "multi_dot": lambda A, S, v: np.linalg.multi_dot([A, S, v]), "norm": lambda v: np.linalg.norm(v),
    "outer": lambda u, v: np.linalg.outer(u, v), "pinv": lambda A: np.linalg.pinv(A),
    "qr": lambda S: np.linalg.qr(S), "slogdet": lambda S: np.linalg.slogdet(S),
    "solve": lambda S, v: np.linalg.solve(S, v), "svd": lambda S: np.linalg.svd(S),
    "svdvals": lambda S: np.linalg.svdvals(S), "tensordot": lambda A, S: np.linalg.tensordot(A, S, axes=1),
    "tensorinv": lambda S: np.linalg.tensorinv(S, ind=1), "tensorsolve": lambda S, v: np.linalg.tensorsolve(S, v),
    "trace": lambda S: np.linalg.trace(S), "vecdot": lambda A, B: np.linalg.vecdot(A, B),
    "vector_norm": lambda v: np.linalg.vector_norm(v),
}  # fmt: skip
NOTES = {
    "clip": "the bounds may be Values",
    "cond": "of the orders 1, -1, inf, -inf and fro; 2, the default, needs singular values",
    "det": "a singular matrix has its cofactors as gradient",
    "cholesky": "depends on one triangle only, as in NumPy",
    "norm": "its gradient at 0 is 0; 2, -2 and nuc of a matrix need singular values",
    "ldexp": "the exponent is a plain integer",
}


def outcome(name, f, points):
    """What a call does with Values, and a note for the page."""
    try:
        expected = flat(f(*points))
    except TypeError:
        return NOT_APPLICABLE, "does not take real numbers"
    try:
        if any(np.asarray(part).dtype.kind == "f" for part in expected):
            check(f, points)
            return RIGHT, ""
        check_discrete(f, points)
    except UnsupportedError as error:
        return REFUSES, str(error).split("; ")[0].removeprefix(f"np.{name} ")  # a message by another name would be seen
    return RIGHT, "no derivative; counts as a branch on the numbers"


def outcome_of_ufunc(name):
    """What a ufunc does with arrays, of as many axes as its signature asks for."""
    f = UFUNCS[name]
    if name == "ldexp":
        return outcome(name, lambda p: f(p, np.array([1, 2, -3])), [POINTS["p"]])
    if f.signature is not None:
        cores = re.findall(r"\(([^)]*)\)", f.signature.split("->")[0])
        return outcome(name, f, [POINTS["S"] if "," in core else POINTS["v"] for core in cores])
    numbers = POINTS["p"] / 3.0 + (1.0 if name == "arccosh" else 0.0)  # between 0.17 and 0.67
    return outcome(name, f, [numbers, numbers[::-1] * 0.9, numbers + 1.0][: f.nin])


def row(name, result):
    status, note = result
    return f"| `{name}` | {status} | {NOTES.get(name) or note} |".replace("|  |", "| |")


def others(cases):
    """The functions of NumPy's main namespace among the first words of the names of cases, other than ufuncs."""
    names = {re.split(r"[ ,]", case)[0] for case in cases}
    return sorted(
        name for name in names if callable(getattr(np, name, None)) and not isinstance(getattr(np, name), np.ufunc)
    )


def tables():
    """The generated parts of the page by name, each a list of lines."""
    head = ["| function | with Values | |", "| --- | --- | --- |"]
    return {
        "ufuncs": head + [row(name, outcome_of_ufunc(name)) for name in sorted(UFUNCS)],
        "linalg": head + [row(name, outcome(f"linalg.{name}", LINALG[name], points_of(LINALG[name], POINTS)))
                          for name in sorted(LINALG) if hasattr(np.linalg, name)],
        "right": [", ".join(f"`{name}`" for name in others([*CASES, *DISCRETE])) + "."],
        "refused": [", ".join(f"`{name}`" for name in sorted({*others(REFUSED)} - {*others(CASES)})) + "."],
    }  # fmt: skip


PART = re.compile(r"(<!-- begin (\w+) -->\n)(.*?)(\n<!-- end -->)", re.DOTALL)


def parts_of_the_page():
    return {part[2]: part[3].splitlines() for part in PART.finditer(PAGE.read_text(encoding="utf-8"))}


def rows_of(part):
    return {re.match(r"\| `(\w+)`", line)[1]: line for line in parts_of_the_page()[part][2:]}


def test_every_ufunc_and_every_function_of_linalg_has_a_row():
    assert set(UFUNCS) <= set(rows_of("ufuncs")), "python tests/test_numpy_table.py writes the rows"
    functions = {name for name in np.linalg.__all__ if name not in ("LinAlgError", "linalg", "test")}
    assert functions <= set(rows_of("linalg"))


@pytest.mark.parametrize("name", sorted(UFUNCS))
def test_the_row_of_a_ufunc_says_what_it_does(name):
    assert rows_of("ufuncs")[name] == row(name, outcome_of_ufunc(name))


@pytest.mark.parametrize("name", [name for name in LINALG if hasattr(np.linalg, name)])
def test_the_row_of_a_function_of_linalg_says_what_it_does(name):
    f = LINALG[name]
    assert rows_of("linalg")[name] == row(name, outcome(f"linalg.{name}", f, points_of(f, POINTS)))


@pytest.mark.parametrize("part", ["right", "refused"])
def test_the_other_functions_listed_are_those_that_are_checked(part):
    """`test_autograd_numpy` checks each; those that the installed NumPy does not have are left out."""
    (line,) = parts_of_the_page()[part]
    listed = [name for name in re.findall(r"`(\w+)`", line) if hasattr(np, name)]
    assert ", ".join(f"`{name}`" for name in listed) + "." == tables()[part][0]


def test_values_of_a_refused_function_are_left_as_they_were():
    for f in REFUSED.values():
        given = values_of(points_of(f, POINTS))
        with pytest.raises(UnsupportedError):
            f(*given)
        assert not any(node.op or node.grad for value in given for node in np.ravel(value))


if __name__ == "__main__":
    made = tables()
    text = PART.sub(lambda part: part[1] + "\n".join(made[part[2]]) + part[4], PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(text, encoding="utf-8")
