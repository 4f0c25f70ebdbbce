"""What a check says about one answer: that it is right, or what is wrong with it."""

from dataclasses import dataclass

__all__ = ["Verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check_answer` or `check_function` found. It is true only if the answer is right, so `assert` takes it.

    Attributes:
        problem: what is wrong, in words that do not tell the right answer; "" if the answer is right.

    >>> Verdict(""), Verdict("the answer is too large")
    (right, not yet: the answer is too large)
    """

    problem: str

    @property
    def ok(self) -> bool:
        """Whether the answer is right."""
        return not self.problem

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        return "right" if self.ok else f"not yet: {self.problem}"
