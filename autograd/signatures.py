"""What a function must be to become an operation of graphs: checks of its name, its arguments and how it is written."""

from collections.abc import Callable
from inspect import signature
from keyword import iskeyword
from typing import Any

from autograd import functions
from autograd.validation import plain_number

__all__ = ["checked_latex", "checked_name", "checked_text", "operands_and_numbers"]

_BUILT_IN = frozenset((*functions.__all__, *functions.OTHER_NAMES))


def checked_name(function: Any) -> str:
    """Returns the name of a function that is to become an operation.

    Raises:
        TypeError: if it is not a function with a name.
        ValueError: if a built-in operation has that name.
    """
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"an operation must be a function, not {function!r}")
    name = getattr(function, "__name__", "")
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name):
        raise TypeError(f"an operation must be a function with a name, made by def, not {function!r}")
    if name in _BUILT_IN:
        raise ValueError(f"{name!r} is the name of a built-in operation; give the function another name")
    return name


def operands_and_numbers(function: Callable[..., Any], name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the names of the operands, and those of the plain numbers.

    Raises:
        TypeError: if there is no operand, one has a default, or a default of a plain number is not one.

    >>> operands_and_numbers(lambda x, y, *, p=2.0: ..., "p_norm")
    (('x', 'y'), ('p',))
    """
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        raise TypeError(f"{name} has no signature: make an operation of a function that calls it") from None
    operands, numbers = [], []
    for parameter in parameters:
        default = parameter.default
        if parameter.kind is parameter.VAR_KEYWORD:
            raise TypeError(f"a plain number of {name} must be a keyword-only argument, not one of **{parameter.name}")
        if parameter.kind is parameter.KEYWORD_ONLY:
            numbers.append(parameter.name)
            if default is not parameter.empty:
                plain_number(default, f"the default of {parameter.name} of {name}")
        elif default is parameter.empty:
            operands.append(parameter.name)
        else:
            raise TypeError(
                f"the operand {parameter.name} of {name} must have no default, not {default!r}; if it is a plain "
                "number, make it keyword-only by a * before it"
            )
    if not operands:
        raise TypeError(f"{name} must have a positional argument, its operand, not only {signature(function)}")
    return tuple(operands), tuple(numbers)


def checked_latex(latex: Any, name: str) -> Any:
    r"""Returns LaTeX whose braces, and whose \left and \right, are in pairs.

    Raises:
        TypeError: if it is not a string.
        ValueError: if they are not in pairs.
    """
    depth = 0
    for character in checked_text("latex", latex).replace(r"\\", "").replace(r"\{", "").replace(r"\}", ""):
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    unpaired = _count(latex, r"\left") - _count(latex, r"\right")
    if depth or unpaired:
        what = r"\left and \right" if unpaired else "braces"
        raise ValueError(f"the latex of {name} must have {what} in pairs, not {latex!r}")
    return latex


def _count(latex: str, command: str) -> int:
    """How often a command occurs, not counting those whose name is longer."""
    return sum(not piece[:1].isalpha() for piece in latex.split(command)[1:])


def checked_text(what: str, text: Any) -> Any:
    """Returns a string.

    Raises:
        TypeError: if it is not one; the message calls it `what`.
    """
    if not isinstance(text, str):
        raise TypeError(f"{what} must be a string, not {text!r}")
    return text
