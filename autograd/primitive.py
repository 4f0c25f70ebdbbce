"""A function of the user's own as one operation of a graph: on floats, on Values and on the symbols of a compiler.

On floats, its local derivatives come from a rule or, without one, from the formula, recorded on leaves of its own. On
numbers of other kinds, a function without a rule is its formula, so derivatives of any order and programs are those of
the formula. If the formula calls plain Python, such as `math.sin(x)`, a program has an instruction that calls it.
"""

from autograd.contexts import call_on_inputs
from autograd.dispatch import any_array, elementwise, real
from autograd.graph import leaves
from autograd.node import ONE, ZERO, Node, Tail, comparison_of
from autograd.validation import described
from autograd.value import Value, _made_float, _record, carrying

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["OperationError", "Primitive", "PrimitiveName"]


class OperationError(TypeError):
    """The function of an operation, or its rule, does not return what it must."""


class PrimitiveName(str):
    """The name of an operation, as nodes hold it in `op`: a string that knows the function.

    It equals every string with its text, but not the name of another operation.

    Attributes:
        function: the operation as a function of its operands, then its plain numbers.
    """

    function: "Primitive"

    def __eq__(self, other: object) -> bool:
        return self is other if isinstance(other, PrimitiveName) else str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Primitive:
    """A function that a graph records as one operation.

    Arguments:
        op: the name that the nodes hold.
        formula: computes the result from the operands and the plain numbers of the operation, two sequences.
        numbers: the number of plain numbers.
        rule: computes the local derivatives, one for each operand, from the operands, the result and the plain numbers;
            None to differentiate the formula.
    """

    __slots__ = ("_numbers", "_slopes", "formula", "op", "rule", "title")

    def __init__(
        self,
        op: PrimitiveName,
        formula: "Callable[[Sequence[Any], Sequence[float]], Any]",
        numbers: int,
        rule: "Callable[[Sequence[Any], Any, Sequence[float]], Sequence[Any]] | None" = None,
    ) -> None:
        self.op = op
        op.function = self
        self.formula = formula
        self.rule = rule
        self._numbers = numbers
        self.title = f"the operation {str(op)!r}"
        self._slopes: list[Primitive] = []

    def __call__(self, *arguments: "Any") -> "Any":
        """Applies it to its operands, then its plain numbers."""
        count = len(arguments) - self._numbers
        return self.apply(arguments[:count], arguments[count:])

    def apply(self, operands: "Sequence[Any]", numbers: "Sequence[float]") -> "Any":
        """Returns a float for floats, a recorded operation if an operand is a Value, or an array of these for arrays.

        Raises:
            TypeError: if an operand is not a number.
            OperationError: if the function or its rule does not return what it must.
        """
        if any_array(*operands):
            return elementwise(lambda *elements: self.apply(elements, numbers), *operands)
        given = [x if type(x) is float else self._operand(x) for x in operands]
        try:
            for x in given:
                if isinstance(x, Node):
                    return self._recorded([Value.constant(x) for x in given], numbers)
            return self._computed(given, numbers)
        except RecursionError:
            raise RecursionError(f"the operation {self.op!r} calls itself without end, or too deeply") from None
        except Exception as error:
            error.add_note(f"in the operation {self.op}({', '.join(map(_shown, [*operands, *numbers]))})")
            raise

    def as_one(self, operands: "Sequence[Any]", numbers: "Sequence[float]") -> Value:
        """Records one operation, whatever kind of number the operands carry."""
        values = [Value.constant(x) for x in operands]
        data = [value.data for value in values]
        try:
            y, slopes = self._value_and_slopes(data, numbers)
        except Exception as error:
            if not _needs_python(error, data):
                raise
            y, slopes = self.apply(data, numbers), [slope.apply(data, numbers) for slope in self._each_slope(len(data))]
        return self._node(values, y, slopes, numbers)

    def _recorded(self, values: "list[Value]", numbers: "Sequence[float]") -> Value:
        for value in values:
            _made_float(value)
        if self.rule is None and not all(type(value.data) is float for value in values):
            before = [value for value in values if comparison_of(value) is None]
            try:
                result = Value.constant(self._number(call_on_inputs(values, self.formula, values, numbers)))
                if all(result is not value for value in values):  # the identity needs a node of its own
                    return result
            except Exception as error:
                if not _needs_python(error, values):
                    raise
                for value in before:  # the program will branch, not the graph
                    if comparison_of(value) is not None:
                        del value._compared
        return self.as_one(values, numbers)

    def _computed(self, operands: "Sequence[Any]", numbers: "Sequence[float]") -> "Any":
        """The result for operands that are not Values."""
        try:
            return self._plain(self.formula(operands, numbers))
        except Exception as error:
            if not _needs_python(error, operands):
                raise
            symbol = next(x for x in operands if hasattr(x, "call_python"))
            cause = f"{type(error).__name__}: {error}".partition(": a function that is compiled")[0]
            return symbol.call_python(self, [*operands, *numbers], cause)

    def _value_and_slopes(self, data: "Sequence[Any]", numbers: "Sequence[float]") -> "tuple[Any, Sequence[Any]]":
        """The result, and the derivative with respect to each operand, for operands of any kind."""
        if self.rule is not None:
            return self._by_rule(self.rule, data, numbers)
        xs = [carrying(x) if type(x) is not float else Value(x) for x in data]
        try:
            result = call_on_inputs(xs, self.formula, xs, numbers)
        except (AttributeError, TypeError) as error:
            error.add_note(
                f"{self.op} has no rule, so its formula runs on Values: write it with the functions of autograd, or "
                f"add a rule by @{self.op}.derivative"
            )
            raise
        result = self._number(result)
        if not isinstance(result, Value):
            return result, [ZERO] * len(xs)
        own = set(xs)
        for leaf in leaves(result):
            if leaf not in own and leaf.role != "constant":
                raise OperationError(_captured(self.op, leaf))
        result.backward()
        return result.data, [x.grad for x in xs]

    def _by_rule(
        self, rule: "Callable[..., Sequence[Any]]", data: "Sequence[Any]", numbers: "Sequence[float]"
    ) -> "tuple[Any, Sequence[Any]]":
        if all(type(x) is float for x in data):
            y = self._computed(data, numbers)
            return y, [self._plain(slope, "the rule of ") for slope in rule(data, y, numbers)]
        y = self.apply(data, numbers)
        checked = self._number if any(isinstance(x, Node) for x in data) else self._plain
        try:
            return y, [checked(slope, "the rule of ") for slope in rule(data, y, numbers)]
        except (AttributeError, TypeError) as error:
            if not isinstance(error, OperationError):
                error.add_note(
                    f"to be differentiated, the rule of {self.op} must be written with the functions of autograd, or "
                    "with operations that have rules of their own"
                )
            raise

    def _each_slope(self, operands: int) -> "list[Primitive]":
        """The derivative with respect to each operand as a primitive, for programs that call it."""
        while len(self._slopes) < operands:
            index = len(self._slopes)
            slope = Primitive(
                PrimitiveName(f"{self.op}_slope{index + 1}"),
                lambda data, numbers, index=index: self._value_and_slopes(data, numbers)[1][index],  # type: ignore[misc]
                self._numbers,
            )
            slope.title = f"the derivative of {self.title}"
            self._slopes.append(slope)
        return self._slopes[:operands]

    def _node(self, values: "Sequence[Value]", y: "Any", slopes: "Sequence[Any]", numbers: "Sequence[float]") -> Value:
        if len(values) == 1:
            return _record(self.op, y, values[0], slopes[0], rest=tuple(numbers) or None)
        second: Value | Tail = values[-1]
        slope = slopes[-1]
        for value, further in zip(values[-2:0:-1], slopes[-2:0:-1], strict=True):
            second, slope = Tail(value, further, second, slope), ONE
        return _record(self.op, y, values[0], slopes[0], second, slope, tuple(numbers))  # type: ignore[arg-type]

    def _operand(self, x: "Any") -> "Any":
        number = real(x)
        if number is None:
            raise TypeError(
                f"an operand of {self.op} must be a real number, a Value, or an array of them, not {described(x)}"
            )
        return number

    def _number(self, result: "Any", what: str = "") -> "Any":
        """The result of the function or, if what says so, of its rule."""
        number = result if type(result) is float else real(result)
        if number is None:
            hint = "; is a return statement missing?" if result is None else ""
            raise OperationError(f"{what}{self.op} must return a number, not {result!r}{hint}")
        return number

    def _plain(self, result: "Any", what: str = "") -> "Any":
        """The same where no operand is a Value."""
        number = self._number(result, what)
        if isinstance(number, Node):
            raise OperationError(_captured(f"{what}{self.op}", number))
        return number


def _captured(what: str, node: "Any") -> str:
    return f"{what} must use no Values but its operands, not {node!r}, which would get no gradient; make it an operand"


def _needs_python(error: Exception, operands: "Sequence[Any]") -> bool:
    """Whether a function raised an exception because an operand is, or carries, a symbol of a compiler."""
    if isinstance(error, (OperationError, RecursionError)):
        return False
    for number in operands:
        while isinstance(number, Node):
            number = number.data
        if hasattr(number, "call_python"):
            return True
    return False


def _shown(number: "Any") -> str:
    if isinstance(number, Node):
        return f"{number.label}={number.data}" if number.label else f"{number.data}"
    return f"{number}"
