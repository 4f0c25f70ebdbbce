"""Recording the graph of a function on symbols, where a branch on data raises an error."""

import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.compiler.trace.builder import Builder
from autograd.compiler.trace.symbol import Symbol, TracingError
from autograd.contexts import call_on_inputs
from autograd.graph import walk
from autograd.recording import outputs_of
from autograd.structure import Structure
from autograd.user_code import is_own
from autograd.value import Value

__all__ = ["Recorded", "record_on_symbols"]

_ADVICE = (
    "While a function is compiled, the numbers in its arguments are not known. Where it needs one, as an index or a "
    "count, bind it: compile functools.partial(f, n=3), or a lambda."
)


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

    @property
    def is_one_number(self) -> bool:
        """Whether the function returned a number, not a container or an array."""
        return self.structure.container is None and not self.structure.shape


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
    except (TypeError, ValueError, IndexError) as error:
        error.add_note(_ADVICE)
        raise
    except RecursionError:
        name = getattr(f, "__name__", "the function")
        raise RecursionError(
            f"{name} calls itself more deeply than Python's recursion limit, or without end, while it is compiled; "
            "use a loop"
        ) from None
    outputs, structure = outputs_of(result, f, "other data cannot be returned by a program")
    _check_leaves(outputs, inputs)
    return Recorded(inputs, outputs, structure)


def _check_leaves(outputs: Sequence[Value], inputs: Sequence[Value]) -> None:
    """Raises TracingError if the graph has lost an input: a number that was taken out of a Value, and put in again."""
    known = set(inputs)
    if any(isinstance(leaf.data, Symbol) and leaf not in known for leaf in walk(*outputs)[0]):
        raise TracingError(
            "a function that is compiled must not take .data out of a Value: its program would always use the number "
            "of the first call. Use detach() for the same number without a gradient"
        )


def _place(error: BaseException) -> str:
    """The line of the user's own code that an error comes from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not is_own(frame.filename)]
    if not frames or frames[-1].filename.startswith("<__array_function__"):
        return ""
    frame = frames[-1]
    line = f": {frame.line}" if frame.line else ""
    return f" (line {frame.lineno} of {os.path.basename(frame.filename)}{line})"
