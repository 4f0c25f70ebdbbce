"""Values and gradients as a table, to print or to save as Markdown, LaTeX or CSV."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autograd import Value
from autograd.graph import walk
from autograd.html_table import html_table
from autograd.notation.naming import names_in_code
from autograd.notation.table import table
from viz.files import FormatError, format_of, save
from viz.labels import check_precision, number, printable
from viz.latex_text import latex_text

if TYPE_CHECKING:
    from nn import Module

__all__ = ["GradientTable", "gradient_table"]

_HEADER = ("name", "kind", "value", "gradient")


class _Row(NamedTuple):
    """A node; `gradient` is None if it has none."""

    name: str
    kind: str
    value: float
    gradient: float | None


class GradientTable:
    """Values and gradients. Notebooks show a table; `print` does, too; `save` writes a file.

    >>> w, x = Value(2.0, "w", role="parameter"), Value(-3.0, "x")
    >>> y = w * x
    >>> y.backward()
    >>> print(gradient_table(y).markdown)
    | name | kind | value | gradient |
    | :--- | :--- | ---: | ---: |
    | w | parameter | 2.0 | −3.0 |
    | x | leaf | −3.0 | 2.0 |
    <BLANKLINE>
    """

    def __init__(self, rows: Iterable[_Row], precision: int) -> None:
        self._rows, self._precision = list(rows), precision

    @property
    def markdown(self) -> str:
        """The table in Markdown, with rounded numbers."""
        cells = [tuple(cell.replace("\\", "\\\\").replace("|", "\\|") for cell in row) for row in self._cells()]
        return "".join(f"| {' | '.join(row)} |\n" for row in [_HEADER, (":---", ":---", "---:", "---:"), *cells])

    @property
    def latex(self) -> str:
        """The table as an environment of LaTeX, which needs no package, with rounded numbers."""
        rows = [" & ".join(map(latex_text, row)) + r" \\" for row in self._cells()]
        head = " & ".join(_HEADER) + r" \\ \hline"
        return "\n".join([r"\begin{tabular}{llrr}", head, *rows, r"\end{tabular}", ""])

    @property
    def csv(self) -> str:
        """The table as comma-separated values, with all digits and as other programs read them."""
        content = StringIO()
        writer = csv.writer(content, lineterminator="\n")
        writer.writerow(_HEADER)
        for row in self._rows:
            writer.writerow((*row[:2], repr(row.value), "" if row.gradient is None else repr(row.gradient)))
        return content.getvalue()

    def save(self, path: str | Path) -> Path:
        """Writes the table to a file.

        Arguments:
            path: the file, whose name ends with .md, .tex or .csv.

        Returns:
            The path.

        Raises:
            RenderError: if the name ends otherwise, or the file cannot be written.
        """
        path = Path(path)
        format = format_of(path)
        if format not in ("md", "tex", "csv"):
            raise FormatError(f"the file name of a table must end with .md, .tex or .csv, not .{format}")
        save({"md": self.markdown, "tex": self.latex, "csv": self.csv}[format].encode(), path)
        return path

    def _cells(self) -> list[tuple[str, str, str, str]]:
        return [
            (row.name, row.kind, self._number(row.value), "" if row.gradient is None else self._number(row.gradient))
            for row in self._rows
        ]

    def _number(self, x: float) -> str:
        return number(x, self._precision)

    def __str__(self) -> str:
        return table(_HEADER, self._cells(), left=(0, 1))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html_table("Values and gradients", _HEADER, self._cells(), (0, 1))


def gradient_table(value: "Value | Module", *, nodes: str = "leaves", precision: int = 6) -> GradientTable:
    """Tabulates the values and gradients of a graph or of a model's parameters, as they are after `backward()`.

    Arguments:
        value: the output of a graph, or a model.
        nodes: which nodes of a graph: "leaves" for inputs and parameters, or "all", operations included. Plain numbers
            are left out.
        precision: significant digits in print, Markdown and LaTeX, 1 to 17; CSV has all digits.

    Returns:
        The table: print it, let a notebook show it, or save it: `.save("gradients.csv")`, or .md or .tex.

    Raises:
        TypeError: if `value` is neither a Value nor a model.
        ValueError: if an option is out of range.

    >>> w, x = Value(2.0, "w", role="parameter"), Value(-3.0, "x")
    >>> y = (w * x).relu()
    >>> y.backward()
    >>> gradient_table(y, nodes="all")
    name  kind       value  gradient
    w     parameter    2.0       0.0
    x     leaf        −3.0       0.0
    t1    multiply    −6.0       0.0
    t2    relu         0.0       1.0
    """
    check_precision(precision)
    if nodes not in ("leaves", "all"):
        raise ValueError(f"nodes must be 'leaves' or 'all', not {nodes!r}")
    if isinstance(value, Value):
        leaves, operations = walk(value)
        names = names_in_code(leaves, operations)
        shown = [node for node in leaves if node.role != "constant"] + (operations if nodes == "all" else [])
        return GradientTable([_row(names.get(node, node.label), node) for node in shown], precision)
    from nn import Module

    if not isinstance(value, Module):
        raise TypeError(f"gradient_table takes a Value or a model, not {value!r}")
    return GradientTable([_row(name, parameter) for name, parameter in value.named_parameters()], precision)


def _row(name: str, node: Value) -> _Row:
    kind = str(node.op) if node.op else "leaf" if node.role == "plain" else node.role
    return _Row(printable(name), kind, node.data, node.grad if node.has_grad else None)
