"""Runs the property tests on new examples: `python -m tests.fuzz --seconds 600`.

Each failure is printed with its smallest example, which is kept in tests/fuzz/failures: from then on, the test tries it
first, here and in the test suite.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path

import pytest

from .kinds import KINDS, ROOT
from .page import table, write
from .plugin import PROFILE, Fuzzer

OPTIONS = ("-q", "--no-header", "--capture=sys", "-p", "no:cacheprovider", f"--hypothesis-profile={PROFILE}")
# Hypothesis is imported already, which pytest warns about, because it cannot rewrite its assertions any more.
UNWARNED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
RANDOM = [name for name, kind in KINDS.items() if kind.random]


def main() -> int:
    """Runs the chosen kinds, prints the figures, and returns the exit code of pytest."""
    parser = _parser()
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write needs figures of every kind; leave out --only")
    kinds = {name: KINDS[name] for name in options.only or (KINDS if options.write else RANDOM)}
    if options.write:
        os.environ.setdefault("INTERRUPT_STRIDE", "1")  # every line, which takes minutes
    first_seed = secrets.randbits(32) if options.seed is None else options.seed
    print(f"again: python -m tests.fuzz --only {','.join(kinds)} --seed {first_seed}", flush=True)
    fuzzer = Fuzzer(kinds, options.seconds, first_seed)
    paths = [str(ROOT / path) for kind in kinds.values() for path in kind.paths]
    code = pytest.main([*OPTIONS, *UNWARNED, f"--rootdir={ROOT}", *paths], plugins=[fuzzer])
    print("\n".join(["", *table(fuzzer.tallies), *fuzzer.kept]))
    if options.write and code == pytest.ExitCode.OK:
        write(options.write, fuzzer.tallies, options.seconds)
    return int(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to draw examples (default: 60)")
    parser.add_argument(
        "--only",
        type=_kinds,
        metavar="KIND,...",
        help=f"some of {', '.join(KINDS)} (default: those for which examples are drawn; all with --write)",
    )
    parser.add_argument("--seed", type=int, help="the first seed (default: a new one)")
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="run every kind, and write the figures into this page"
    )
    return parser


def _kinds(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in KINDS:
            raise argparse.ArgumentTypeError(f"a kind must be one of {', '.join(KINDS)}, not {name!r}")
    return names


if __name__ == "__main__":
    sys.exit(main())
