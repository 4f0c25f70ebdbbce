"""Loops over members as JavaScript: the text does not grow with the widths of layers."""

from collections.abc import Callable, Sequence
from itertools import count

from autograd.compiler.reroll.accumulation import Accumulation, RolledSums
from autograd.compiler.reroll.grid import Access
from autograd.compiler.reroll.loops import Copy, Loop, Rolled, RolledOutputs, Run
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.compiler.source.text import expression
from autograd.numerics import np

__all__ = ["outputs_text", "sums_text"]

_MEMORY = {"row": "rows", "input": "x", "leaf": "w", "total": "out", "output": "out"}


def sums_text(sums: RolledSums, name: str) -> str:
    """Writes a function `name(x, w, out)` that adds the summands of one sample to the totals in `out`.

    Arguments:
        sums: the loops.
        name: the name of the function; other names at the same level begin with it.
    """
    writer = _Writer(name)
    lines = [*writer.loops(sums.rolled), *[line for each in sums.accumulations for line in writer.accumulation(each)]]
    return writer.text(sums.rolled, lines)


def outputs_text(outputs: RolledOutputs, name: str) -> str:
    """Writes a function `name(x, w, out)` that stores the outputs of a routine in `out`; arguments as above."""
    writer = _Writer(name)
    lines = [*writer.loops(outputs.rolled), *[line for copy in outputs.copies for line in writer.copy(copy)]]
    return writer.text(outputs.rolled, lines)


class _Writer:
    """Writes one function. In it, o is the number of a run of members, i that of a member in it, k that of a term.

    Arguments:
        name: the name of the function.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._tables: dict[tuple[int, ...], str] = {}
        self._numbers = count()

    def text(self, rolled: Rolled, lines: Sequence[str]) -> str:
        """Returns the function with these lines in its body, and what it refers to."""
        tables = [f"const {name} = Int32Array.of({','.join(map(str, t))});\n" for t, name in self._tables.items()]
        rows = f"const {self._name}_rows = new Float64Array({rolled.rows});\n"
        head = f"function {self._name}(x, w, out) {{\n  const rows = {self._name}_rows;\n"
        return "".join([*tables, rows, head, *[f"  {line}\n" for line in lines], "}\n"])

    def loops(self, rolled: Rolled) -> list[str]:
        """Returns the lines of all loops."""
        return [line for loop in rolled.loops for line in self._loop(loop)]

    def accumulation(self, each: Accumulation) -> list[str]:
        """Returns the lines that add to totals."""
        read = self._reader(each.outer, each.inner)
        summand = read(each.along) if each.across is None else f"{read(each.across)} * {read(each.along)}"
        line = f"{read(each.totals)} += {summand};"
        if each.gate is not None:
            is_open = f"{read(each.gate)} > 0"
            line = f"if ({f'!({is_open})' if each.closed else is_open}) {line}"
        return _nested(each.outer, each.inner, [line])

    def copy(self, copy: Copy) -> list[str]:
        """Returns the lines that store outputs."""
        read = self._reader(copy.outer, copy.inner)
        return _nested(copy.outer, copy.inner, [f"{read(copy.target)} = {read(copy.source)};"])

    def _loop(self, loop: Loop) -> list[str]:
        read = self._reader(loop.outer, loop.inner)
        target = (
            f"rows[{_sum_of(str(loop.row), _times('o', loop.inner if loop.outer > 1 else 0), _member(loop.inner))}]"
        )
        if not loop.runs:
            value = expression(loop.op, [read(access) for access in loop.operands], JAVASCRIPT)
            return _nested(loop.outer, loop.inner, [f"{target} = {value};"])
        lines = [line for number, run in enumerate(loop.runs) for line in self._run(run, loop, is_first=number == 0)]
        return _nested(loop.outer, loop.inner, [*lines, f"{target} = sum;"])

    def _run(self, run: Run, loop: Loop, *, is_first: bool) -> list[str]:
        """Returns the lines that add up a run; the sum begins with its first term, so that it has eager's bits."""
        read = self._reader(loop.outer, loop.inner, run.length)

        def term(k: str) -> str:
            return " * ".join(read(factor, k) for factor in run.factors)

        lines = [f"let sum = {term('0')};"] if is_first else []
        if run.length == 1:
            return lines or [f"sum += {term('0')};"]
        start = 1 if is_first else 0
        return [*lines, f"for (let k = {start}; k < {run.length}; k += 1) sum += {term('k')};"]

    def _reader(self, outer: int, inner: int, length: int = 1) -> Callable[..., str]:
        """Returns a function that writes what a member reads; `k` is the number of the term."""

        def read(access: Access, k: str = "0") -> str:
            if access.kind == "constant":
                literal = JAVASCRIPT.literal(access.number)
                return f"({literal})" if literal.startswith("-") else literal
            return f"{_MEMORY[access.kind]}[{self._place(access, outer, inner, length, k)}]"

        return read

    def _place(self, access: Access, outer: int, inner: int, length: int, k: str) -> str:
        if access.table:
            runs = _times("o", inner * length if outer > 1 else 0)
            return f"{self._table(access.table)}[{_sum_of('', runs, _times(_member(inner), length), k)}]"
        base = self._base(access.bases)
        return _sum_of(*base, _times("i" if inner > 1 else "0", access.stride), _times(k, access.step))

    def _base(self, bases: tuple[int, ...]) -> tuple[str, ...]:
        if len(bases) == 1:
            return (str(bases[0]),)
        steps = np.diff(bases)
        if (steps == steps[0]).all():
            return str(bases[0]), _times("o", int(steps[0]))
        return (f"{self._table(bases)}[o]",)

    def _table(self, numbers: tuple[int, ...]) -> str:
        if numbers not in self._tables:
            self._tables[numbers] = f"{self._name}_table{next(self._numbers)}"
        return self._tables[numbers]


def _nested(outer: int, inner: int, lines: Sequence[str]) -> list[str]:
    """Returns the lines in loops over runs and members; in a block, if there are none, for what they declare."""
    heads = [
        f"for (let {letter} = 0; {letter} < {size}; {letter} += 1) {{"
        for letter, size in (("o", outer), ("i", inner))
        if size > 1
    ]
    return [" ".join([*(heads or ["{"]), *lines, "}" * max(1, len(heads))])]


def _member(inner: int) -> str:
    return "i" if inner > 1 else "0"


def _times(index: str, factor: int) -> str:
    if index == "0" or factor == 0:
        return "0"
    return index if factor == 1 else f"{factor} * {index}" if factor > 0 else f"({factor}) * {index}"


def _sum_of(*terms: str) -> str:
    shown = [term for term in terms if term not in ("0", "")]
    return " + ".join(shown) or "0"
