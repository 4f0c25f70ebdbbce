"""Prints the notes of a release, which are the version's entry in CHANGELOG.md: `python .ci/release_notes.py v0.1.0`.

It fails if the tag, the packages, CITATION.cff and the changelog do not agree on the version.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def notes(tag: str, root: Path = ROOT) -> str:
    """Returns the text of a version's entry in the changelog.

    Arguments:
        tag: the tag of the release, "v" and the version.
        root: the repository.

    Raises:
        ValueError: if the packages or CITATION.cff have another version, the changelog has no dated entry for it, the
            entry is empty, or there are still changes under Unreleased.
    """
    version = tag.removeprefix("v")
    for name, pattern in (("autograd/__init__.py", r'__version__ = "(.+)"'), ("CITATION.cff", r"version: (.+)")):
        [found] = re.findall(f"^{pattern}$", (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        if found != version:
            raise ValueError(f"the tag must be v{found}, the version in {name}, not {tag}")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = dict(re.findall(r"^## \[(.+?)\](.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL))
    if entries.get("Unreleased", "").strip():
        raise ValueError(f"the changes under Unreleased in CHANGELOG.md must move to the entry of {version}")
    entry = re.fullmatch(r" - \d{4}-\d{2}-\d{2}\n(.*)", entries.get(version, ""), re.DOTALL)
    if not entry or not entry[1].strip():
        raise ValueError(f'CHANGELOG.md must have an entry "## [{version}] - year-month-day" with the changes')
    return entry[1].strip()


if __name__ == "__main__":
    try:
        print(notes(sys.argv[1]))
    except ValueError as error:
        sys.exit(str(error))
