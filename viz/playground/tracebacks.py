"""Tracebacks of the reader's code, without the lines of the library below it."""

from traceback import StackSummary, TracebackException

__all__ = ["traceback_of"]


def traceback_of(error: BaseException, name: str) -> str:
    """Returns the traceback of an exception as Python prints it, of one file alone.

    Arguments:
        error: the exception.
        name: the name of the file.

    >>> try:
    ...     1 / 0
    ... except ZeroDivisionError as error:
    ...     print(traceback_of(error, "playground.py"), end="")
    ZeroDivisionError: division by zero
    """
    summary = TracebackException.from_exception(error)
    waiting, seen = [summary], set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        own = [frame for frame in part.stack if frame.filename == name]
        # Without a stack, "Traceback" is left out, as for a program that cannot be compiled.
        part.stack = StackSummary.from_list(own) if own else None  # type: ignore[assignment]
        waiting += [other for other in (part.__cause__, part.__context__, *(part.exceptions or ())) if other]
    return "".join(summary.format())
