"""The benchmarks run on small tasks with the installed peers, and what is quoted of their results is right."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.goals import Cost, Goal, Peer, goal_rows
from benchmarks.process import first_call, peak_memory
from benchmarks.quotes import PAGES, QUOTE, quoted
from benchmarks.results import GOALS_HEADER, MODULES, with_goals
from benchmarks.tables import Table, table_of, tables, titled

ROOT = Path(__file__).parents[1]
RESULTS = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
SMALL = {
    "eager": ["--rounds", "1", "--tokens", "1", "--width", "4", "--samples", "2"],
    "calls": ["--rounds", "1", "--seconds", "0.001", "--counts", "3", "--samples", "100", "--no-alone"],
    "models": ["--rounds", "1", "--seconds", "0.001", "--share", "0.001", "--tasks", "1", "--no-alone"],
    "networks": ["--rounds", "1", "--epochs", "1", "--calls", "1", "--networks", "1"],
    "growth": ["--rounds", "1", "--epochs", "1", "--calls", "1", "--inputs", "3", "--images", "."],
    "tracing": ["--rounds", "1", "--networks", "1"],
    "train": ["--rounds", "1", "--seconds", "0.0001", "--check", "2", "--tasks", "1"],
    "classifiers": ["--rounds", "1", "--data", "moons", "--kinds", "regression"],
    "evaluate": ["--rounds", "1", "--seconds", "0.001", "--tokens", "1", "--width", "4", "--largest", "100"],
    "language_model": ["--steps", "2", "--others", "1", "--width", "4", "--widths"],
    "render": ["--rounds", "1", "--sizes", "15"],
    "imports": ["--rounds", "1"],
}
TABLES = {
    "eager": 2,
    "calls": 4,
    "models": 3,
    "networks": 1,
    "growth": 1,
    "tracing": 1,
    "train": 1,
    "classifiers": 1,
    "evaluate": 4,
    "language_model": 2,
    "render": 2,
    "imports": 1,
}


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_prints_its_tables(name, tmp_path):
    if name in ("train", "models", "networks", "growth", "evaluate", "language_model"):
        pytest.importorskip("llvmlite")
    if name == "classifiers":
        pytest.importorskip("sklearn")
    done = run(tmp_path, "-m", f"benchmarks.{name}", *SMALL[name])
    assert done.returncode == 0, done.stderr
    printed = tables(done.stdout)
    assert len(printed) == TABLES[name]
    for table in printed:
        assert table.rows
        for first, *others in (cells.values() for cells in table.rows.values()):
            assert "absent" in others or all(re.search(r"\d", cell) for cell in others), f"{table.title}: {first}"
    if name == "growth":
        assert {file.name for file in tmp_path.iterdir()} == {"growth-light.svg", "growth-dark.svg"}


@pytest.mark.parametrize(
    ("module", "work", "engine"),
    [
        ("calls", "Rosenbrock function of two floats: value and gradient, one call", "compiled"),
        ("models", "XOR, 2-4-1, four samples", "kept program"),
        ("models", "2-4-1 tanh, XOR, full batch", "fit, whole call"),
    ],
)
def test_a_first_call_has_a_process_of_its_own(module, work, engine):
    first = first_call(module, work, engine)
    assert 0.0 < first.seconds < 60.0
    assert all(re.search(r"\d", cell) for cell in first.cells)


def test_a_table_that_is_printed_can_be_read_again():
    text = table_of(["engine", "ms"], [["ours", "1.5"], ["a peer", "1,200.0"]])
    title = "Times, warm: 2-4-1"
    rows = {"ours": {"engine": "ours", "ms": "1.5"}, "a peer": {"engine": "a peer", "ms": "1,200.0"}}
    assert tables(f"## Module\n\nWords.\n\n### {title}\n\n{text}\n\nMore words.\n") == [Table(title, rows, text)]


def test_a_title_must_be_that_of_exactly_one_table():
    found = [Table("Growth: width", {}, ""), Table("Growth: depth", {}, "")]
    assert titled(found, "Growth: d") is found[1]
    for start in ("Growth", "Shrinking"):
        with pytest.raises(LookupError, match=f"exactly one title must start with '{start}', not"):
            titled(found, start)


TIMES = Table(
    "Times",
    {
        "ours": {"engine": "ours", "µs": "2.00", "memory, MB": "1,300"},
        "slow": {"engine": "slow", "µs": "9.00", "memory, MB": ""},
        "fast": {"engine": "fast", "µs": "1.00", "memory, MB": ""},
        "missing": {"engine": "missing", "µs": "absent", "memory, MB": ""},
    },
    "",
)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        (Cost("µs", "µs"), "2 µs"),
        (Cost("µs", "µs", 2.0), "2 µs (≤ 2 µs)"),
        (Cost("µs", "µs", 1.5), "2 µs (≤ 1.5 µs, **missed**)"),
        (Cost("memory, MB", "MB", 300.0, "memory"), "memory 1,300 MB (≤ 300 MB, **missed**)"),
    ],
)
def test_a_cost_of_ours_stands_beside_its_goal(cost, expected):
    assert goal_rows([TIMES], [Goal("work", "Times", "ours", (cost,))]) == [["work", expected, ""]]


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        (Peer("A", "slow"), "A 4.50×"),
        (Peer("A", "slow", 4.5), "A 4.50× (≥ 4.5×)"),
        (Peer("A", "slow", 5.0), "A 4.50× (≥ 5×, **missed**)"),
        (Peer("A", "fast", 1.0), "A 0.50× (≥ 1×, **missed**)"),
        (Peer("A", "missing", 1.0), "A absent"),
    ],
)
def test_another_engine_stands_beside_the_goal_as_a_multiple_of_our_cost(peer, expected):
    [[_, _, others]] = goal_rows([TIMES], [Goal("work", "Times", "ours", (Cost("µs", "µs"),), (peer,))])
    assert others == expected


def test_the_goals_follow_from_the_tables_of_the_modules():
    empty = RESULTS.replace(titled(tables(RESULTS), "Goals").text, table_of(GOALS_HEADER, []))
    assert with_goals(empty) == with_goals(RESULTS) == RESULTS


def test_a_stale_table_of_a_page_is_replaced_and_all_else_stays():
    results = "# Results\n\n### Goals, this year\n\n| work |\n| ---- |\n| new  |\n\n### Other\n\n| x |\n| - |\n"
    page = "Text\n\n<!-- benchmarks/RESULTS.md: Goals -->\n\n{}\n\n| a table of its own |\n"
    stale, fresh = page.format("| old |"), page.format("| work |\n| ---- |\n| new  |")
    assert quoted(stale, results) == quoted(fresh, results) == fresh


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_table_that_a_page_quotes_is_that_of_the_results(page):
    text = page.read_text(encoding="utf-8")
    assert QUOTE.search(text)
    assert quoted(text, RESULTS) == text


def test_the_readme_quotes_the_goals():
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Speed\n")[2].partition("\n## ")[0]
    assert titled(tables(RESULTS), "Goals").text in section


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count differently")
def test_the_memory_of_a_process_is_its_own():
    """That of the process that started it does not count, and what was freed does."""
    code = "from benchmarks.process import first_call, peak_memory as p; print(p()); b'x' * 50_000_000; print(p())"
    held = b"x" * 200_000_000
    before, after = map(int, run(ROOT, "-c", code).stdout.split())
    assert before < len(held) <= peak_memory()
    assert 45_000_000 < after - before < 100_000_000
