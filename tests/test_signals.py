"""The tests of Ctrl-C mean the same where SIGINT is ignored, as it is in the background of a shell and under nohup."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEST = "tests/compiler/test_compiler_samples.py::test_ctrl_c_in_a_long_call_leaves_the_program_intact"
PYTEST = "import signal, sys, pytest; signal.signal(signal.SIGINT, signal.SIG_IGN); sys.exit(pytest.main(sys.argv[1:]))"


def test_no_test_ignores_ctrl_c():
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def test_ctrl_c_reaches_a_test_where_it_is_ignored():
    pytest.importorskip("llvmlite")
    command = [sys.executable, "-c", PYTEST, "-p", "no:cacheprovider", "--timeout=50", TEST]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
