"""The benchmarks run, on small work, whichever peers are installed; README quotes what they found."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SMALL = {
    "eager": ["--rounds", "1", "--tokens", "1", "--width", "4", "--samples", "2"],
    "train": ["--rounds", "1", "--seconds", "0.001", "--tasks", "1"],
    "evaluate": ["--rounds", "1", "--seconds", "0.001", "--tokens", "1", "--width", "4", "--largest", "100"],
    "render": ["--rounds", "1", "--sizes", "15"],
    "imports": ["--rounds", "1"],
}
TABLES = {"eager": 2, "train": 1, "evaluate": 4, "render": 1, "imports": 1}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_prints_its_tables(name):
    if name in ("train", "evaluate"):
        pytest.importorskip("llvmlite")
    printed = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *SMALL[name]],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert printed.returncode == 0, printed.stderr
    assert len(re.findall(r"^### ", printed.stdout, re.MULTILINE)) == TABLES[name]
    rows = re.findall(r"^\| (?!-|engine|what|code|nodes|IR lines|instructions)(.*) \|$", printed.stdout, re.MULTILINE)
    assert rows
    assert all("absent" in row or re.search(r"\d", row) for row in rows)


def test_readme_quotes_the_results():
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Speed\n")[2].partition("\n## ")[0]
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    quoted = re.findall(r"[\d.,]+(?=×| µs| bytes)", section)
    assert quoted
    assert [figure for figure in quoted if not re.search(rf" {re.escape(figure)}(×| )", results)] == []
