"""The answers to the exercises of a notebook, which stand apart from it in `notebooks/answers`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from notebooks.kit.cells import ExerciseCells

__all__ = ["Answer", "answers_of", "answers_to"]

_HEADING = re.compile(r"(?:Exercise (?P<exercise>\d+\.\d+): (?P<title>.+)|Try it (?P<prompt>\d+[a-z]))")
_LEVELS = ("h2", "h3")  # the second is that of the exercise in the notebook
_WRONG = "python wrong"


class Answer(NamedTuple):
    """The answer to an exercise, or to a prompt "Try it" of the text.

    Attributes:
        name: its number, such as "3.2" of an exercise or "3a" of a prompt.
        title: the title of the exercise; "" of a prompt.
        text: the section without its heading and the wrong answers, as Markdown.
        code: the blocks of code. That of an exercise is what its cell should contain.
        wrong: contents of the cell that its check must refuse.
    """

    name: str
    title: str
    text: str
    code: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def is_exercise(self) -> bool:
        """Whether it answers an exercise."""
        return bool(self.title)


def answers_of(notebook: Path) -> list[Answer]:
    """Returns the answers for a notebook, in order: those of `answers/NAME.md` next to NAME.ipynb, if there are any.

    Raises:
        ValueError: if a heading is neither that of an exercise nor of a prompt, or an exercise has not one answer.
    """
    path = notebook.parent / "answers" / f"{notebook.stem}.md"
    return list(_answers(path.read_text(encoding="utf-8"), path.name)) if path.exists() else []


def answers_to(exercises: Sequence[ExerciseCells], answers: Sequence[Answer]) -> dict[str, Answer]:
    """Returns the answer to each exercise by its number.

    Raises:
        ValueError: if an exercise has no answer, or an answer no exercise.
    """
    given = {answer.name: answer for answer in answers if answer.is_exercise}
    names = [exercise.name for exercise in exercises]
    if missing := next((name for name in names if name not in given), None):
        raise ValueError(f"exercise {missing} must have an answer in the folder answers")
    if unknown := next((name for name in given if name not in names), None):
        raise ValueError(f"the answer to exercise {unknown} must have an exercise of this number")
    return given


def _answers(text: str, source: str) -> Iterator[Answer]:
    lines, tokens = text.splitlines(), MarkdownIt().parse(text)
    starts = [index for index, token in enumerate(tokens) if token.type == "heading_open" and token.tag in _LEVELS]
    for start, end in pairwise([*starts, len(tokens)]):
        heading, section = tokens[start + 1].content, tokens[start + 3 : end]
        found = _HEADING.fullmatch(heading)
        if found is None:
            raise ValueError(
                f"a heading of {source} must be 'Exercise 3.2: title' or 'Try it 3a', with its numbers, not {heading!r}"
            )
        blocks = [token for token in section if token.type == "fence"]
        code = tuple(block.content for block in blocks if block.info == "python")
        wrong = [block for block in blocks if block.info == _WRONG]
        if found["exercise"] and len(code) != 1:
            raise ValueError(f"exercise {found['exercise']} of {source} must have one answer, not {len(code)}")
        last = lines[section[0].map[0] : _end(section, lines)] if section and section[0].map else []
        yield Answer(
            found["exercise"] or found["prompt"],
            found["title"] or "",
            _without(last, wrong, section[0].map[0] if section and section[0].map else 0),
            code,
            tuple(block.content for block in wrong),
        )


def _end(section: Sequence[Token], lines: Sequence[str]) -> int:
    return max((token.map[1] for token in section if token.map), default=len(lines))


def _without(lines: Sequence[str], wrong: Sequence[Token], first: int) -> str:
    """Returns the lines of a section up to the first wrong answer and the sentence that introduces it."""
    end = len(lines)
    if wrong and wrong[0].map:
        end = wrong[0].map[0] - first
        while end and not lines[end - 1].strip():
            end -= 1
        while end and lines[end - 1].strip():  # the paragraph before
            end -= 1
    return "\n".join(lines[:end]).strip()
