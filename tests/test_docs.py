"""The pages of docs/ are correct: their examples run, and print what the pages show."""

from pathlib import Path

import pytest
from support.examples import examples, run

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted({*DOCS.glob("*.md")} - {DOCS / "data_parallel.md"})  # tested in a separate process


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_examples_of_a_page_run_from_top_to_bottom(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": page.stem}
    for example in examples(page):
        run(example, page.name, namespace)
