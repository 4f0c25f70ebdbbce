"""Whether an answer to an exercise is right, as the check of its notebook says."""

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

from jupyter_core.utils import run_sync
from nbclient import NotebookClient

__all__ = ["SECONDS", "Grade", "grade_of", "run"]

SECONDS = 120
"""How long a cell may take."""


class Grade(NamedTuple):
    """What the check of an exercise says about an answer.

    Attributes:
        ok: whether it is right.
        message: what the check shows, or the error that the answer raises.
    """

    ok: bool
    message: str


def grade_of(client: NotebookClient, answer: str, check: str) -> Grade:
    """Runs an answer and then the check, in a kernel that has run all cells before, and returns the grade.

    Arguments:
        client: the client of the kernel.
        answer: the content of the cell of the exercise.
        check: the cell that checks it. Its last expression is true if the answer is right.
    """
    for source in (answer, check):
        reply = run(client, source)
        if reply["status"] != "ok":
            return Grade(False, f"{reply['ename']}: {reply['evalue']}")
    found = run(client, "", {"ok": "bool(_)", "message": "str(_)"})["user_expressions"]
    message = ast.literal_eval(found["message"]["data"]["text/plain"])
    return Grade(found["ok"]["data"]["text/plain"] == "True", message)


def run(client: NotebookClient, source: str, expressions: Mapping[str, str] | None = None) -> Any:
    """Runs code in a kernel without keeping its output, and returns the reply, with the values of expressions."""
    reply = run_sync(client.kc.execute_interactive)(
        source,
        user_expressions=expressions or {},
        output_hook=lambda message: None,
        timeout=SECONDS,
        allow_stdin=False,
    )
    return reply["content"]
