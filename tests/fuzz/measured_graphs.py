"""Every function that takes a graph, on graphs of a million nodes: it answers, or refuses before it begins.

This takes minutes, so only the fuzzer runs it, for the table of docs/reliability.md.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.big_graphs import SHAPES
from support.figures import note_cases, note_measured

NODES = 1_000_000
MOST_SECONDS = 600.0  # for one function, on a busy machine; docs/reliability.md shows what it takes

MEASURE = """
import json, sys, time
sys.path.insert(0, sys.argv[2])
from support.big_graphs import FUNCTIONS, LONGER, SHAPES

try:
    import resource
except ImportError:  # on Windows
    resource = None

root = SHAPES[sys.argv[1]](int(sys.argv[3]))
for name, function in {**FUNCTIONS, **LONGER}.items():
    start, refused = time.perf_counter(), ""
    try:
        function(root)
    except (ValueError, RuntimeError) as error:
        refused = str(error)
    print(json.dumps([name, time.perf_counter() - start, refused]), flush=True)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if resource else 0
print(peak * (1 if sys.platform == "darwin" else 1024))
"""


@pytest.mark.parametrize("shape", SHAPES)
def test_every_function_answers_or_refuses_a_graph_of_a_million_nodes(shape):
    tests = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", MEASURE, shape, tests, str(NODES)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    *lines, peak = done.stdout.splitlines()
    note_measured("bytes at peak", int(peak))
    for name, seconds, refused in map(json.loads, lines):
        assert seconds < MOST_SECONDS, name
        assert "\n" not in refused, name
        note_cases(1)
        note_measured(f"ms of {name}" if seconds > 5.0 else "ms of each other function, at most", round(1000 * seconds))
