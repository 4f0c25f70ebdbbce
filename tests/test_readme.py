"""README keeps its word: its examples run as they stand."""

import re
from pathlib import Path

import pytest
from support.examples import examples, run

README = Path(__file__).parents[1] / "README.md"
EXAMPLES = examples(README)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_each_python_block_can_be_pasted_by_itself(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(example, "README.md", {"__name__": "readme"})


def test_every_file_that_readme_shows_is_there():
    text = README.read_text(encoding="utf-8")
    for path in re.findall(r'(?:src|srcset)="([^"]+)"|\]\(([^)#:]+)\)', text):
        assert (README.parent / "".join(path)).is_file(), f"README shows {path}, which is not there"
