"""What the check of an engine says: failures, notes, and what holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from autograd.html_table import html_table
from viz.checking.comparison import Comparison
from viz.checking.finding import EngineFailure, EngineNote
from viz.pages.explorer import Explorer

__all__ = ["EngineReport"]


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What `viz.check_engine` found. It is true if no law is broken, so `assert` takes it.

    Notebooks show it as a table, with a picture of the first failure.

    Attributes:
        engine: the name of the class.
        failures: the laws that it breaks.
        notes: its limits.
        passed: the names of the operations and laws that hold.
        skipped: the names of those that were not checked: the class lacks them, or something that they need fails.
    """

    engine: str
    failures: tuple[EngineFailure, ...]
    notes: tuple[EngineNote, ...]
    passed: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether no law is broken; there may be notes."""
        return not self.failures

    def __bool__(self) -> bool:
        return self.ok

    def compare(self, *, direction: str = "LR", precision: int = 4, palette: str = "auto") -> Comparison:
        """Draws the graph of the first failure, as the engine computes it and as it must be.

        The options are those of `viz.compare`. Each of the `failures` has this method too.

        Raises:
            ValueError: if there is no failure.
        """
        return self._first().compare(direction=direction, precision=precision, palette=palette)

    def explore(self) -> Explorer:
        """Makes a page that steps through the graph of the first failure with the right numbers.

        Raises:
            ValueError: if there is no failure.
        """
        return self._first().explore()

    def _first(self) -> EngineFailure:
        if not self.failures:
            raise ValueError(f"{self.engine} breaks no law, so there is no failure to show")
        return self.failures[0]

    @property
    def _title(self) -> str:
        count = len(self.passed) + len(self.failures)
        verdict = "passes" if self.ok else f"fails {len(self.failures)} of"
        title = f"{self.engine} {verdict} {_counted(count, 'check')}"
        return title + (f", with {_counted(len(self.notes), 'note')}" if self.notes else "")

    def __repr__(self) -> str:
        lines = [self._title]
        for failure in self.failures:
            lines.append(f"  wrong: {failure.name}: {failure.message}")
            lines.append(f"         in {failure.formula}")
            lines.append(f"         law: {failure.law}")
        lines += [f"  note: {note.name}: {note.message}" for note in self.notes]
        if self.skipped:
            lines.append(f"  not checked: {', '.join(self.skipped)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{escape(self._title)}</b></p>"]
        if self.failures:
            rows = [[failure.name, failure.law, failure.message, failure.formula] for failure in self.failures]
            header = ["check", "law", "what is wrong", "in"]
            parts.append(html_table("Laws that it breaks", header, rows, left=range(len(header))))
            first = f"The first failure, {self.failures[0].name}: what the engine computes, and what is right"
            parts.append(f"<p>{escape(first)}</p>{self._picture()}")
        if self.notes:
            rows = [[note.name, note.message] for note in self.notes]
            parts.append(html_table("Limits", ["what", "limit"], rows, left=(0, 1)))
        for title, names in (("Holds", self.passed), ("Not checked", self.skipped)):
            if names:
                parts.append(_listed(title, names))
        return "".join(parts)

    def _picture(self) -> str:
        return str(self.compare()._repr_mimebundle_()["text/html"])


def _listed(title: str, names: Sequence[str]) -> str:
    return f"<p>{title}: {escape(', '.join(names))}</p>"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
