"""A plugin of pytest that runs each property test on new examples again and again, and counts them."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, seed, settings
from hypothesis.errors import UnsatisfiedAssumption
from tqdm import tqdm

from .kinds import Kind, kind_of
from .stored import store, test_of

__all__ = ["PROFILE", "Fuzzer", "Tally"]

PROFILE = "fuzz"
settings.register_profile(PROFILE, deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))


@dataclass(slots=True)
class Tally:
    """What was tried of a kind.

    Attributes:
        tests: the number of tests.
        tried: the number of examples that they ran on; 1 for a test that is not a property test, unless it records the
            property "tried".
        failed: the number of tests that failed.
        measured: the largest number recorded under each other name; see pytest's `record_property`.
    """

    tests: int = 0
    tried: int = 0
    failed: int = 0
    measured: Counter[str] = field(default_factory=Counter)


class Fuzzer:
    """Runs the tests of some kinds: property tests on new examples, in equal shares of the time, others once.

    Arguments:
        kinds: the kinds, by name.
        seconds: how long to run property tests.
        first_seed: the seed of the first run of each property test; each further run takes the next number.
    """

    def __init__(self, kinds: Mapping[str, Kind], seconds: float, first_seed: int) -> None:
        self.kinds = kinds
        self.seconds = seconds
        self.first_seed = first_seed
        self.tallies = {name: Tally() for name in kinds}
        self.kept: list[str] = []
        self._kinds: dict[str, str] = {}
        self._waiting = 0  # property tests that have not run yet

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keeps the tests of the chosen kinds, first those that run once."""
        kept = []
        for item in items:
            kind = kind_of(item.path, self.kinds)
            if kind and (_is_property(item) or not self.kinds[kind].random):
                self._kinds[item.nodeid] = kind
                self.tallies[kind].tests += 1
                self._waiting += _is_property(item)
                kept.append(item)
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in self._kinds])
        items[:] = sorted(kept, key=_is_property)

    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Starts the clock; pytest then runs the tests."""
        self._end = time.monotonic() + self.seconds
        self._bar = tqdm(total=len(session.items), unit="test", smoothing=0.0, disable=None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Runs a property test until its share of the time is over."""
        if not _is_property(pyfuncitem):
            return None
        now = time.monotonic()
        until = now + max(0.0, self._end - now) / self._waiting
        self._waiting -= 1
        self._run(pyfuncitem, until)
        return True

    def _run(self, item: pytest.Function, until: float) -> None:
        test = item.function
        names = item._fixtureinfo.argnames
        fixtures = {name: item.funcargs[name] for name in names}
        handle = test.hypothesis  # type: ignore[attr-defined]
        inner = handle.inner_test
        watched = _Watched(inner, until, self.tallies[self._kinds[item.nodeid]])
        handle.inner_test = wraps(inner)(lambda *args, **kwargs: watched(*args, **kwargs))
        try:
            for number in count(self.first_seed):
                seed(number)(test)
                item.obj(**fixtures)
        except _TimeIsOver:
            return
        except Exception:
            if watched.failing:
                self._keep(item, {name: x for name, x in watched.failing.items() if name not in fixtures})
            raise
        finally:
            handle.inner_test = inner

    def _keep(self, item: pytest.Function, arguments: dict[str, Any]) -> None:
        try:
            kept = f"kept as {store(test_of(item), arguments)}"
        except TypeError as error:
            kept = f"not kept, because its arguments are not plain data ({error})"
        self.kept.append(f"{item.nodeid}: {kept}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts failures, and what tests record that are not property tests."""
        tally = self.tallies[self._kinds[report.nodeid]]
        if report.failed:
            tally.failed += 1
        if report.when == "call" and not self.kinds[self._kinds[report.nodeid]].random and not report.skipped:
            properties = dict(report.user_properties)
            tally.tried += int(properties.pop("tried", 1))
            for name, number in properties.items():
                tally.measured[name] = max(tally.measured[name], number)

    def pytest_runtest_logfinish(self) -> None:
        """Moves the progress bar."""
        self._bar.set_postfix(
            cases=sum(tally.tried for tally in self.tallies.values()),
            failed=sum(tally.failed for tally in self.tallies.values()),
        )
        self._bar.update()

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Leaves the progress to the bar."""
        return ("passed" if report.when == "call" else "", "", "") if report.passed else None

    def pytest_sessionfinish(self) -> None:
        """Removes the progress bar."""
        if hasattr(self, "_bar"):
            self._bar.close()


class _TimeIsOver(BaseException):
    """Ends a run of Hypothesis, which catches exceptions of all classes that a test may raise by mistake."""


class _Watched:
    """A property test that counts its examples, ends when its time is over, and remembers the last failure."""

    def __init__(self, inner: Callable[..., None], until: float, tally: Tally) -> None:
        self.inner = inner
        self.until = until
        self.tally = tally
        self.failing: dict[str, Any] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        try:
            self.inner(*args, **kwargs)
        except UnsatisfiedAssumption:
            raise
        except Exception:
            self.failing = kwargs
            self.tally.tried += 1
            raise
        self.tally.tried += 1
        if not self.failing and time.monotonic() >= self.until:  # otherwise Hypothesis is still shrinking a failure
            raise _TimeIsOver


def _is_property(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
