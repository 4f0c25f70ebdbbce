"""Runs what the reader wrote, as a cell of a notebook would, and tells what came of it as messages.

It runs in the worker of the page, and, for the tests, in any Python.
"""

import ast
import builtins
import json
import linecache
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from viz.playground.messages import Message, file_message, value_messages
from viz.playground.output import Output
from viz.playground.tracebacks import traceback_of

__all__ = ["NAME", "run", "run_command"]

NAME = "playground.py"
"""The name of the reader's code in tracebacks."""

Send = Callable[[str], object]


def run(code: str, send: Send) -> bool:
    r"""Runs a program, and shows the value of its last statement, if that is an expression.

    The program has a namespace and a working directory of its own, and `display`, as in a notebook.

    Arguments:
        code: the program.
        send: takes each message, as JSON: text that was printed, a value, a file that was written.

    Returns:
        Whether it ran to its end.

    >>> messages = []
    >>> run("print('a')\n1 + 1", messages.append)
    True
    >>> for message in messages:
    ...     print(message)
    {"kind": "text", "stream": "out", "text": "a\n"}
    {"kind": "text", "stream": "value", "text": "2\n"}
    """
    with _captured(send) as show, _main_module() as module:
        module.__dict__["display"] = lambda *values: [show(value) for value in values][:0] or None
        linecache.cache[NAME] = (len(code), None, code.splitlines(keepends=True), NAME)
        try:
            body, last = _compiled(code)
            exec(body, module.__dict__)
            if last is not None:
                show(eval(last, module.__dict__))
        except SystemExit as error:
            if isinstance(error.code, str):
                print(error.code, file=sys.stderr)
            return not error.code
        except BaseException as error:
            sys.stderr.write(traceback_of(error, NAME))
            return False
    return True


def run_command(main: Callable[[Sequence[str]], int], arguments: Sequence[str], send: Send) -> bool:
    """Runs a command line in a working directory of its own, and tells what it prints and writes.

    Arguments:
        main: the command line, such as `viz.command.main`.
        arguments: its arguments.
        send: as for `run`.

    Returns:
        Whether its exit status is 0.
    """
    with _captured(send):
        return main(arguments) == 0


def _compiled(code: str) -> tuple[CodeType, CodeType | None]:
    """Returns the program without its last expression, and that expression."""
    tree = ast.parse(code, NAME)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    body = compile(tree, NAME, "exec", dont_inherit=True)
    if not isinstance(last, ast.Expr):
        return body, None
    return body, compile(ast.Expression(last.value), NAME, "eval", dont_inherit=True)


@contextmanager
def _captured(send: Send) -> Iterator[Callable[[Any], None]]:
    """Sends what is printed and the files that are written; yields a function that shows a value."""

    def tell(message: Message) -> None:
        send(json.dumps(message))

    out = Output(lambda text: tell({"kind": "text", "stream": "out", "text": text}))
    err = Output(lambda text: tell({"kind": "text", "stream": "err", "text": text}))

    def show(value: Any) -> None:
        out.flush()
        err.flush()
        for message in value_messages(value):
            tell(message)

    with tempfile.TemporaryDirectory() as folder:
        with chdir(folder), redirect_stdout(out), redirect_stderr(err), _without_input(), warnings.catch_warnings():
            try:
                yield show
            finally:
                out.close()
                err.close()
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                tell(file_message(path.relative_to(folder).as_posix(), path.read_bytes()))


@contextmanager
def _main_module() -> Iterator[ModuleType]:
    """Makes a new module `__main__`, in which pickles and data classes find what the program defines."""
    module, before = ModuleType("__main__"), sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        yield module
    finally:
        sys.modules["__main__"] = before


@contextmanager
def _without_input() -> Iterator[None]:
    """Makes `input` say that no one can answer: the page has no place for it, and would wait forever."""

    def refuse(prompt: object = "", /) -> str:
        raise EOFError("the playground has no input; write the answer into the program")

    before, builtins.input = builtins.input, refuse
    try:
        yield
    finally:
        builtins.input = before
