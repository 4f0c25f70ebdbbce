"""Runs all benchmarks, and writes RESULTS.md and the figures that the README and the pages quote: `python benchmarks`.

It needs the dependency group `bench`, a compiled core (`python setup.py build_ext --inplace`), and about fifteen
minutes. `python benchmarks --quote` runs nothing: it writes goals and quoted figures from the RESULTS.md there is.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograd.node import COMPILED
from benchmarks.goals import GOALS, goal_rows
from benchmarks.quotes import write_quotes
from benchmarks.tables import table_of, tables, titled

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
MODULES = (
    "eager",
    "calls",
    "models",
    "networks",
    "growth",
    "tracing",
    "train",
    "classifiers",
    "evaluate",
    "language_model",
    "render",
    "imports",
)
GOALS_HEADER = ("work", "ours", "others, as multiples of ours")
PACKAGES = ("numpy", "llvmlite", "micrograd", "torch", "jax", "casadi", "xad", "scikit-learn", "scipy")


def machine() -> str:
    """The date, processor, system and Python version, without anything that identifies the machine's owner."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        named = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        processor = named[0].partition(": ")[2] if named else processor
    date = datetime.now(UTC).date().isoformat()
    python = f"Python {platform.python_version()}, {'with' if COMPILED else 'without'} the compiled core"
    return f"{date}; {processor}, {os.cpu_count()} cores; {platform.system()} {platform.machine()}; {python}."


def versions() -> str:
    """The versions of the peers and of this project's dependencies."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} absent")
    return ", ".join(found)


def with_goals(results: str) -> str:
    """Returns the results with the table of goals, made again from the tables of the modules."""
    found = tables(results)
    return results.replace(titled(found, "Goals").text, table_of(GOALS_HEADER, goal_rows(found, GOALS)))


def run_all() -> str:
    """Runs each module in its own process, with the repository on its path, and returns what they print."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])}
    sections = []
    for name in MODULES:
        print(f"{name} ...", end=" ", flush=True)
        start = time.perf_counter()
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        printed = subprocess.check_output(command, env=environment, text=True, encoding="utf-8").strip()
        sections += [f"## `benchmarks/{name}.py`", printed]
        print(f"{time.perf_counter() - start:.0f} s", flush=True)
    return "\n\n".join(sections)


def written(sections: str) -> str:
    """Returns the text of RESULTS.md, whose table of the goals is still empty."""
    head = [
        "# Results",
        "Written by `python benchmarks`, never by hand. Engines take turns; each time is the best of many rounds.",
        f"Machine: {machine()}",
        f"Packages: {versions()}.",
        "### Goals",
        table_of(GOALS_HEADER, []),
        "In parentheses stands the goal. 5× means that an engine takes five times as long for the same work.",
        sections,
    ]
    return "\n\n".join(head) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quote", action="store_true", help="run nothing, write goals and quoted figures")
    if not parser.parse_args().quote:
        RESULTS.write_text(written(run_all()), encoding="utf-8", newline="\n")
    results = with_goals(RESULTS.read_text(encoding="utf-8"))
    RESULTS.write_text(results, encoding="utf-8", newline="\n")
    write_quotes(results)
