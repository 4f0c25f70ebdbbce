"""Timing in rounds in which the engines take turns."""

import gc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

Made = TypeVar("Made")

MOMENT = 1e-4  # seconds: for as long, calls are timed together, so that reading the clock takes no share


def present(makers: Mapping[str, Callable[[], Made]]) -> dict[str, Made | None]:
    """Calls each maker; the result is None if it imports a package that is not installed."""
    made: dict[str, Made | None] = {}
    for name, make in makers.items():
        try:
            made[name] = make()
        except ImportError:
            made[name] = None
    return made


def seconds_of(work: Callable[[], object], calls: int = 1) -> float:
    """Returns the total time of the given number of calls."""
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return time.perf_counter() - start


def calls_within(work: Callable[[], object], seconds: float) -> int:
    """Returns about how many calls fit into the given time; at least 1."""
    calls = 1
    while (taken := seconds_of(work, calls)) < seconds / 4:
        calls *= 4
    return max(1, int(calls * seconds / taken))


def best_in_turn(timed: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Returns the smallest time that each reports, over rounds in which all take turns."""
    best = dict.fromkeys(timed, math.inf)
    for _ in range(rounds):
        for name, measure in timed.items():
            gc.collect()
            best[name] = min(best[name], measure())
    return best


def best_of(works: Mapping[str, Callable[[], object]], rounds: int, seconds: float = 0.0) -> dict[str, float]:
    """Returns the shortest time of one call of each, over rounds in which each runs for about `seconds` in its turn."""
    calls = {name: calls_within(work, seconds) for name, work in works.items()}
    together = {name: calls_within(work, min(seconds, MOMENT)) for name, work in works.items()}

    def least(name: str) -> float:
        count = together[name]
        return min(seconds_of(works[name], count) for _ in range(max(1, calls[name] // count))) / count

    return best_in_turn({name: partial(least, name) for name in works}, rounds)


def check_agreement(what: str, got: Sequence[float], want: Sequence[float]) -> None:
    """Exits if the numbers differ by more than 1e-9 of the largest."""
    error = max(abs(a - b) for a, b in zip(got, want, strict=True)) / max(map(abs, want))
    if not error <= 1e-9:
        raise SystemExit(f"{what} must agree to within 1e-9 of the largest number, but is off by {error:.2g}")


def times(seconds: float, ours: float) -> str:
    """Formats another time as a multiple of ours."""
    return f"{seconds / ours:,.2f}×" if seconds < 10 * ours else f"{seconds / ours:,.0f}×"
