"""Runs all benchmarks and writes RESULTS.md: `python benchmarks`.

It needs the dependency group `bench` and takes about ten minutes.
"""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = ("eager", "train", "models", "evaluate", "calls", "render", "imports")
PACKAGES = ("numpy", "llvmlite", "micrograd", "torch", "jax", "casadi", "xad")


def machine() -> str:
    """The date, processor, system and Python version, without anything that identifies the machine's owner."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        named = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        processor = named[0].partition(": ")[2] if named else processor
    date = datetime.now(UTC).date().isoformat()
    python = f"Python {platform.python_version()}"
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


def main() -> None:
    """Runs each module in its own process, with the repository on its path, and collects its output."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])}
    sections = [
        "# Results",
        "Written by `python benchmarks`, never by hand. Engines take turns; each time is the best of many rounds.",
        f"Machine: {machine()}",
        f"Packages: {versions()}.",
    ]
    for name in MODULES:
        print(f"{name} ...", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        printed = subprocess.check_output(command, env=environment, text=True, encoding="utf-8").strip()
        sections += [f"## `benchmarks/{name}.py`", printed]
    (HERE / "RESULTS.md").write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
