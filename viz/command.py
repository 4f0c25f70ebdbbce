"""The command line: train a network on XOR and draw it, draw a formula, step through one."""

import argparse
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import autograd
from autograd import Value
from viz.labels import table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nn import MLP

__all__ = ["main"]

# The heavy parts (nn, NumPy, matplotlib, the renderer) are imported by the commands that use them.

_Save = Callable[[Path], object]
_RECORDED = 200  # epochs that the page of the demonstration goes through


class CommandError(Exception):
    """Something the user can mend; shown as one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}; see {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `scalar-autograd` and returns its exit code: 0, or 2 after an error of the user's.

    Arguments:
        arguments: what follows the command's name; by default, what the shell passed.

    >>> main(["--version"])
    scalar-autograd 0.1.0
    0
    """
    try:
        options = _parser().parse_args(arguments)
        options.run(options)
    except SystemExit as ending:  # of --help and --version
        return int(ending.code or 0)
    except CommandError as error:
        print(f"scalar-autograd: error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("scalar-autograd: interrupted", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="scalar-autograd",
        description="Train tiny networks, draw computation graphs, step through them.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {autograd.__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="demo | draw | explore")

    demo = commands.add_parser("demo", help="train a 2-4-1 network on XOR, draw it, replay its training")
    demo.add_argument("--out", type=Path, default=Path("xor"), metavar="FOLDER", help="where the pictures go (xor)")
    demo.add_argument("--epochs", type=_epochs, default=300, metavar="N", help="passes over the four samples (300)")
    demo.add_argument("--seed", type=_count, default=0, metavar="N", help="of the first weights (0)")
    demo.add_argument("--no-progress", action="store_true", help="show no progress bar")
    demo.set_defaults(run=_demo)

    _add_formula(commands, "draw", _draw, "draw the graph of a formula with its values and gradients", "graph.svg")
    _add_formula(commands, "explore", _explore, "write a page that steps through the graph of a formula", "graph.html")
    return parser


def _add_formula(commands: Any, name: str, run: Callable[[argparse.Namespace], None], purpose: str, out: str) -> None:
    """Adds a command that takes a formula with the numbers of its variables."""
    example = f"example: scalar-autograd {name} 'tanh(w*x + b)' w=0.7 x=1.5 b=-0.1 -o {out}"
    command = commands.add_parser(name, help=purpose, epilog=example)
    command.add_argument("expression", help="for example 'tanh(w*x + b)'; if it begins with a minus, after --")
    command.add_argument(
        "variables", nargs="*", type=_variable, metavar="name=number", help="the number of each variable"
    )
    formats = ".html" if out.endswith("html") else ".svg, .png or .dot"
    command.add_argument("-o", "--out", type=Path, default=Path(out), metavar="FILE", help=formats)
    command.set_defaults(run=run)


def _epochs(text: str) -> int:
    if not (count := _count(text)):
        raise argparse.ArgumentTypeError("training takes at least one epoch, not 0")
    return count


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to 999999999, not {text!r}")
    return int(text)


def _variable(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        if name.strip().isidentifier():
            return unicodedata.normalize("NFKC", name.strip()), float(number)  # as Python does to names in a text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"a variable is written name=number, as x=1.5, not {text!r}")


def _draw(options: argparse.Namespace) -> None:
    import viz

    _show(options, lambda value, path: viz.draw(value).save(path))


def _explore(options: argparse.Namespace) -> None:
    import viz

    _show(options, lambda value, path: viz.explore(value, title=options.expression).save(path))


def _show(options: argparse.Namespace, save: Callable[[Value, Path], object]) -> None:
    """Writes a file about the formula that was given, and prints its value and its gradients."""
    from viz.expression import ExpressionError, parse_expression

    numbers: dict[str, float] = {}
    for name, number in options.variables:
        if name in numbers:
            raise CommandError(f"the variable {name} is given twice")
        numbers[name] = number
    try:
        value = parse_expression(options.expression, **numbers)
    except ExpressionError as error:
        raise CommandError(str(error)) from None
    value.backward()
    written = _write([(options.out, lambda path: save(value, path))])
    leaves = {leaf.label: leaf for leaf in autograd.leaves(value) if leaf.role == "input"}
    rows = [("result", value), *((name, leaves[name]) for name in numbers)]
    print(table(["", "value", "gradient"], [[name, f"{v.data:.6g}", f"{v.grad:.6g}"] for name, v in rows]))
    print(f"\n{written}")


def _demo(options: argparse.Namespace) -> None:
    import nn

    _make_folder(options.out)  # before the work, so that a wrong path costs nothing
    X, y = nn.datasets.xor()
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=options.seed)
    history = model.fit(
        X,
        y,
        loss=nn.mse_loss,
        optimizer=nn.Adam(model.parameters(), lr=0.05),
        epochs=options.epochs,
        record=_RECORDED,
        progress=not options.no_progress,
    )
    if history.stopped == "interrupted":
        raise KeyboardInterrupt
    outputs = model.predict(X)
    accuracy = nn.accuracy(outputs, y)
    print(f"loss      {history.loss[-1]:.6f}")
    print(f"accuracy  {accuracy:.0%}\n")
    print(_truth_table(X, y.ravel(), outputs.ravel()))
    if accuracy < 1.0:
        print("\nnot solved: training can get stuck from some first weights; try more --epochs or another --seed")
    print()
    print(_write(_pictures(model, X, y, history, options.out)))


def _truth_table(inputs: Any, targets: Any, outputs: Any) -> str:
    rows = [
        [*(f"{x:g}" for x in row), f"{target:g}", f"{output:.4f}", f"{output:.0f}"]
        for row, target, output in zip(inputs, targets, outputs, strict=True)
    ]
    return table(["x1", "x2", "target", "output", "rounded"], rows)


def _pictures(model: "MLP", X: Any, y: Any, history: Any, folder: Path) -> "Iterable[tuple[Path, _Save]]":
    """Each picture of the demonstration, and the page of its training: the file, and what writes it."""
    import nn
    import viz
    from viz.plots import plot_decision_surface, plot_loss

    model.zero_grad()
    loss = nn.mse_loss(model(X[1]), y[1])
    loss.label = "loss"
    loss.backward()
    pictures: dict[str, _Save] = {
        "graph": viz.draw(loss, hide_constants=True).save,
        "network": viz.draw_network(model).save,
        "loss": _save_of(plot_loss(history)),
        "surface": _save_of(plot_decision_surface(model, X, y)),
    }
    for name, save in pictures.items():
        for format in ("svg", "png"):
            yield folder / f"{name}.{format}", save
    yield folder / "training.html", viz.explore_training(history, title="A network learns XOR").save


def _save_of(figure: "Figure") -> _Save:
    """What writes a figure of matplotlib to a file, at once or not at all."""
    from viz.pictures.render import format_of, save

    def written(path: Path) -> None:
        content = BytesIO()
        figure.savefig(content, format=format_of(path))
        save(content.getvalue(), path)

    return written


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from None


def _write(files: Iterable[tuple[Path, _Save]]) -> str:
    """Writes each file; the list of their names."""
    from viz import GraphTooLargeError, RenderError

    written = []
    for path, save in files:
        try:
            save(path)
        except (RenderError, GraphTooLargeError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"cannot write {str(path)!r}: {error.strerror or error}") from None
        written.append(f"  {path}")
    return "\n".join(["written:", *written])


if __name__ == "__main__":
    sys.exit(main())
