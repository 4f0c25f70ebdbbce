"""The time of a process that runs `import autograd`, compared with one that does nothing.

Run it as `python -m benchmarks.imports [--rounds N]`.
"""

import argparse
import os
import subprocess
import sys
from functools import partial

from benchmarks.rounds import best_in_turn, seconds_of, times
from benchmarks.tables import print_table


def seconds(code: str) -> float:
    """Returns the run time of a process that runs the code, with bytecode caches as usual."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return seconds_of(lambda: subprocess.run([sys.executable, "-c", code], env=environment, check=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="number of runs of each, in turn; the best counts")
    rounds = parser.parse_args().rounds
    codes = ("pass", "import autograd", "import autograd, numpy")
    taken = best_in_turn({code: partial(seconds, code) for code in codes}, rounds)
    rows = [[f"`{code}`", f"{taken[code] * 1e3:.1f}", times(taken[code], taken["pass"])] for code in codes]
    print_table("A process that imports", ["code", "ms", "× a process that does nothing"], rows)


if __name__ == "__main__":
    main()
