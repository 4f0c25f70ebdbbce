"""The entry point of the command line: parses the arguments and runs a command."""

import argparse
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from viz.command.errors import CommandError, UsageError
from viz.command.output import complain, say

__all__ = ["main"]

# Whatever is slow to load is imported when it is used: Ctrl-C is then an answer of one line, too.


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def _print_message(self, message: str, file: Any = None) -> None:
        say(message.rstrip("\n"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `scalar-autograd`.

    Arguments:
        arguments: the arguments after the command's name; by default those of the shell.

    Returns:
        The exit status: 0, or 1 if the command failed, 2 if the arguments are wrong, 130 after an interrupt, or 141 if
        the reader of the standard output has ended, as `head` does. The last two are those of a program that the signal
        SIGINT or SIGPIPE ended.

    >>> main(["--version"])
    scalar-autograd 0.1.0
    0
    """
    try:
        _run(arguments)
    except CommandError as error:
        complain(f"error: {error}")
        return error.status
    except KeyboardInterrupt:
        complain("interrupted")
        return 130
    except BrokenPipeError:
        return 141
    except MemoryError:
        complain("error: out of memory")
        return 1
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        complain(f"error: {type(error).__name__}: {error}; PYTHONDEVMODE=1 shows where")
        return 1
    return 0


def _run(arguments: Sequence[str] | None) -> None:
    given = _with_formulas(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser().parse_args(given or ["--help"])
    except SystemExit:  # of --help and --version
        return
    options.run(options)


def _with_formulas(arguments: Sequence[str]) -> list[str]:
    """Returns the arguments with a blank before a formula that begins with a minus sign.

    The parser would take it for an option, but never takes what contains a blank for one.

    >>> _with_formulas(["draw", "-x**2", "x=1", "-o", "-x.svg"])
    ['draw', ' -x**2', 'x=1', '-o', '-x.svg']
    """
    if not arguments or arguments[0] not in ("draw", "explore", "exercise"):
        return list(arguments)
    before = ["", *arguments]
    return [
        f" {argument}"
        if argument[:1] == "-" and argument[:2] not in ("-", "--", "-o", "-h") and before[index] not in ("-o", "--out")
        else argument
        for index, argument in enumerate(arguments)
    ]


def _parser() -> argparse.ArgumentParser:
    import autograd

    parser = _Parser(
        prog="scalar-autograd",
        description="Train tiny networks, draw computation graphs, step through them, make exercises and playgrounds.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {autograd.__version__}")
    names = "demo | train | draw | explore | exercise | check | playground"
    commands = parser.add_subparsers(title="commands", required=True, metavar=names)
    _add_demo(commands)
    _add_train(commands)
    _add_formula(commands, "draw", _draw, "draw the graph of a formula with its values and gradients", "graph.svg")
    _add_explore(commands)
    _add_exercise(commands)
    _add_check(commands)
    _add_playground(commands)
    return parser


def _add_demo(commands: Any) -> None:
    command = commands.add_parser("demo", help="train a 2-4-1 network on XOR, draw it, and replay its training")
    command.add_argument(
        "--out", type=Path, default=Path("xor"), metavar="FOLDER", help="folder for the files (default: xor)"
    )
    command.add_argument(
        "--epochs",
        type=_positive,
        default=300,
        metavar="N",
        help="number of passes over the four samples (default: 300)",
    )
    command.add_argument(
        "--seed", type=_natural, default=0, metavar="N", help="seed of the initial weights (default: 0)"
    )
    command.add_argument("--no-progress", action="store_true", help="do not show a progress bar")
    command.set_defaults(run=_demo)


def _add_train(commands: Any) -> None:
    command = commands.add_parser(
        "train",
        help="write a page that trains a network in the browser",
        epilog="example: scalar-autograd train moons --hidden 8 8 -o moons.html",
    )
    command.add_argument(
        "samples",
        metavar="xor | moons | circles | blobs | FILE.csv",
        help="the samples; in a file, the last column is the target",
    )
    command.add_argument(
        "--hidden", type=_positive, nargs="*", default=[4], metavar="N", help="sizes of the hidden layers (default: 4)"
    )
    command.add_argument(
        "--seed", type=_natural, default=0, metavar="N", help="seed of the initial weights (default: 0)"
    )
    command.add_argument(
        "-o",
        "--out",
        type=Path,
        default=Path("train.html"),
        metavar="FILE",
        help=".html file to write (default: train.html)",
    )
    _add_language(command)
    command.set_defaults(run=_train)


def _add_formula(commands: Any, name: str, run: Callable[[argparse.Namespace], None], purpose: str, out: str) -> Any:
    """Adds and returns a command that takes a formula and the numbers of its variables."""
    example = f"example: scalar-autograd {name} 'tanh(w*x + b)' w=0.7 x=1.5 b=-0.1 -o {out}"
    command = commands.add_parser(name, help=purpose, epilog=example)
    command.add_argument("expression", type=str.strip, help="a formula such as 'tanh(w*x + b)'")
    command.add_argument(
        "variables", nargs="*", type=_variable, metavar="name=number", help="the number of each variable"
    )
    formats = ".html" if out.endswith("html") else ".svg, .png or .dot"
    command.add_argument(
        "-o", "--out", type=Path, default=Path(out), metavar="FILE", help=f"{formats} file to write (default: {out})"
    )
    command.set_defaults(run=run)
    return command


def _add_explore(commands: Any) -> None:
    purpose = "write a page that steps through the graph of a formula"
    _add_language(_add_formula(commands, "explore", _explore, purpose, "graph.html"))


def _add_exercise(commands: Any) -> None:
    purpose = "write a page with the gradients of a formula to fill in"
    command = _add_formula(commands, "exercise", _exercise, purpose, "exercise.html")
    command.add_argument(
        "--hide",
        choices=["gradients", "values", "both"],
        default="gradients",
        help="what to fill in (default: gradients)",
    )
    command.add_argument("--seed", type=_natural, metavar="N", help="seed of other numbers (default: those given)")
    command.add_argument("--sheet", type=Path, metavar="FILE", help=".html file for the sheet to print (default: none)")
    command.add_argument("--key", type=Path, metavar="FILE", help=".html file for its key (default: none)")
    _add_language(command)


def _add_language(command: Any) -> None:
    from viz.pages.language import language_codes

    command.add_argument("--lang", choices=language_codes(), default="en", help="language of the page (default: en)")


def _add_check(commands: Any) -> None:
    command = commands.add_parser(
        "check",
        help="check the gradients of a class of numbers of your own",
        epilog="example: scalar-autograd check engine.py:Value",
    )
    command.add_argument("target", metavar="FILE[:CLASS]", help="a Python file and the class in it (default: Value)")
    command.set_defaults(run=_check)


def _add_playground(commands: Any) -> None:
    command = commands.add_parser(
        "playground",
        help="write a folder for any web server, whose page runs Python in the browser",
        epilog="example: scalar-autograd playground site && python -m http.server --directory site",
    )
    command.add_argument("folder", type=Path, metavar="FOLDER", help="folder to write, empty or new")
    command.add_argument(
        "--pyodide",
        type=Path,
        metavar="FOLDER",
        help="folder of the npm package pyodide, such as node_modules/pyodide (default: npm installs it)",
    )
    _add_language(command)
    command.set_defaults(run=_playground)


def _demo(options: argparse.Namespace) -> None:
    from viz.command.demo import demo

    demo(options.out, options.epochs, options.seed, progress=sys.stderr is not None and not options.no_progress)


def _train(options: argparse.Namespace) -> None:
    from viz.command.train import train_on

    train_on(options.samples, options.hidden, options.seed, options.out, options.lang)


def _draw(options: argparse.Namespace) -> None:
    from viz.command.formula import draw_formula

    draw_formula(options.expression, options.variables, options.out)


def _explore(options: argparse.Namespace) -> None:
    from viz.command.formula import explore_formula

    explore_formula(options.expression, options.variables, options.out, options.lang)


def _exercise(options: argparse.Namespace) -> None:
    from viz.command.exercise import exercise_on

    exercise_on(
        options.expression,
        options.variables,
        hide=options.hide,
        seed=options.seed,
        page=options.out,
        sheet=options.sheet,
        key=options.key,
        lang=options.lang,
    )


def _check(options: argparse.Namespace) -> None:
    from viz.command.check import check_file

    check_file(options.target)


def _playground(options: argparse.Namespace) -> None:
    from viz.command.playground import make_playground

    make_playground(options.folder, options.pyodide, options.lang)


def _positive(text: str) -> int:
    if not (count := _natural(text)):
        raise argparse.ArgumentTypeError("must be a positive integer, not 0")
    return count


def _natural(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"must be an integer from 0 to 999999999, not {text!r}")
    return int(text)


def _variable(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        if name.strip().isidentifier():
            return unicodedata.normalize("NFKC", name.strip()), float(number)  # as Python normalizes names
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"must be name=number, such as x=1.5, not {text.strip()!r}")
