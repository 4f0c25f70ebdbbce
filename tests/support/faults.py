"""Faults raised inside the library: KeyboardInterrupt at any line of its source."""

import gc
import linecache
import sys
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from types import CodeType

from autograd import graph
from support.figures import note_cases

ROOT = Path(__file__).parents[2]


def is_ours(code: CodeType) -> bool:
    """Whether a function belongs to one of the three packages."""
    return any(f"{package}/" in code.co_filename.replace("\\", "/") for package in PACKAGES)


def _package_folders() -> list[str]:
    import autograd
    import nn
    import viz

    return [str(Path(package.__file__).parent).replace("\\", "/") for package in (autograd, nn, viz)]


PACKAGES = _package_folders()


class Tracer:
    """Counts the lines that run in the library, and raises KeyboardInterrupt at the one with a given number.

    The end of a `with` block is not counted. Python would call the tracer there, but handles no signal between the
    last call in the block and the call of `__exit__`.

    Arguments:
        strike: the number of the line, from 0; None only lists the lines.
    """

    def __init__(self, strike: int | None = None) -> None:
        self.strike = strike
        self.lines: list[tuple[str, int]] = []
        self.struck = False

    def _trace(self, frame, event, argument):
        code = frame.f_code
        _, ours, blocks = _SEEN.get(id(code)) or _seen(code)
        if not ours:
            return None
        if event == "line" and not self.struck and frame.f_lasti <= blocks.get(frame.f_lineno, frame.f_lasti):
            if self.strike is None:
                self.lines.append((code.co_filename, frame.f_lineno))
            elif self.strike == 0:
                self.struck = True
                raise KeyboardInterrupt
            else:
                self.strike -= 1
        return self._trace

    def __enter__(self) -> "Tracer":
        self._outer = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *exception) -> None:
        sys.settrace(self._outer)


# What is known of each function, by its identity, because the hash of a code object takes long. The code is kept, so
# that no other gets its identity.
_SEEN: dict[int, tuple[CodeType, bool, dict[int, int]]] = {}


def _seen(code: CodeType) -> tuple[CodeType, bool, dict[int, int]]:
    """A function, whether it is the library's, and the first instruction of each of its `with` statements, by line."""
    first: dict[int, int] = {}
    for start, _, line in code.co_lines():
        if line and linecache.getline(code.co_filename, line).lstrip().startswith("with "):
            first.setdefault(line, start)
    return _SEEN.setdefault(id(code), (code, is_ours(code), first))


def interrupted_everywhere(make, act, check, *, stride: int = 1) -> int:
    """Interrupts an action at each line of the library that it runs, the first and the last time that it runs it.

    Arguments:
        make: returns what the action is applied to, new for each interruption.
        act: the action, a function of that; it should run the same lines each time.
        check: called with that, and where the fault was, after each interruption; asserts that nothing is spoiled.
        stride: takes only one in so many of the lines.

    Returns:
        The number of interruptions.
    """
    act(make())  # fills the caches
    state = make()
    with Tracer() as tracer:
        act(state)
    first = OrderedDict((line, number) for number, line in reversed([*enumerate(tracer.lines)]))
    last = {line: number for number, line in enumerate(tracer.lines)}
    struck = 0
    for number in sorted({*first.values(), *last.values()})[::stride]:
        state = make()
        with Tracer(number) as strike, suppress(KeyboardInterrupt):
            act(state)
        gc.enable()  # no signal strikes where a fault leaves these as they should not be
        graph._walks.clear()
        if strike.struck:  # on a busy machine, training takes fewer steps a call, and so may run fewer lines or more
            file, line = tracer.lines[number]
            check(state, f"{file}:{line}")
            struck += 1
    note_cases(struck)
    return struck
