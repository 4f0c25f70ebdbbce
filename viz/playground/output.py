"""What a program prints, passed on line by line."""

from collections.abc import Callable
from io import TextIOBase

__all__ = ["Output"]

_MOST, _MOST_LINES = 200_000, 10_000  # characters and lines; a browser takes long to show more of them
_LINES, _BLOCK = 1_000, 4_096  # after so many messages, each has at least so many characters: a message takes time, too

_FULL = f"\n(more than {_MOST:,} characters or {_MOST_LINES:,} lines; the rest is left out)\n"


class Output(TextIOBase):
    """A stream that passes on what is printed at the end of each line, or when it is flushed, as a terminal does.

    After a thousand lines, it waits for several at a time.
    After 200,000 characters or 10,000 lines, it says so and passes on nothing more.

    Arguments:
        send: takes the text.
    """

    def __init__(self, send: Callable[[str], None]) -> None:
        super().__init__()
        self._send = send
        self._waiting: list[str] = []
        self._size = self._sent = 0
        self._left, self._lines_left = _MOST, _MOST_LINES
        self._is_full = False

    def writable(self) -> bool:
        """Whether text can be written: always."""
        return True

    def write(self, text: str) -> int:
        """Takes text, and returns how many characters of it."""
        if not isinstance(text, str):
            raise TypeError(f"only a string can be written, not {text!r}")
        self._waiting.append(text)
        self._size += len(text)
        if "\n" in text and (self._sent < _LINES or self._size >= _BLOCK):
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Passes on what waits for the end of its line."""
        text = "".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        if not text or self._is_full:
            return
        lines = text.splitlines(keepends=True)[: self._lines_left]
        shown = "".join(lines)[: self._left]
        self._is_full = shown != text
        self._left -= len(shown)
        self._lines_left -= len(lines)
        self._sent += 1
        self._send(shown + _FULL if self._is_full else shown)
