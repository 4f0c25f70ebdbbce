"""A plugin of pytest that runs each property test on new examples again and again, and counts them."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.errors import UnsatisfiedAssumption
from support.figures import taken
from tqdm import tqdm

from .kinds import Kind, kind_of
from .stored import is_property, store, test_of

__all__ = ["PROFILE", "Fuzzer", "Tally"]

PROFILE = "fuzz"
settings.register_profile(PROFILE, deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))


@dataclass(slots=True)
class Tally:
    """What was tried of a kind.

    Attributes:
        tests: the number of tests.
        tried: the number of examples that they ran on, or of cases that they noted; see `support.figures`.
        failed: the number of tests that failed.
        measured: the largest number that they noted under each name.
    """

    tests: int = 0
    tried: int = 0
    failed: int = 0
    measured: Counter[str] = field(default_factory=Counter)


class Fuzzer:
    """Runs the tests of some kinds: property tests on new examples, others once.

    Each kind has an equal share of the time, and each property test an equal share of that of its kind. Time that is
    spent on shrinking failures comes on top.

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

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keeps the tests of the chosen kinds, first those that run once."""
        kept = []
        for item in items:
            kind = kind_of(item.path, self.kinds)
            if kind and (is_property(item) or not self.kinds[kind].random):
                self._kinds[item.nodeid] = kind
                self.tallies[kind].tests += 1
                kept.append(item)
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in self._kinds])
        items[:] = sorted(kept, key=self._is_drawn)

    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Shows the progress; pytest then runs the tests."""
        self._bar = tqdm(total=len(session.items), unit="test", smoothing=0.0, disable=None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Runs a property test until its share of the time is over."""
        if not self._is_drawn(pyfuncitem):
            return None
        test = pyfuncitem.function
        handle = test.hypothesis  # type: ignore[attr-defined]
        fixtures = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        inner, failing = handle.inner_test, {}
        tally = self.tallies[self._kinds[pyfuncitem.nodeid]]
        drawn = sum(kind.random for kind in self.kinds.values())
        until = time.monotonic() + self.seconds / drawn / tally.tests
        handle.inner_test = _counted(inner, tally, until, failing)
        try:
            for number in count(self.first_seed):
                seed(number)(test)
                pyfuncitem.obj(**fixtures)
        except _TimeIsOver:
            return True
        except Exception:
            self._keep(pyfuncitem, {name: x for name, x in failing.items() if name not in {"self", *fixtures}})
            raise
        finally:
            handle.inner_test = inner
        return True

    def _keep(self, item: pytest.Function, arguments: dict[str, Any]) -> None:
        try:
            kept = f"kept as {store(test_of(item), arguments)}"
        except TypeError as error:
            kept = f"not kept, because its arguments are not plain data ({error})"
        self.kept.append(f"{item.nodeid}: {kept}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts failures, and what tests noted that run once."""
        kind = self._kinds[report.nodeid]
        tally = self.tallies[kind]
        tally.failed += report.failed
        figures = taken()
        if report.when == "call" and not report.skipped and not self.kinds[kind].random:
            tally.tried += max(1, figures.tried)
            for name, number in figures.measured.items():
                tally.measured[name] = max(tally.measured[name], number)

    def _is_drawn(self, item: pytest.Item) -> bool:
        return self.kinds[self._kinds[item.nodeid]].random

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


def _counted(inner: Callable[..., None], tally: Tally, until: float, failing: dict[str, Any]) -> Callable[..., None]:
    """Returns a test that counts its examples, ends when its time is over, and stores the last failing one."""

    @wraps(inner)
    def counted(*args: Any, **kwargs: Any) -> None:
        try:
            inner(*args, **kwargs)
        except UnsatisfiedAssumption:
            raise
        except Exception:
            failing.update(kwargs)
            tally.tried += 1
            raise
        tally.tried += 1
        if not failing and time.monotonic() >= until:  # otherwise Hypothesis is still shrinking a failure
            raise _TimeIsOver

    return counted
