"""Fuzzing: the property tests of the suite, run on new examples for as long as they are told to."""

import sys
from pathlib import Path

TESTS = str(Path(__file__).resolve().parents[1])
if TESTS not in sys.path:  # as for pytest, which finds `support` there
    sys.path.insert(0, TESTS)
