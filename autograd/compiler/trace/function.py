"""Recording the graph of a function on symbols, where a branch on data raises an error."""

import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.compiler.trace.builder import Builder
from autograd.compiler.trace.symbol import TracingError
from autograd.contexts import call_on_inputs
from autograd.recording import outputs_of
from autograd.structure import Structure
from autograd.user_code import is_own
from autograd.value import Value

__all__ = ["Recorded", "record_on_symbols"]


class Recorded(NamedTuple):
    """The graph of a function.

    Attributes:
        inputs: a leaf for each number in its arguments.
        outputs: a Value for each number that it returned.
        structure: that of the outputs.
    """

    inputs: list[Value]
    outputs: list[Value]
    structure: Structure


def record_on_symbols(
    f: Callable[..., Any], names: Sequence[str], arranged: Callable[[Sequence[Value]], tuple[Any, Any]]
) -> Recorded:
    """Calls a function on symbols, and records its graph.

    Numbers would not do: a function that checks them would record the graph of one case for all.

    Arguments:
        f: the function.
        names: a name for each number in its arguments.
        arranged: returns the positional and the keyword arguments with these Values as numbers.

    Raises:
        TracingError: if the function branches on data; the message names the line.
        TypeError: if it does not return numbers.
        RecursionError: if it calls itself too deeply.
    """
    builder = Builder()
    inputs = [Value(builder.symbol(), name, role="input") for name in names]
    arguments, options = arranged(inputs)
    try:
        result = call_on_inputs(inputs, lambda: f(*arguments, **options))
    except TracingError as error:
        error.args = (f"{error}{_place(error)}",)
        raise
    except RecursionError:
        name = getattr(f, "__name__", "the function")
        raise RecursionError(
            f"{name} calls itself more deeply than Python's recursion limit, or without end, while it is compiled; "
            "use a loop"
        ) from None
    outputs, structure = outputs_of(result, f)
    return Recorded(inputs, outputs, structure)


def _place(error: BaseException) -> str:
    """The line of the user's own code that an error comes from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not is_own(frame.filename)]
    if not frames or frames[-1].filename.startswith("<__array_function__"):
        return ""
    frame = frames[-1]
    line = f": {frame.line}" if frame.line else ""
    return f" (line {frame.lineno} of {os.path.basename(frame.filename)}{line})"
