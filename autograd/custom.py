r"""Operations from outside: a function and, next to it, the rule for its derivative become one operation of graphs.

>>> from autograd import Value, log, operation, sqrt
>>> @operation
... def arsinh(x):
...     return log(x + sqrt(x * x + 1.0))
>>> @arsinh.derivative
... def _(x, y):
...     return 1.0 / sqrt(x * x + 1.0)
>>> y = arsinh(Value(2.0, "x"))
>>> y
Value(1.44364, op='arsinh')
>>> y.local_derivatives
(0.4472135954999579,)
"""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from inspect import Parameter, signature
from pickle import UnpicklingError
from sys import modules
from typing import Any, Generic, ParamSpec, TypeVar, overload

from autograd.primitive import OperationError, Primitive, PrimitiveName
from autograd.signatures import checked_latex, checked_name, checked_text, operands_and_numbers
from autograd.validation import plain_number

__all__ = ["Operation", "OperationName", "known_operation", "operation"]

P = ParamSpec("P")
Rule = TypeVar("Rule", bound=Callable[..., Any])

_OPERATIONS: "dict[tuple[str, str], Operation[Any]]" = {}  # by module and qualified name, for unpickling


class OperationName(PrimitiveName):
    """The name of an operation of the user's own, which graphs keep when a cell defines another of that name.

    Attributes:
        operation: the operation.
    """

    operation: "Operation[Any]"

    def __reduce__(self) -> "tuple[Any, ...]":
        return _name_of, (self.operation.__module__, self.operation.__qualname__)

    def __deepcopy__(self, memo: dict[int, Any]) -> "OperationName":
        return self


class Operation(Generic[P]):
    """A function as an operation of graphs, made by `autograd.operation`.

    It has the name, docstring and signature of the function, which is its `__wrapped__`.

    Attributes:
        operands: the names of its operands.
        numbers: the names of its plain numbers.
        symbol: the text of its node in pictures; "" for its name and its plain numbers.
        latex: how it is written in LaTeX; "" for its name in upright letters.
    """

    __name__: str
    __qualname__: str

    def __init__(self, function: Callable[P, Any], *, latex: str, symbol: str) -> None:
        name = checked_name(function)
        self.operands, self.numbers = operands_and_numbers(function, name)
        self.latex, self.symbol = checked_latex(latex, name), checked_text("symbol", symbol)
        self._signature = signature(function)
        self._any_count = any(p.kind is Parameter.VAR_POSITIONAL for p in self._signature.parameters.values())
        call: Callable[..., Any] = function

        def formula(operands: Sequence[Any], numbers: Sequence[float]) -> Any:
            return call(*operands, **dict(zip(self.numbers, numbers, strict=True))) if numbers else call(*operands)

        self._op = OperationName(name)
        self._op.operation = self
        self._primitive = Primitive(self._op, formula, len(self.numbers))
        update_wrapper(self, function)
        _OPERATIONS[self.__module__, self.__qualname__] = self

    def __call__(self, *operands: P.args, **numbers: P.kwargs) -> Any:
        """Returns a float for floats, a recorded operation for Values, and an array of these for arrays."""
        if numbers or self.numbers or self._any_count or len(operands) != len(self.operands):
            return self._primitive.apply(*self._bound(operands, numbers))
        return self._primitive.apply(operands, ())

    def derivative(self, rule: Rule) -> Rule:
        """Decorates the rule for the derivative of the result with respect to each operand.

        Arguments:
            rule: a function of the operands and then the result. It returns one number or, if there are several
                operands, a tuple with one number for each. It may also take the plain numbers of the operation, by
                their names. Write it with the functions of `autograd`, so that it can be differentiated and compiled
                itself.

        Returns:
            The rule. It replaces one that was given before.

        Raises:
            TypeError: if the rule is not a function of these arguments.
        """
        wanted = self._wanted_numbers(rule)

        def slopes(operands: Sequence[Any], y: Any, numbers: Sequence[float]) -> Sequence[Any]:
            given = {name: number for name, number in zip(self.numbers, numbers, strict=True) if name in wanted}
            return self._one_for_each(rule(*operands, y, **given), len(operands))

        self._primitive.rule = slopes
        return rule

    def __repr__(self) -> str:
        return f"<operation {self.__module__}.{self.__qualname__}{self._signature}>"

    def __reduce__(self) -> "tuple[Any, ...]":
        return _defined, (self.__module__, self.__qualname__)

    def __copy__(self) -> "Operation[P]":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Operation[P]":
        return self

    def takes(self, count: int) -> bool:
        """Returns whether it can have `count` operands."""
        return count >= max(1, len(self.operands) - 1) if self._any_count else count == len(self.operands)

    def _bound(self, operands: Sequence[Any], numbers: Any) -> tuple[Sequence[Any], tuple[float, ...]]:
        """The operands and the plain numbers of a call."""
        try:
            bound = self._signature.bind(*operands, **numbers)
        except TypeError as error:
            raise TypeError(f"{self.__name__}{self._signature}: {error}") from None
        bound.apply_defaults()
        if not bound.args:
            raise TypeError(f"{self.__name__}{self._signature}: an operation needs at least one operand")
        plain = [plain_number(bound.kwargs[name], f"{name} of {self.__name__}") for name in self.numbers]
        return bound.args, tuple(plain)

    def _wanted_numbers(self, rule: Any) -> Sequence[str]:
        """The plain numbers that a rule takes."""
        expected = f"the rule of {self.__name__} must be a function of {', '.join(self.operands)} and the result"
        if not callable(rule):
            raise TypeError(f"{expected}, not {rule!r}")
        parameters = signature(rule).parameters
        takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        wanted = [name for name in self.numbers if takes_any or name in parameters]
        try:
            signature(rule).bind(*self.operands, "the result", **dict.fromkeys(wanted))
        except TypeError as error:
            raise TypeError(f"{expected}, not of {signature(rule)}: {error}") from None
        return wanted

    def _one_for_each(self, slopes: Any, count: int) -> Sequence[Any]:
        """The local derivatives that a rule returned, one for each operand."""
        if count == 1 and not isinstance(slopes, (tuple, list)):
            return (slopes,)
        if isinstance(slopes, (tuple, list)) and len(slopes) == count:
            return slopes
        found = f"a {type(slopes).__name__} of {len(slopes)}" if isinstance(slopes, (tuple, list)) else f"{slopes!r}"
        raise OperationError(
            f"the rule of {self.__name__} must return {count} number{'s' * (count != 1)}, one for each operand "
            f"({', '.join(self.operands)}), not {found}"
        )


@overload
def operation(function: Callable[P, Any], /) -> Operation[P]: ...
@overload
def operation(*, latex: str = "", symbol: str = "") -> Callable[[Callable[P, Any]], Operation[P]]: ...
def operation(function: Any = None, /, *, latex: str = "", symbol: str = "") -> Any:
    r"""Makes an operation of a function: on Values, it records one node with the name of the function.

    The function's positional arguments are the operands, any number of them; its keyword-only arguments are plain
    numbers, such as an exponent, which `Value.numbers` holds. It must return one number. The derivative is the one that
    `Operation.derivative` gives, or that of the formula.

    Written with the functions of `autograd`, it works on every kind of number and in every target of `compile`. If it
    calls plain Python, such as `math.gamma(x)`, it needs a rule, and the targets "python" and "numpy" run it.

    Arguments:
        function: a function with a name, made by `def`.
        latex: how it is written in LaTeX: a template such as `r"\lVert {x} \rVert_{p}"`, in which the name of an
            argument in braces stands for that argument; or, without an operand in braces, the name of the function. By
            default its name in upright letters.
        symbol: the text of its node in pictures, which may contain the plain numbers: "softplus {beta}". By default its
            name, and its plain numbers.

    Returns:
        An `Operation`, which is called like the function. Defining it again, as by running a notebook cell twice,
        replaces it; graphs recorded before keep the old one.

    Raises:
        TypeError: if it is not a function, an operand has a default, or there are `**` arguments.
        ValueError: if the name is that of a built-in operation, or the LaTeX has a brace that is not closed.

    >>> from autograd import Value, exp, grad, log
    >>> @operation(symbol="softplus {beta}")
    ... def sharp_softplus(x, *, beta=2.0):
    ...     return log(1.0 + exp(beta * x)) / beta
    >>> sharp_softplus(0.0, beta=1.0)
    0.6931471805599453
    >>> sharp_softplus(Value(0.0)).numbers, grad(sharp_softplus)(0.0)
    ((2.0,), 0.5)
    """
    if function is None:
        return lambda function: Operation(function, latex=latex, symbol=symbol)
    return Operation(function, latex=latex, symbol=symbol)


def known_operation(module: str, qualified_name: str) -> OperationName | None:
    """Returns the name of an operation that is defined in this process; None if it is not."""
    found = _OPERATIONS.get((module, qualified_name))
    return None if found is None else found._op


def _defined(module: str, qualified_name: str) -> Operation[Any]:
    """Returns the operation of a module, for unpickling.

    Raises:
        UnpicklingError: if it is not defined in this process.
    """
    if (module, qualified_name) not in _OPERATIONS and module not in modules:
        from contextlib import suppress
        from importlib import import_module

        with suppress(ImportError):  # pickle imports the module of a function, too
            import_module(module)
    found = _OPERATIONS.get((module, qualified_name))
    if found is None:
        raise UnpicklingError(
            f"the operation {qualified_name!r} of the module {module!r} is not defined: first run the cell, or import "
            "the module, that defines it"
        )
    return found


def _name_of(module: str, qualified_name: str) -> OperationName:
    return _defined(module, qualified_name)._op
