"""Measurements in a process of its own, which nothing has warmed up and whose memory is its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["measured_alone", "peak_memory"]


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
