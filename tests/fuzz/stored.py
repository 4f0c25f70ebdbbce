"""Failures that fuzzing has found, kept as files: the property tests try them before any other example.

A file names a test and holds its arguments as JSON, which has numbers, texts and lists. Python writes and reads nan and
inf in it too. Tuples become lists.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

import pytest
from hypothesis import example

__all__ = ["FOLDER", "Failure", "failures", "is_property", "pytest_collection_modifyitems", "store", "test_of"]

FOLDER = Path(__file__).parent / "failures"


class Failure(NamedTuple):
    """The arguments with which a property test once failed."""

    test: str
    arguments: dict[str, Any]


def test_of(item: pytest.Item) -> str:
    """Returns the name of the test that an item runs, without the case of a parametrized one."""
    return item.nodeid.partition("[")[0]


test_of.__test__ = False  # type: ignore[attr-defined]


def is_property(item: pytest.Item) -> TypeGuard[pytest.Function]:
    """Returns whether an item is a test of Hypothesis."""
    return isinstance(item, pytest.Function) and hasattr(item.function, "hypothesis")


def failures() -> list[Failure]:
    """Returns all failures that are kept."""
    return [Failure(**json.loads(file.read_text(encoding="utf-8"))) for file in sorted(FOLDER.glob("*.json"))]


def store(test: str, arguments: Mapping[str, Any]) -> Path:
    """Keeps a failure.

    Raises:
        TypeError: if an argument is not made of numbers, texts, lists and tuples.
    """
    text = json.dumps(Failure(test, dict(arguments))._asdict(), indent=1) + "\n"
    name = test.rpartition("::")[2].removeprefix("test_")
    file = FOLDER / f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    FOLDER.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives each property test its failures as explicit examples."""
    kept = defaultdict(list)
    for failure in failures():
        kept[failure.test].append(failure.arguments)
    for item in items:
        for arguments in kept.pop(test_of(item), ()):  # once for all cases of a parametrized test
            if is_property(item):
                example(**arguments)(item.function)
