"""Every function of a graph, on graphs of a million nodes: it answers, or refuses before it begins."""

import json

import pytest
from support.big_graphs import SHAPES
from support.figures import note_cases, note_measured
from support.memory import peak_of

NODES = 1_000_000
SECONDS = 600.0  # on a busy machine; the table of docs/reliability.md has what the functions take

TRY_ALL = """
import json, time
sys.path.insert(0, {tests!r})
from support.big_graphs import FUNCTIONS, SHAPES

root = SHAPES[{shape!r}]({nodes})
with open({results!r}, "w") as file:
    for name, function in FUNCTIONS.items():
        start, refused = time.perf_counter(), ""
        try:
            function(root)
        except (ValueError, RuntimeError) as error:
            refused = str(error)
        print(json.dumps([name, time.perf_counter() - start, refused]), file=file, flush=True)
"""


@pytest.mark.parametrize("shape", SHAPES)
def test_every_function_answers_or_refuses_a_graph_of_a_million_nodes(shape, tmp_path, pytestconfig):
    results = tmp_path / "results"
    tests = str(pytestconfig.rootpath / "tests")
    note_measured("bytes at peak", peak_of(TRY_ALL.format(tests=tests, shape=shape, nodes=NODES, results=str(results))))
    for name, seconds, refused in map(json.loads, results.read_text().splitlines()):
        assert seconds < SECONDS, name
        assert "\n" not in refused, name
        note_cases(1)
        note_measured(f"ms of {name}" if seconds > 5.0 else "ms of each other function, at most", round(1000 * seconds))
