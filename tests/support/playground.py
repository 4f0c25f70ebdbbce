"""Runs programs of the playground in a process: in Pyodide, or in CPython without what Pyodide lacks."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path


def messages_of(code):
    """Whether a program ran to its end, and the messages that tell what came of it."""
    from viz.playground.session import run

    messages = []
    return run(code, lambda message: messages.append(json.loads(message))), messages


def messages_of_command(*arguments):
    """The same for the command line."""
    from viz.command import main
    from viz.playground.session import run_command

    messages = []
    return run_command(main, arguments, lambda message: messages.append(json.loads(message))), messages


def main(hidden):
    """Prints what comes of every example, as JSON, in a process without some packages."""
    if hidden:
        from support.without_numpy import hide

        hide(hidden)
    from viz.playground.examples import EXAMPLES

    outcomes = {name: messages_of(example.code) for name, example in EXAMPLES.items()}
    outcomes["formula"] = messages_of_command(
        "explore", "tanh(w*x + b)", "w=0.7", "x=1.5", "b=-0.1", "-o", "graph.html"
    )
    print(json.dumps(outcomes))


@cache
def outcomes_in_cpython():
    """What comes of every example, and of a formula, in CPython without the packages that Pyodide lacks."""
    from support.without_numpy import HIDDEN

    paths = [str(Path(__file__).parents[1]), *filter(None, sys.path)]
    code = f"from support.playground import main; main({HIDDEN!r})"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
