"""The output of a model as a list, whether it is one Value or several."""

from typing import Any

from autograd import Value
from autograd.compiler.trace.symbol import Symbol, TracingError
from autograd.numerics import np

__all__ = ["as_list", "checked_output", "nested_values", "values_of"]


def as_list(output: Any) -> list[Value]:
    """Returns the output of a module as a list, even if it is a single Value.

    >>> as_list(Value(1.0))
    [Value(1.0)]
    """
    return output if isinstance(output, list) else [output]


def nested_values(numbers: Any) -> Any:
    """Returns the numbers in nested lists, or a single one, as new Values.

    >>> nested_values([[1.0], [2.0]])
    [[Value(1.0)], [Value(2.0)]]
    """
    return [nested_values(number) for number in numbers] if isinstance(numbers, list) else Value(numbers)


def values_of(output: Any) -> list[Value]:
    """Returns the Values in the output of a model that is traced: one, or those of a list, a tuple or an array.

    Raises:
        TracingError: if there is anything else in it.

    >>> values_of((Value(1.0), Value(2.0)))
    [Value(1.0), Value(2.0)]
    """
    values = _items(output)
    if not all(isinstance(value, Value) for value in values):
        raise TracingError("the outputs of a model must be Values, in a list, a tuple or an array of one axis")
    return values


def checked_output(output: Any) -> Any:
    """Returns the output of a model whose training is traced.

    Raises:
        TracingError: if the loss would not depend on the parameters, or not as it does in eager execution.
    """
    items = _items(output)
    if any(isinstance(item, Symbol) for item in items) or not any(isinstance(item, Value) for item in items):
        raise TracingError("the outputs of a model must be Values, not the numbers in their data")
    return output


def _items(output: Any) -> list[Any]:
    return list(output) if isinstance(output, (list, tuple, np.ndarray)) else [output]
