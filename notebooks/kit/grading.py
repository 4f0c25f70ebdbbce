"""Whether an answer to an exercise is right, as the check of its notebook says."""

import ast
import asyncio
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from jupyter_core.utils import run_sync
from nbclient import NotebookClient

__all__ = ["SECONDS", "Grade", "KernelLostError", "grade_of", "run"]

SECONDS = 120
"""How long a cell may take."""

_WORDS = 500  # characters of a message
_GUARD = "__import__('notebooks.kit.guard', fromlist=['keep'])"


class Grade(NamedTuple):
    """What the check of an exercise says about an answer.

    Attributes:
        ok: whether it is right.
        message: what the check shows, or the error that the answer raises.
    """

    ok: bool
    message: str


class KernelLostError(Exception):
    """The code takes too long or ends Python, so that its kernel is of no more use."""


def grade_of(client: NotebookClient, answer: str, check: str, seconds: float = SECONDS) -> Grade:
    """Runs an answer and then the check, in a kernel that has run all cells before, and returns the grade.

    The check uses the library as it was before the answer, and afterwards the notebook has its own names again.

    Arguments:
        client: the client of the kernel.
        answer: the content of the cell of the exercise.
        check: the cell that checks it. Its last expression is true if the answer is right.
        seconds: how long each of the two may take.

    Raises:
        KernelLostError: if the code takes longer or ends Python.
    """
    _guard(client, "keep()")
    grade = _grade(client, answer, check, seconds)
    _guard(client, "restore_names()")
    return grade


def _guard(client: NotebookClient, call: str) -> None:
    """Calls the guard in the kernel; a grade without it would not be one."""
    reply = run(client, "", {"guard": f"{_GUARD}.{call}"})["user_expressions"]["guard"]
    if reply["status"] != "ok":
        raise RuntimeError(f"the guard of the grades cannot do {call}: {reply['ename']}: {reply['evalue']}")


def _grade(client: NotebookClient, answer: str, check: str, seconds: float) -> Grade:
    for source in (answer, check):
        reply = run(client, source, {"restored": f"{_GUARD}.restore_library()"}, seconds)
        if reply["status"] != "ok":
            return Grade(False, f"{reply['ename']}: {reply['evalue']}"[:_WORDS])
    shown = f"Out[{reply['execution_count']}]"  # what the check shows; a notebook may have another use for _
    found = run(client, "", {"ok": f"bool({shown})", "message": f"str({shown})[:{_WORDS}]"})["user_expressions"]
    if found["ok"]["status"] != "ok":
        return Grade(False, "the check shows nothing")
    message = ast.literal_eval(found["message"]["data"]["text/plain"])
    return Grade(found["ok"]["data"]["text/plain"] == "True", message)


def run(
    client: NotebookClient, source: str, expressions: Mapping[str, str] | None = None, seconds: float = SECONDS
) -> Any:
    """Runs code in a kernel without keeping its output, and returns the reply, with the values of expressions.

    Raises:
        KernelLostError: if the code takes longer or ends Python.
    """
    return run_sync(_reply)(client, source, expressions or {}, seconds)["content"]


async def _reply(client: NotebookClient, source: str, expressions: Mapping[str, str], seconds: float) -> Any:
    request = asyncio.ensure_future(
        client.kc.execute_interactive(
            source, user_expressions=expressions, output_hook=lambda message: None, allow_stdin=False
        )
    )
    deadline = time.monotonic() + seconds  # that of Jupyter's client never comes while there is output
    while not (await asyncio.wait([request], timeout=0.5))[0]:
        late = time.monotonic() > deadline
        if late or not await client.km.is_alive():
            request.cancel()
            raise KernelLostError(f"it takes more than {seconds:g} seconds" if late else "it ends Python")
    return request.result()
