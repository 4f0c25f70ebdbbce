"""The README is correct: its examples run unchanged."""

import re
from pathlib import Path

import pytest
from support.examples import examples, run

README = Path(__file__).parents[1] / "README.md"
EXAMPLES = examples(README)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_each_python_block_can_be_pasted_on_its_own(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(example, "README.md", {"__name__": "readme"})


def test_every_file_that_the_readme_shows_exists():
    text = README.read_text(encoding="utf-8")
    for path in re.findall(r'(?:src|srcset)="([^"]+)"|\]\(([^)#:]+)\)', text):
        assert (README.parent / "".join(path)).is_file(), f"README.md shows {path}, which does not exist"
