"""Without NumPy, and other packages of compiled code, graphs, training and pages are the same; the rest says so."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from support.without_numpy import HIDDEN, REFUSED, WORKS

TESTS = Path(__file__).parent


@cache
def process(*hidden):
    """A process without some packages that has run all code."""
    code = f"from support.without_numpy import main; main({hidden!r})"
    paths = [str(TESTS), *filter(None, sys.path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, env=environment, timeout=300, check=False)


def outcomes(*hidden):
    """What comes of all code in a process without some packages."""
    done = process(*hidden)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", WORKS)
def test_results_without_numpy_are_those_with_it_to_the_bit(name):
    without = outcomes(*HIDDEN)["works"][name]
    assert "error" not in without, without["where"]
    assert without == outcomes(*(package for package in HIDDEN if package != "numpy"))["works"][name]


@pytest.mark.parametrize("call", REFUSED)
def test_what_needs_a_missing_package_says_so(call):
    refused = outcomes(*HIDDEN)["refused"][call]
    assert refused["error"] == "ImportError", refused
    package = REFUSED[call].split()[-1]
    assert refused["text"] == f"{REFUSED[call]}, which is not installed here: pip install {package}"


def test_nothing_imports_a_package_that_is_missing():
    assert outcomes(*HIDDEN)["loaded"] == []
