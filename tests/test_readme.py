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


def test_the_readme_opens_with_the_three_jobs_each_with_code_and_a_picture():
    _, *sections = README.read_text(encoding="utf-8").split("\n## ")
    titles = ["Step through graphs in notebooks", "Render computation graphs", "Train tiny MLPs on XOR"]
    assert [section.splitlines()[0] for section in sections[:3]] == titles
    for section in sections[:3]:
        assert "```python\n" in section
        assert "<img alt=" in section


def test_the_moving_picture_is_small_and_stands_still_for_readers_who_prefer_that():
    text = README.read_text(encoding="utf-8")
    moving = {*re.findall(r'"(\S+\.gif)"', text)}
    assert len(moving) == 2  # light and dark
    for path in moving:
        assert (README.parent / path).stat().st_size < 1_000_000
    sources = re.findall(r'<source media="(.+?)" srcset="(.+?)">', text)
    still = [(media, path) for media, path in sources if "prefers-reduced-motion: reduce" in media]
    assert [path.endswith(".png") for _, path in still] == [True, True]
    assert sources.index(still[-1]) < min(k for k, (_, path) in enumerate(sources) if path in moving)
