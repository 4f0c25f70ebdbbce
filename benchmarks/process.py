"""Measurements in a process of its own, which nothing has warmed up and whose memory is its own."""

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["FIRST", "First", "add_alone", "first_call", "measured_alone", "peak_memory", "print_first_call"]

FIRST = ("first call, ms", "memory, MB")  # the headings for the cells of a first call


class First(NamedTuple):
    """The seconds of the first call in a process, and the largest memory of the process then, in bytes."""

    seconds: float
    memory: int

    @property
    def cells(self) -> list[str]:
        return [f"{self.seconds * 1e3:,.0f}", f"{self.memory / 1e6:,.0f}"]


def first_call(module: str, work: str, engine: str, *arguments: str, **environment: str) -> First:
    """Returns what `print_first_call` prints in a process of that module."""
    return First(*measured_alone(module, f"--first={work}", f"--engine={engine}", *arguments, **environment))


def add_alone(parser: argparse.ArgumentParser) -> None:
    """Adds the option of measuring no first calls."""
    parser.add_argument(
        "--alone",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether to measure first calls, each in a process of its own",
    )


def print_first_call(engine: str, call: Callable[[], object]) -> None:
    """Prints the cost of a call as JSON. Packages are imported before the clock starts."""
    for name, package in {"JAX": "jax", "CasADi": "casadi"}.items():
        if engine.startswith(name):
            importlib.import_module(package)
    start = time.perf_counter()
    call()
    print(json.dumps(First(time.perf_counter() - start, peak_memory())))


def measured_alone(module: str, *arguments: str, **environment: str) -> Any:
    """Returns what `python -m benchmarks.<module>` prints as JSON in a new process, called with those arguments.

    Arguments:
        module: the module's name.
        arguments: its arguments.
        environment: variables to set in the process.
    """
    variables = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    return json.loads(subprocess.check_output(command, env=variables, text=True))


def peak_memory() -> int:
    """Returns the largest memory that the process has had so far, in bytes; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage counts the memory of the process that started this one
        return 1024 * int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])
    try:
        import resource
    except ImportError:  # on Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
