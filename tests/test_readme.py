"""README keeps its word: its examples run as they stand."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_each_python_block_can_be_pasted_by_itself(block, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
    printed = capsys.readouterr().out.splitlines()
    promised = re.findall(r"^print\(.*?\)\s+# (\S.*)$", block, re.MULTILINE)
    for line in promised:
        if line[0] in "V[0123456789":
            start = line.split("...")[0]
            assert any(text.startswith(start) for text in printed), f"README promises {line!r}, printed was {printed}"


def test_every_file_that_readme_shows_is_there():
    text = README.read_text(encoding="utf-8")
    for path in re.findall(r'(?:src|srcset)="([^"]+)"|\]\(([^)#:]+)\)', text):
        assert (README.parent / "".join(path)).is_file(), f"README shows {path}, which is not there"
