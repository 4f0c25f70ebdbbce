"""The judgement of one program: which node an engine computes wrongly first, if any."""

from viz.checking.finding import TOLERANCE, EngineFailure, Wrong
from viz.checking.guard import TimeLimitError
from viz.checking.observation import Observation, ResultError, message_of
from viz.checking.program import Program
from viz.checking.reference import Reference
from viz.labels import number

__all__ = ["judge"]

_DIGITS = 6


def judge(
    name: str, law: str, program: Program, seen: Observation, *, gradients: bool = True, after: bool = False
) -> EngineFailure | None:
    """Returns what is wrong with the numbers of a program, beginning with what is computed first; None if nothing is.

    Only the gradients of inputs count, because an engine need not keep the others. If one is wrong, though, the first
    node on the way back whose gradient is wrong is named, where it is known.

    Arguments:
        name: the operation or the law that the program checks.
        law: what must hold, in words.
        program: the program.
        seen: what the engine computed.
        gradients: whether gradients are judged.
        after: whether it is judged that `backward()` leaves the values as they are.
    """
    return _Judge(name, law, program, seen).failure(gradients, after)


class _Judge:
    def __init__(self, name: str, law: str, program: Program, seen: Observation) -> None:
        self.name = name
        self.law = law
        self.program = program
        self.seen = seen
        self.reference = Reference(program)

    def failure(self, gradients: bool, after: bool) -> EngineFailure | None:
        right = self.reference.expected.values
        wrong = [place for place, found in enumerate(self.seen.values) if not TOLERANCE.equal(found, right[place])]
        if wrong:
            first = min(wrong, key=self.reference.order.__getitem__)
            return self._wrong("value", first, right[first], self.seen.values[first])
        if self.seen.trouble is not None:
            return self._trouble()
        if after:
            for place, (found, before) in enumerate(zip(self.seen.values_after, self.seen.values, strict=True)):
                if not TOLERANCE.equal(found, before):
                    return self._changed(place, before, found)
        return self._wrong_gradient() if gradients else None

    def _wrong_gradient(self) -> EngineFailure | None:
        found, right = self.seen.gradients, self.reference.expected.gradients
        wrong = [place for place, grad in enumerate(found) if not TOLERANCE.equal(grad, right[place])]
        inputs = len(self.program.inputs)
        if not any(place < inputs for place in wrong):
            return None
        known = [place for place in wrong if place < inputs or found[place] is not None]
        first = max(known, key=self.reference.order.__getitem__)
        return self._wrong("gradient", first, right[first], found[first])

    def _wrong(self, quantity: Wrong, place: int, right: float | None, found: float | None) -> EngineFailure:
        node = self.reference.written(place)
        is_input = place < len(self.program.inputs)
        message = f"the {quantity} of {node} is {_shown(found)}, but must be {_shown(right)}"
        if quantity == "gradient" and is_input and not found:
            message = f"no gradient reaches {node}: it is {_shown(found)}, but must be {_shown(right)}"
        return self._failure(message, quantity, node, right, found)

    def _changed(self, place: int, right: float, found: float) -> EngineFailure:
        node = self.reference.written(place)
        message = f"backward() changes the value of {node} from {_shown(right)} to {_shown(found)}"
        return self._failure(message, "value", node, right, found)

    def _trouble(self) -> EngineFailure:
        trouble = self.seen.trouble
        assert trouble is not None
        what = "backward()" if trouble.place is None else self.reference.written(trouble.place)
        if isinstance(trouble.error, TimeLimitError):
            message = f"the computation was stopped: {message_of(trouble.error, named=False)}"
        elif isinstance(trouble.error, ResultError):
            message = f"{what} {message_of(trouble.error, named=False)}"
        else:
            message = f"{what} raises {message_of(trouble.error)}"
        node = "" if trouble.place is None else what
        return self._failure(message, "exception", node, None, None)

    def _failure(
        self, message: str, quantity: Wrong, node: str, right: float | None, found: float | None
    ) -> EngineFailure:
        formula = self.reference.formula
        return EngineFailure(
            self.name,
            self.law,
            message,
            formula,
            quantity,
            node,
            right,
            found,
            self.program,
            self.seen,
        )


def _shown(x: float | None) -> str:
    return "None" if x is None else number(x, _DIGITS)
