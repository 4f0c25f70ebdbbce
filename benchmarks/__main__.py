"""Runs all benchmarks and writes RESULTS.md: `python benchmarks`, with the extra `bench`; some ten minutes."""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("eager", "train", "evaluate", "render", "imports")
PACKAGES = ("numpy", "llvmlite", "micrograd", "torch", "jax", "casadi", "xad")


def machine() -> str:
    """What the figures were measured on; nothing that would tell whose it is."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        named = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        processor = named[0].partition(": ")[2] if named else processor
    date = datetime.now(UTC).date().isoformat()
    python = f"Python {platform.python_version()}"
    return f"{date}; {processor}, {os.cpu_count()} cores; {platform.system()} {platform.machine()}; {python}."


def versions() -> str:
    """The peers and what we build on."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} absent")
    return ", ".join(found)


def main() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])}
    sections = [
        "# Results",
        "Written by `python benchmarks`, never by hand. Each time is the best of many rounds in which all take turns.",
        f"Machine: {machine()}",
        f"Packages: {versions()}.",
    ]
    for name in SCRIPTS:
        print(f"{name} ...", flush=True)
        code = [sys.executable, str(HERE / f"{name}.py")]
        printed = subprocess.check_output(code, env=environment, text=True, encoding="utf-8").strip()
        sections += [f"## `benchmarks/{name}.py`", printed]
    (HERE / "RESULTS.md").write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
