"""A release has one version everywhere, and its notes are the entry in the changelog."""

import re
import runpy
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).parents[1]
notes = runpy.run_path(str(ROOT / ".ci" / "release_notes.py"))["notes"]
ENTRY = "## [1.2.0] - 2030-01-31\n\n### Added\n\n- This.\n\n"
OLDER = "## [1.1.0] - 2029-01-31\n\n- That.\n"


@pytest.fixture
def repository(tmp_path):
    """A repository at version 1.2.0 with a given changelog."""

    def make(changelog):
        (tmp_path / "autograd").mkdir()
        (tmp_path / "autograd" / "__init__.py").write_text('"""Engine."""\n__version__ = "1.2.0"\n', encoding="utf-8")
        (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 1.2.0\n", encoding="utf-8")
        (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
        return tmp_path

    return make


@pytest.mark.parametrize("unreleased", ["", "## [Unreleased]\n\n"])
def test_the_notes_are_the_entry_of_the_version(repository, unreleased):
    assert notes("v1.2.0", repository(f"# Changelog\n\n{unreleased}{ENTRY}{OLDER}")) == "### Added\n\n- This."


@pytest.mark.parametrize(
    ("changelog", "message"),
    [
        (OLDER, 'must have an entry "## [1.2.0]'),
        ("## [1.2.0] - 2030-01-31\n\n" + OLDER, 'must have an entry "## [1.2.0]'),
        ("## [1.2.0]\n\n- This.\n\n" + OLDER, 'must have an entry "## [1.2.0] - year-month-day"'),
        ("## [Unreleased]\n\n- Forgotten.\n\n" + ENTRY, "under Unreleased"),
    ],
    ids=["missing", "empty", "undated", "unreleased"],
)
def test_a_release_without_its_entry_is_refused(repository, changelog, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        notes("v1.2.0", repository(changelog))


def test_a_tag_of_another_version_is_refused(repository):
    with pytest.raises(ValueError, match=re.escape("the tag must be v1.2.0, the version in autograd/__init__.py")):
        notes("v1.3.0", repository(ENTRY))


def test_all_files_name_the_same_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [autograd.__version__]
