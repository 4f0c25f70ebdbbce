"""The check of an engine: its operations, the laws of the backward pass, random graphs, and its limits."""

from collections.abc import Callable, Iterable
from typing import Any

from viz.checking.engine_limits import LIMITS
from viz.checking.engine_operation import ADD, MULTIPLY, OPERATIONS, EngineOperation
from viz.checking.finding import EngineFailure, EngineNote
from viz.checking.guard import TimeLimitError, call
from viz.checking.judging import judge
from viz.checking.laws import KEEPS_VALUES, LAWS, SEED, Law, alone, chained
from viz.checking.observation import Observation, Trouble, message_of, observe
from viz.checking.program import Program
from viz.checking.random_programs import random_programs, smallest
from viz.checking.report import EngineReport

__all__ = ["check_engine"]

_MOST_TIMEOUTS = 2  # then the check ends: other calls would not end either
_GRAPHS = 100
_RANDOM = "random graphs"
_LAW_OF_OPERATIONS = "the value is that of the formula, and the gradients follow from the chain rule"
_LAW_OF_RANDOM_GRAPHS = "values and gradients are right in any graph of operations that are right on their own"
_REFUSALS = (TypeError, AttributeError, AssertionError, NotImplementedError)  # of a kind of operand


def check_engine(Value: Callable[[float], Any], *, time_limit: float = 5.0) -> EngineReport:  # noqa: N803
    """Checks the class of numbers of anybody's engine, such as the `Value` that a student wrote.

    The class is made to compute small graphs, and its values and gradients are compared with those of
    `autograd.Value`. What is checked: each operation, with Values and with plain numbers on either side; nodes that are
    used twice; the order of the backward pass; graphs that share leaves; nodes of equal numbers; and random graphs of
    all operations that work. Operations that the class does not have are skipped.

    There are two tiers. A law that is broken is a failure: a wrong value, a wrong gradient, an exception. A limit is a
    note: no deep graphs, a second `backward()` that counts old gradients again, no `3 + v`. Each failure names the
    operation or the law, and the first wrong node of the smallest graph that was found.

    Arguments:
        Value: the class: `Value(2.0)` must make a node with `data`, `grad`, `+`, `*` and `backward()`. If its
            constructor needs more, a function that makes a node from a number.
        time_limit: seconds after which a computation that does not end is stopped.

    Returns:
        A report: `report.ok`, `report.failures`, `report.notes`. Notebooks show it as a table, with the graph of the
        first failure beside ours, which `report.compare()` draws and `report.explore()` steps through. Errors of the
        class are findings: none is raised.

    Raises:
        TypeError: if it is not such a class; the message says what is missing.
        ValueError: if the time limit is not positive.

    >>> import autograd
    >>> check_engine(autograd.Value).ok
    True
    """
    if isinstance(time_limit, bool) or not isinstance(time_limit, int | float) or not time_limit > 0:
        raise ValueError(f"time_limit must be a positive number of seconds, not {time_limit!r}")
    node = _probe(Value, time_limit)
    checker = _Checker(Value, node, time_limit)
    try:
        checker.check()
    except _GiveUpError:
        checker.skipped.append("everything else, because computations do not end")
    name = getattr(Value, "__name__", "")
    return EngineReport(
        name if name.isidentifier() else type(node).__name__,
        tuple(checker.failures),
        tuple(checker.notes),
        tuple(checker.passed),
        tuple(checker.skipped),
    )


def _probe(make: Callable[[float], Any], seconds: float) -> Any:
    """Makes a node, and checks that it has what is needed."""
    what = (
        "check_engine takes a class such as micrograd's Value, whose Value(2.0) has .data, .grad, +, * and .backward()"
    )
    if not callable(make):
        raise TypeError(f"{what}, not {make!r}")
    try:
        node = call(lambda: make(2.0), seconds)
    except (Exception, SystemExit) as error:
        raise TypeError(
            f"{what}, but {_called(make)}(2.0) raises {message_of(error)}; if the constructor needs more than a "
            "number, pass a function that makes a node from a number"
        ) from error
    methods = {"__add__": "+", "__mul__": "*", "backward": ".backward()"}
    missing = [f".{name}" for name in ("data", "grad") if not hasattr(node, name)]
    missing += [shown for name, shown in methods.items() if not callable(getattr(node, name, None))]
    if missing:
        raise TypeError(f"{what}, but {_called(make)}(2.0) has no {', '.join(missing)}")
    return node


def _called(make: Any) -> str:
    return getattr(make, "__name__", type(make).__name__)


class _GiveUpError(Exception):
    """Too many computations did not end."""


class _Checker:
    """A check under way, with what it has found."""

    def __init__(self, make: Callable[[float], Any], node: Any, seconds: float) -> None:
        self.make = make
        self.node = node
        self.seconds = seconds
        self.timeouts = 0
        self.failures: list[EngineFailure] = []
        self.notes: list[EngineNote] = []
        self.passed: list[str] = []
        self.skipped: list[str] = []
        self.has_gradients = True  # otherwise no program has, so that only values are judged
        self.works: list[EngineOperation] = []

    def check(self) -> None:
        self._check_seed()
        for operation in OPERATIONS:
            self._check_operation(operation)
        self._check_law(KEEPS_VALUES, after=True)
        for law in LAWS:
            self._check_law(law)
        self._check_random_graphs()
        self._check_limits()

    def _check_seed(self) -> None:
        """Checks what a leaf gets from its own `backward()`; without it, no gradient tells anything."""
        if not self._check_law(SEED):
            product = next(alone(MULTIPLY))
            self.has_gradients = judge(MULTIPLY.name, "", product, self._observe(product)) is None

    def _check_operation(self, operation: EngineOperation) -> None:
        if not callable(getattr(self.node, operation.method, None)):
            self._leave_out(operation, f"the class has no {operation.method}")
            return
        programs = [*alone(operation)]
        if operation is MULTIPLY or MULTIPLY in self.works:
            programs += chained(operation)
        failure = self._first_failure(operation.name, _LAW_OF_OPERATIONS, programs)
        if failure is None:
            self.works.append(operation)
            self.passed.append(operation.name)
        elif _refuses(operation, failure):
            self._leave_out(operation, failure.message)
        else:
            self.failures.append(failure)

    def _leave_out(self, operation: EngineOperation, reason: str) -> None:
        if operation.is_expected:
            self.notes.append(EngineNote(operation.name, f"not supported: {reason}"))
        else:
            self.skipped.append(operation.name)

    def _check_law(self, law: Law, *, after: bool = False) -> bool:
        """Checks a law, unless something that it needs fails; returns whether it holds."""
        needs = {*law.needs} | ({ADD.name, MULTIPLY.name} if law is not SEED else set())
        if not needs.issubset(self.passed) or (law is not SEED and not self.has_gradients):
            self.skipped.append(law.name)
            return False
        failure = self._first_failure(law.name, law.sentence, law.programs(self.works), after=after)
        if failure is None:
            self.passed.append(law.name)
        else:
            self.failures.append(failure)
        return failure is None

    def _check_random_graphs(self) -> None:
        if not {law.name for law in LAWS}.issubset(self.passed):
            self.skipped.append(_RANDOM)
            return
        for program in random_programs(self.works, _GRAPHS):
            failure = self._judge(_RANDOM, _LAW_OF_RANDOM_GRAPHS, program)
            if failure is not None:
                least = smallest(program, lambda program: self._judge(_RANDOM, "", program) is not None)
                self.failures.append(self._judge(_RANDOM, _LAW_OF_RANDOM_GRAPHS, least) or failure)
                return
        self.passed.append(_RANDOM)

    def _check_limits(self) -> None:
        for limit in LIMITS:
            if limit.needs.issubset(self.passed):
                note = limit.note(self._observe)
                if note is None:
                    self.passed.append(limit.name)
                else:
                    self.notes.append(note)
            else:
                self.skipped.append(limit.name)

    def _first_failure(
        self, name: str, law: str, programs: Iterable[Program], *, after: bool = False
    ) -> EngineFailure | None:
        judged = (self._judge(name, law, program, after=after) for program in programs)
        return next((failure for failure in judged if failure is not None), None)

    def _judge(self, name: str, law: str, program: Program, *, after: bool = False) -> EngineFailure | None:
        seen = self._observe(program)
        failure = judge(name, law, program, seen, gradients=self.has_gradients, after=after)
        if failure is not None and seen.trouble is not None and isinstance(seen.trouble.error, TimeLimitError):
            self.timeouts += 1
            if self.timeouts == _MOST_TIMEOUTS:
                self.failures.append(failure)
                raise _GiveUpError
        return failure

    def _observe(self, program: Program) -> Observation:
        try:
            return call(lambda: observe(program, self.make, backward=self.has_gradients), self.seconds)
        except (Exception, SystemExit) as error:
            return Observation(trouble=Trouble(None, error))


def _refuses(operation: EngineOperation, failure: EngineFailure) -> bool:
    """Whether the class says that it does not support an operand, rather than that it computes something wrongly."""
    error = failure.error
    return operation.may_be_refused and failure.node != "" and isinstance(error, _REFUSALS)
