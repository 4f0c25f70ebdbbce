"""The fuzzer finds a planted mistake, counts, keeps the smallest example, and tries it first from then on."""

import json
import os
import re
import subprocess
import sys
from collections import Counter

import pytest

from fuzz.kinds import KINDS, ROOT
from fuzz.page import BEGIN, END, write
from fuzz.plugin import Tally
from fuzz.stored import failures

PLANTED = """
import json
import pytest
from hypothesis import given, settings, strategies as st
from pathlib import Path

@pytest.mark.parametrize("least", [0])
@given(numbers=st.lists(st.integers()), text=st.text())
@settings(max_examples=20, deadline=None)
def test_numbers_are_small(least, numbers, text):
    with open("tried", "a") as file:
        print(json.dumps(numbers), file=file)
    assert least <= sum(map(abs, numbers)) < 1000
"""
PLANTED_ONCE = """
import pytest
from support.figures import note_cases, note_measured

@pytest.mark.parametrize("size", [7, 9, 8])
def test_that_runs_once(size):
    note_cases(5)
    note_measured("bytes at peak", size)
"""
RUN = """
import sys, pytest
from pathlib import Path
from fuzz import plugin, stored
from fuzz.kinds import Kind
from fuzz.page import table

stored.FOLDER = Path("kept")
kinds = {"graphs": Kind("", ("test_planted.py",)), "files": Kind("", ("test_planted_once.py",), random=False)}
kinds = {name: kind._replace(paths=[Path.cwd() / path for path in kind.paths]) for name, kind in kinds.items()}
fuzzer = plugin.Fuzzer(kinds, seconds=600, first_seed=int(sys.argv[1]))
options = ["-q", "-p", "no:cacheprovider", "--capture=sys", "-o", "addopts=", "--rootdir=."]
code = pytest.main([*options, "--hypothesis-profile=fuzz", "."], plugins=[stored, fuzzer])
print(*table(fuzzer.tallies), sep="\\n")
sys.exit(code)
"""


def fuzzed(folder, seed):
    """The exit code of a run on the planted tests, and what it prints."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", RUN, str(seed)]
    options = {"capture_output": True, "text": True, "encoding": "utf-8", "timeout": 120}
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": path}, **options)
    return done.returncode, done.stdout + done.stderr


def test_a_planted_mistake_is_found_and_its_smallest_example_is_kept_and_tried_first(tmp_path):
    (tmp_path / "test_planted.py").write_text(PLANTED)
    (tmp_path / "test_planted_once.py").write_text(PLANTED_ONCE)
    smallest = {"numbers": [1000], "text": ""}
    for seed in (1, 2):
        (tmp_path / "tried").unlink(missing_ok=True)
        code, output = fuzzed(tmp_path, seed)
        assert code == pytest.ExitCode.TESTS_FAILED, output
        [file] = (tmp_path / "kept").iterdir()
        assert json.loads(file.read_text()) == {
            "test": "test_planted.py::test_numbers_are_small",
            "arguments": smallest,
        }
        tried = (tmp_path / "tried").read_text().splitlines()
        assert f"| 1 | {len(tried):,} | 1 |" in output
        assert "| 3 | 15 | 0 | bytes at peak 9 |" in output
    assert json.loads(tried[0]) == smallest["numbers"]


def test_every_failure_that_is_kept_belongs_to_a_test_with_these_arguments():
    for test, arguments in failures():
        path, *names = test.split("::")
        source = (ROOT / path).read_text(encoding="utf-8")
        parameters = re.search(rf"def {names[-1]}\((.*?)\)", source, re.DOTALL)
        assert parameters, f"{test} does not exist; rename it in the kept failure, or remove that"
        assert arguments.keys() <= {*re.findall(r"\w+", parameters[1])}


def test_the_files_of_every_kind_exist():
    assert [path for kind in KINDS.values() for path in kind.paths if not (ROOT / path).exists()] == []


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"before\n{BEGIN}\nfigures of before\n{END}\nafter\n", encoding="utf-8")
    return path


def test_the_figures_of_a_page_are_replaced_and_nothing_else(page):
    tallies = {name: Tally(2, 1_000, 0, Counter({"bytes at peak": 12_345})) for name in KINDS}
    write(page, tallies, 60.0)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"\n{END}\nafter\n")
    assert "figures of before" not in text
    assert text.count("| 2 | 1,000 | 0 | bytes at peak 12,345 |") == len(KINDS)
    assert re.search(r"Machine: \d{4}-\d\d-\d\d; ", text)


def test_a_page_without_figures_of_every_kind_is_not_written(page):
    before = page.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="nothing was tried of graphs, files"):
        write(page, {}, 60.0)
    assert page.read_text(encoding="utf-8") == before
