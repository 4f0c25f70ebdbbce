"""The check of anybody's engine: right ones pass, and each mistake is called by its name."""

import contextlib
import math
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from functools import cache
from html import escape

import numpy as np
import pytest
from micrograd.engine import Value as Micrograd
from support.engines import MISTAKES, Forty, Micro, Student
from support.pictures import seen

import viz
from autograd import Value
from viz.checking.engine_operation import OPERATIONS
from viz.checking.guard import TimeLimitError, call
from viz.checking.judging import judge
from viz.checking.laws import LAWS, SEED, alone, chained
from viz.checking.observation import observe
from viz.checking.program import Sketch
from viz.checking.random_programs import random_programs, smallest
from viz.checking.reference import Reference
from viz.pictures.palette import LIGHT


@cache
def report_of(mistake):
    return viz.check_engine(MISTAKES[mistake][0], time_limit=1.0 if "NeverEnds" in mistake else 10.0)


def names(findings):
    return [finding.name for finding in findings]


class TestRightEngines:
    def test_ours_passes_without_a_note_and_all_of_it_is_checked(self):
        report = viz.check_engine(Value)
        assert report.ok
        assert report
        assert (report.failures, report.notes, report.skipped) == ((), (), ())
        assert {operation.name for operation in OPERATIONS} < {*report.passed}

    @pytest.mark.parametrize("engine", [Micrograd, Micro])
    def test_micrograd_and_microgpt_pass_with_two_notes(self, engine):
        report = viz.check_engine(engine)
        assert report.ok
        assert names(report.notes) == ["depth", "second backward()"]

    def test_an_engine_without_these_limits_has_no_notes(self):
        report = viz.check_engine(Student)
        assert report.ok
        assert report.notes == ()

    def test_what_a_small_engine_lacks_is_noted_and_the_rest_passes(self):
        report = viz.check_engine(Forty)
        assert report.ok
        expected = [operation.name for operation in OPERATIONS if operation.is_expected][2:]
        assert names(report.notes) == [*expected, "depth", "second backward()"]
        assert {"a * b", "a + b", "tanh", "random graphs"} <= {*report.passed}

    def test_a_function_that_makes_nodes_stands_for_a_class_whose_constructor_needs_more(self):
        class Labelled(Student):
            def __init__(self, data, label_or_children, op=""):
                super().__init__(data, label_or_children if op else (), op)

        def make(number):
            return Labelled(number, "x")

        Labelled.other = lambda self, x: x if isinstance(x, Student) else make(x)
        report = viz.check_engine(make)
        assert report.ok
        assert report.engine == "make"

    def test_gradients_may_be_none_until_there_is_one(self):
        class WithoutGradient(Micro):
            __slots__ = ()

            def __init__(self, *arguments):
                super().__init__(*arguments)
                self.grad = None

            def backward(self):
                for node in nodes_below(self):
                    node.grad = node.grad or 0.0
                super().backward()

        for name in ("__add__", "__mul__", "__pow__", "log", "exp", "relu"):
            setattr(WithoutGradient, name, made_of(getattr(Micro, name), WithoutGradient))
        report = viz.check_engine(WithoutGradient)
        assert report.ok
        assert "only what is used" in report.passed

    def test_numbers_may_be_those_of_numpy(self):
        report = viz.check_engine(lambda number: Student(np.float64(number)))
        assert report.ok
        assert report.engine == "Student"

    def test_a_check_leaves_no_thread_and_prints_nothing(self, capfd):
        before = threading.enumerate()
        viz.check_engine(Micro)
        assert threading.enumerate() == before
        assert capfd.readouterr() == ("", "")


def nodes_below(root):
    found = {root}
    waiting = [root]
    while waiting:
        new = {*waiting.pop()._children} - found
        found |= new
        waiting += new
    return found


def made_of(method, cls):
    """The method, with a result of another class."""

    def wrapped(self, *operands):
        operands = [x if isinstance(x, Micro) or method is Micro.__pow__ else cls(x) for x in operands]
        out = method(self, *operands)
        return cls(out.data, out._children, out._local_grads)

    return wrapped


class TestMistakes:
    @pytest.mark.parametrize("mistake", MISTAKES)
    def test_a_mistake_is_called_by_the_operation_or_law_that_breaks(self, mistake):
        report = report_of(mistake)
        assert not report.ok
        assert not report
        assert names(report.failures) == [*MISTAKES[mistake][1]]

    def test_every_law_is_broken_by_one_of_the_mistakes(self):
        broken = {name for _, expected in MISTAKES.values() for name in expected}
        assert {law.name for law in (SEED, *LAWS)} | {"backward() keeps values", "random graphs"} <= broken
        assert len(MISTAKES) >= 14

    @pytest.mark.parametrize(
        ("mistake", "message", "numbers"),
        [
            ("TanhOfInput", "the gradient of a is 0.4375, but must be 0.596586", (0.4375, 1 - math.tanh(0.75) ** 2)),
            ("SwapsReflectedSubtraction", "the value of 3.0 − a is −0.5, but must be 0.5", (-0.5, 0.5)),
            ("LogWithoutRule", "no gradient reaches a: it is 0.0, but must be 3.33333", (0.0, 1 / 0.3)),
            ("AddInPlace", "the value of a is −0.5, but must be 2.5", (-0.5, 2.5)),
            ("TanhForgetsUpstream", "the gradient of a is 0.596586, but must be −1.34232", None),
            ("AssignsInAdd", "the gradient of a is 1.0, but must be 2.0", (1.0, 2.0)),
            ("BackwardChangesData", "backward() changes the value of a from 2.5 to 2.8", (2.8, 2.5)),
            ("TanhRaises", "tanh(a) raises AttributeError: 'TanhRaises' object has no attribute 'dta'", (None, None)),
            ("TanhOfNode", "tanh(a) returns a node whose .data must be a real number, not <", (None, None)),
            ("ReluReturnsNothing", "ReLU(a) returns None, not a node with .data", (None, None)),
            ("GradientIsText", "backward() leaves a node whose .grad must be a real number, not '1'", (None, None)),
        ],
    )
    def test_the_first_wrong_node_is_named_with_what_it_is_and_must_be(self, mistake, message, numbers):
        failure = report_of(mistake).failures[0]
        assert failure.message.startswith(message)
        if numbers:
            assert (failure.found, failure.expected) == pytest.approx(numbers)
        assert failure.node in ("", "a", "3.0 − a", "tanh(a)", "ReLU(a)")
        assert failure.law

    def test_a_gradient_is_wrong_first_where_the_way_back_goes_wrong(self):
        class Wrong(Student):
            def exp(self):
                return self.unary(math.exp(self.data), 1.0, "exp")

        by_name = {operation.name: operation for operation in OPERATIONS}
        sketch, node = Sketch([0.5]), 0
        for name in ("tanh", "exp", "tanh"):
            node = sketch.step(by_name[name], node)
        program = sketch.program(node)
        failure = judge("exp", "", program, observe(program, Wrong))
        assert failure.node == "tanh(a)"
        assert failure.quantity == "gradient"

    def test_the_graph_of_a_random_failure_is_as_small_as_can_be(self):
        [failure] = report_of("WrongInCombination").failures
        assert re.match(r"exp\((a|[\d.]+) [×÷] (a|b|[\d.]+)\), at a = ", failure.formula)
        assert failure.node in failure.formula
        assert failure.found == 0.0

    def test_what_needs_a_broken_law_is_not_judged(self):
        report = report_of("AssignsInAdd")
        assert {"a diamond", "topological order", "accumulation", "random graphs", "depth"} <= {*report.skipped}
        assert not {*report.skipped} & {*report.passed}

    def test_without_a_first_gradient_values_are_judged_and_gradients_are_not(self):
        class Unfinished(MISTAKES["SwapsReflectedDivision"][0]):
            def backward(self):
                raise NotImplementedError("a task for tomorrow")

        report = viz.check_engine(Unfinished)
        assert names(report.failures) == ["backward() starts with 1", "3 / v"]
        assert report.failures[0].message == "backward() raises NotImplementedError: a task for tomorrow"
        assert isinstance(report.failures[0].error, NotImplementedError)


class TestLimits:
    @pytest.mark.parametrize(
        ("missing", "noted"), [("__radd__", "3 + v"), ("__rmul__", "3 * v"), ("__neg__", "-v"), ("__pow__", "v ** 2")]
    )
    def test_a_missing_operator_is_a_note(self, missing, noted):
        class Lacking(Student):
            def __sub__(self, other):
                return self + self.other(other) * -1

            def __truediv__(self, other):
                other = self.other(other)
                return self * other.unary(1 / other.data, -1 / other.data**2, "reciprocal")

        setattr(Lacking, missing, None)
        report = viz.check_engine(Lacking)
        assert report.ok
        [note] = report.notes
        assert note.name == noted
        assert missing in note.message

    def test_a_kind_of_number_that_is_refused_is_a_note(self):
        class WholeExponents(Student):
            def __pow__(self, n):
                if not isinstance(n, int) or n < 1:
                    raise AssertionError("only positive integers")
                return super().__pow__(n)

            def __truediv__(self, other):
                other = self.other(other)
                return self * other.unary(1 / other.data, -1 / other.data**2, "reciprocal")

        report = viz.check_engine(WholeExponents)
        assert report.ok
        [note] = report.notes
        assert note.name == "v ** 2"
        assert note.message.endswith("raises AssertionError: only positive integers")
        assert "a ** b" in report.skipped

    def test_an_engine_that_follows_each_way_takes_too_long_where_nodes_are_shared(self):
        class EachWay(Micro):
            __slots__ = ()

            def backward(self, gradient=1.0):
                self.grad += gradient
                for child, local in zip(self._children, self._local_grads, strict=True):
                    EachWay.backward(child, local * gradient)

        for name in ("__add__", "__mul__", "__pow__", "log", "exp", "relu"):
            setattr(EachWay, name, made_of(getattr(Micro, name), EachWay))
        report = viz.check_engine(EachWay, time_limit=1.0)
        assert report.ok
        assert names(report.notes) == ["depth", "shared nodes"]
        assert "did not end within 1 seconds" in report.notes[1].message

    def test_notes_say_what_happens_and_what_to_do(self):
        depth, second = viz.check_engine(Micrograd).notes
        assert re.match(r"in a chain of 5,000 operations, backward\(\) raises RecursionError: .* a loop", depth.message)
        assert re.match(r"after backward\(\) twice on \(a × b\) × c, at a = 2.5, .* must be 0.7: ", second.message)


@pytest.mark.filterwarnings(  # what stops a loop may strike in a callback of the collector, where Python only warns
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
class TestExceptionsAndTime:
    @pytest.mark.parametrize("what", ["backward", "tanh"])
    def test_a_loop_that_never_ends_is_stopped(self, what):
        class Endless(Student):
            pass

        def endless(self):
            while True:
                with contextlib.suppress(Exception):
                    math.sqrt(2.0)

        setattr(Endless, what, endless)
        before = threading.enumerate()
        start = time.monotonic()
        report = viz.check_engine(Endless, time_limit=0.3)
        assert time.monotonic() - start < 60
        assert threading.enumerate() == before
        [failure] = report.failures
        assert failure.name == ("tanh" if what == "tanh" else "backward() starts with 1")
        assert failure.quantity == "exception"
        assert failure.message == "the computation was stopped: it did not end within 0.3 seconds"

    def test_a_check_ends_when_nothing_ends(self):
        class Endless(Student):
            def __add__(self, other):
                while True:
                    pass

            __mul__ = __sub__ = __add__

        report = viz.check_engine(Endless, time_limit=0.2)
        assert len(report.failures) == 2
        assert report.skipped[-1].startswith("everything else")

    def test_a_loop_is_stopped_while_a_debugger_or_coverage_traces_it(self):
        def tracer(frame, event, argument):
            return tracer

        def endless():
            while True:
                pass

        before = sys.gettrace()
        threading.settrace(tracer)
        sys.settrace(tracer)
        try:
            with pytest.raises(TimeLimitError, match=r"within 0\.2 seconds"):
                call(endless, 0.2)
        finally:
            threading.settrace(None)
            sys.settrace(before)

    @pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself a signal")
    def test_an_interrupt_ends_the_check_and_its_thread(self):
        def endless():
            os.kill(os.getpid(), signal.SIGINT)
            while True:
                pass

        before = threading.enumerate()
        with pytest.raises(KeyboardInterrupt):
            call(endless, 30.0)
        assert threading.enumerate() == before

    def test_where_no_thread_starts_the_check_runs_without_a_limit(self, monkeypatch):
        def refuse(thread):
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", refuse)
        assert names(viz.check_engine(MISTAKES["TanhOfInput"][0]).failures) == ["tanh"]

    @pytest.mark.parametrize("error", [ZeroDivisionError("at 0"), SystemExit(3), RecursionError("deep"), MemoryError()])
    def test_whatever_is_raised_is_a_finding(self, error):
        class Raising(Student):
            def tanh(self):
                raise error

        [failure] = viz.check_engine(Raising).failures
        assert failure.name == "tanh"
        assert type(error).__name__ in failure.message

    def test_an_exception_may_be_unable_to_say_what_it_is(self):
        class SpeechlessError(Exception):
            def __str__(self):
                raise ValueError

        class Raising(Student):
            def tanh(self):
                raise SpeechlessError

        [failure] = viz.check_engine(Raising).failures
        assert failure.message == "tanh(a) raises SpeechlessError"

    def test_a_long_message_is_cut_and_its_control_characters_are_visible(self):
        class Raising(Student):
            def tanh(self):
                raise ValueError("a\x00b\n" + "x" * 1000)

        [failure] = viz.check_engine(Raising).failures
        assert failure.message.startswith("tanh(a) raises ValueError: a␀b xxx")
        assert len(failure.message) < 250

    @pytest.mark.parametrize(
        ("thing", "message"),
        [
            (3, "not 3"),
            (None, "not None"),
            (Micrograd(2.0), r"not Value\(data=2.0"),
            (int, r"int\(2.0\) has no .data, .grad, .backward\(\)"),
            (dict, r"dict\(2.0\) raises TypeError"),
            (lambda x: 1 / 0, "raises ZeroDivisionError: division by zero; .* a function that makes a node"),
            (lambda x: Forty(x).data, "has no .data, .grad"),
        ],
    )
    def test_what_is_no_engine_is_refused(self, thing, message):
        with pytest.raises(TypeError, match=rf"check_engine takes a class .*{message}"):
            viz.check_engine(thing)

    def test_a_class_that_lacks_something_is_told_what(self):
        class Without:
            def __init__(self, data):
                self.data = data

            __add__ = __mul__ = None

        with pytest.raises(TypeError, match=r"Without\(2.0\) has no .grad, \+, \*, .backward\(\)$"):
            viz.check_engine(Without)

    @pytest.mark.parametrize("limit", [0, -1.0, True, "1", None, math.nan])
    def test_the_time_limit_is_positive(self, limit):
        with pytest.raises(
            ValueError, match=re.escape(f"time_limit must be a positive number of seconds, not {limit!r}")
        ):
            viz.check_engine(Student, time_limit=limit)


class TestReport:
    def test_the_text_names_failures_notes_and_what_was_not_checked(self):
        text = repr(report_of("SubtractionLosesSign"))
        assert text.startswith("SubtractionLosesSign fails 2 of 33 checks\n")
        assert (
            "  wrong: a - b: the gradient of b is 1.0, but must be −1.0\n         in a − b, at a = 2.5, b = -3.0"
            in text
        )
        assert "not checked: abs(v)" in text
        assert repr(viz.check_engine(Micrograd)).startswith("Value passes 26 checks, with 2 notes\n")
        assert "\n  note: depth: " in repr(viz.check_engine(Micrograd))

    def test_notebooks_show_tables_and_the_graph_of_the_first_failure(self):
        report = report_of("SubtractionLosesSign")
        html = report._repr_html_()
        assert html.count("<table") == 1
        assert "<td" in html
        assert "a - b" in html
        assert "data:image/svg+xml;base64," in html
        for failure in report.failures:  # all that the text says
            assert all(f">{escape(text)}</" in html for text in (failure.law, failure.message, failure.formula))
        caption = f"The first failure, {report.failures[0].name}:"
        assert html.index("</table>") < html.index(caption) < html.index("<img")
        assert "<table" in viz.check_engine(Micrograd)._repr_html_()
        assert "<table" not in viz.check_engine(Value)._repr_html_()

    def test_what_a_class_says_is_no_markup(self):
        class Raising(Student):
            def tanh(self):
                raise ValueError("<script>")

        Raising.__name__ = "<b>"
        report = viz.check_engine(Raising)
        assert "<script>" in repr(report)
        assert "<script>" not in report._repr_html_()
        assert report.engine == "<b>"
        assert "<b><b>" not in report._repr_html_()

    @pytest.mark.parametrize("mistake", MISTAKES)
    def test_the_picture_marks_the_node_that_the_failure_names(self, mistake):
        for failure in report_of(mistake).failures:
            picture = failure.compare()
            shown = seen(picture)
            assert shown.frames == ["yours", "ours"]
            marked = [box for box in shown.boxes.values() if box.border == LIGHT.highlight]
            assert len(marked) == (0 if picture.same else 2)
            if failure.quantity in ("value", "gradient") and "keeps" not in failure.name:
                assert (picture.first.quantity, picture.first.node) == (failure.quantity, failure.node)
                assert picture.first.first == failure.found
                assert (picture.first.second or 0.0) == failure.expected

    def test_the_report_shows_its_first_failure(self, tmp_path):
        report = report_of("SubtractionLosesSign")
        assert report.compare().words == report.failures[0].compare().words
        assert report.compare().save(tmp_path / "failure.svg").read_bytes().startswith(b"<?xml")
        page = report.explore()
        assert page.html.startswith("<!doctype html>")
        assert page.title == "a - b: a − b, at a = 2.5, b = -3.0"

    def test_what_was_not_computed_is_shown_as_such(self):
        [failure] = report_of("TanhRaises").failures
        lines = [box.lines for box in seen(failure.compare()).boxes.values()]
        assert any(
            line[0] == "tanh" and line[1].startswith("not computed ≠ ") and line[2].startswith("grad none ≠ ")
            for line in lines
            if len(line) == 3
        )

    @pytest.mark.parametrize("method", ["compare", "explore"])
    def test_without_a_failure_there_is_nothing_to_show(self, method):
        report = viz.check_engine(Value)
        with pytest.raises(ValueError, match="Value breaks no law"):
            getattr(report, method)()

    def test_findings_are_plain_data(self):
        [failure] = report_of("TanhOfInput").failures
        with pytest.raises(AttributeError):
            failure.name = "exp"
        assert "_program" not in repr(failure)


class TestPrograms:
    """The programs of the laws: small, and such that only the law in question can break."""

    def programs(self):
        for operation in OPERATIONS:
            yield from ((operation.name, program) for program in (*alone(operation), *chained(operation)))
        for law in LAWS:
            yield from ((law.name, program) for program in law.programs(OPERATIONS))

    def test_nodes_have_equal_numbers_only_where_that_is_the_law(self):
        for name, program in self.programs():
            if name == "equal numbers" or any(step.operation.name in ("relu", "abs(v)") for step in program.steps):
                continue
            numbers = Counter(round(node.data, 9) for node in Reference(program).nodes)
            assert max(numbers.values()) == 1, (name, Reference(program).formula)

    def test_all_numbers_are_finite_and_every_input_has_a_gradient_unless_it_is_not_used(self):
        for name, program in self.programs():
            expected = Reference(program).expected
            assert all(map(math.isfinite, expected.values))
            zeros = [place for place in range(len(program.inputs)) if expected.gradients[place] == 0.0]
            may_be_zero = any(step.operation.name == "relu" for step in program.steps)
            assert not zeros or may_be_zero or name in ("only what is used", "a node used twice")

    def test_random_programs_are_the_same_for_the_same_seed_and_use_all_operations(self):
        programs = [*random_programs(OPERATIONS, 200)]
        assert programs == [*random_programs(OPERATIONS, 200)]
        assert programs != [*random_programs(OPERATIONS, 200, seed=1)]
        used = {step.operation.name for program in programs for step in program.steps}
        assert used == {operation.name for operation in OPERATIONS}

    def test_a_smallest_program_fails_and_none_that_is_smaller_does(self):
        def fails(program):
            return any(step.operation.name == "a * b" for step in program.steps)

        for program in random_programs(OPERATIONS, 60):
            if fails(program):
                least = smallest(program, fails)
                assert [step.operation.name for step in least.steps] == ["a * b"]
                assert len(least.inputs) <= 2
