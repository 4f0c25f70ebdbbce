"""`python benchmarks`."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # it was this folder

from benchmarks.results import main  # noqa: E402 - found there

if __name__ == "__main__":
    main()
