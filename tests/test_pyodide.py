"""In Pyodide's core, CPython for the browser without NumPy, all works that works elsewhere without NumPy.

`nox -s pyodide` sets the variables that name the package `pyodide` of npm and our wheel.
"""

import json
import math
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.playground import outcomes_in_cpython
from support.without_numpy import HIDDEN, REFUSED, WORKS
from test_without_numpy import outcomes

from viz.playground.examples import EXAMPLES

NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e-?\d+)?)")
PACKAGE, WHEEL = os.environ.get("SCALAR_AUTOGRAD_PYODIDE"), os.environ.get("SCALAR_AUTOGRAD_WHEEL")
pytestmark = pytest.mark.skipif(
    not (PACKAGE and WHEEL and shutil.which("node")), reason="needs Node, its package pyodide, and our wheel"
)


@pytest.fixture(scope="module")
def in_pyodide():
    """What comes of all code in Pyodide."""
    return printed_in_pyodide("without_numpy.py", "import without_numpy as w; w.main(w.HIDDEN)")


@pytest.fixture(scope="module")
def examples_in_pyodide():
    """What comes of the examples of the playground, and of a formula, in Pyodide."""
    return printed_in_pyodide("playground.py", "import playground; playground.main(())")


def printed_in_pyodide(file, call):
    support = Path(__file__).parent / "support"
    command = ["node", str(support / "pyodide.mjs"), PACKAGE, WHEEL, str(support / file), call]
    done = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stdout)


def assert_alike(one, other):
    """Checks that texts are equal except for the last digits of numbers: its exp and tanh are not those of CPython."""
    words, others = NUMBER.split(json.dumps(one)), NUMBER.split(json.dumps(other))
    assert words[::2] == others[::2]
    assert len(words) == len(others)
    for a, b in zip(words[1::2], others[1::2], strict=True):
        assert a == b or math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-13)


@pytest.mark.parametrize("name", WORKS)
def test_results_in_pyodide_are_those_of_cpython(in_pyodide, name):
    assert "error" not in in_pyodide["works"][name], in_pyodide["works"][name]
    assert_alike(in_pyodide["works"][name], outcomes(*HIDDEN)["works"][name])


@pytest.mark.parametrize(
    "name", ["the explorer", "a picture", "texts", "fit of no functions", "the dataset blobs(400)"]
)
def test_what_needs_arithmetic_alone_is_equal_to_the_bit(in_pyodide, name):
    assert in_pyodide["works"][name] == outcomes(*HIDDEN)["works"][name]


@pytest.mark.parametrize("call", REFUSED)
def test_what_needs_numpy_says_so_in_pyodide(in_pyodide, call):
    package = REFUSED[call].split()[-1]
    text = f"{REFUSED[call]}, which is not installed here: pip install {package}"
    assert in_pyodide["refused"][call]["text"] == text


@pytest.mark.parametrize("name", [*EXAMPLES, "formula"])
def test_an_example_of_the_playground_has_the_results_of_cpython(examples_in_pyodide, name):
    ok, messages = examples_in_pyodide[name]
    assert ok, messages
    assert_alike(messages, outcomes_in_cpython()[name][1])


@pytest.mark.parametrize("name", ["neuron", "derivatives", "micrograd", "engine"])
def test_what_an_example_shows_is_equal_byte_for_byte(examples_in_pyodide, name):
    assert examples_in_pyodide[name] == outcomes_in_cpython()[name]
