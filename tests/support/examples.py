"""The examples of a Markdown page: Python blocks that run, and what they say they print."""

import contextlib
import io
import re
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from typing import Any, NamedTuple

_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
_PROMISE = re.compile(r"^print\(.*?\)\s+# (\S.*)$", re.MULTILINE)


class Example(NamedTuple):
    """A Python block of a page, and the text block that follows it: everything it prints."""

    code: str
    output: str


def examples(page: Path) -> list[Example]:
    return [Example(*block) for block in _BLOCK.findall(page.read_text(encoding="utf-8"))]


def run(example: Example, name: str, namespace: dict[str, Any]) -> None:
    """Runs a block; its output must be the text block, and contain the lines that its comments promise."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        exec(compile(example.code, name, "exec"), namespace)
    printed = stream.getvalue().rstrip("\n") + "\n"  # sources end with a line end, to which print adds another
    if example.output:
        assert OutputChecker().check_output(example.output, printed, ELLIPSIS), f"{name} shows other than\n{printed}"
    for line in _PROMISE.findall(example.code):
        if line[0] in "V[-0123456789" or line in ("True", "False"):
            start = line.split("...")[0]
            found = any(text.startswith(start) for text in printed.splitlines())
            assert found, f"{name} promises {line!r}, printed was {printed}"
