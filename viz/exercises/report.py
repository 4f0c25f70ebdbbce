"""What the check of answers says: which are right, and what is wrong with the others."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ExerciseReport"]


@dataclass(frozen=True, slots=True)
class ExerciseReport:
    """What `check` of an exercise found. It is true only if every answer is given and right, so `assert` takes it.

    Attributes:
        right: the names of the right answers.
        wrong: by the name of each wrong answer, what is wrong with it, in words that do not tell the right number.
        missing: the names of those that were not given.
    """

    right: tuple[str, ...]
    wrong: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every answer is given and right."""
        return not self.wrong and not self.missing

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        total = len(self.right) + len(self.wrong) + len(self.missing)
        lines = [f"{len(self.right)} of {total} right"]
        if self.right:
            lines.append(f"  right: {', '.join(self.right)}")
        lines += [f"  wrong: {name}: {words}" for name, words in self.wrong.items()]
        if self.missing:
            lines.append(f"  missing: {', '.join(self.missing)}")
        return "\n".join(lines)
