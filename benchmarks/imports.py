"""How long `import autograd` takes a process, beside one that does nothing.

Run it as `python benchmarks/imports.py [--rounds N]`.
"""

import argparse
import subprocess
import sys
import time


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="how often each is run, in turn; the best counts")
    rounds = parser.parse_args().rounds
    codes = ("pass", "import autograd", "import autograd, numpy")
    best = dict.fromkeys(codes, float("inf"))
    for _ in range(rounds):
        for code in codes:
            best[code] = min(best[code], seconds(code))
    for code, time_taken in best.items():
        print(f"{code:24} {time_taken * 1e3:6.1f} ms  {time_taken / best['pass']:5.2f}×")


if __name__ == "__main__":
    main()
