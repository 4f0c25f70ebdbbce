"""A routine as the Python function that a person would write: it takes floats and returns the outputs as they are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.compiler.ir.routine import Routine
from autograd.compiler.source.python import PYTHON, python_calls
from autograd.compiler.source.text import function
from autograd.compiler.targets.python import FLOAT_FUNCTIONS
from autograd.compiler.trace.builder import Traced
from autograd.structure import Structure
from autograd.value import Value

__all__ = ["python_call"]

_MISSING = object()


def python_call(
    routine: Routine,
    arguments: Sequence[Structure],
    leaves: Sequence[Value],
    outputs: Structure,
    plain: Callable[..., Any],
) -> Callable[..., Any] | None:
    """Returns the function; None if an argument is not a number, or an output is in something else than a container.

    Arguments:
        routine: the instructions. All its results are outputs.
        arguments: the structures of the positional arguments.
        leaves: the Values whose numbers are the inputs after these.
        outputs: the structure of what is returned.
        plain: the function that is called if the arguments are not that many floats.
    """
    if any(structure.container is not None or structure.shape for structure in arguments):
        return None
    keys: list[Any] = []
    if _written(outputs, iter([""] * len(routine.results)), keys) is None:
        return None
    traced = Traced.unnamed(routine)
    head = _head(traced.names[: len(arguments)], traced.names[len(arguments) :])
    text = function(
        traced,
        PYTHON._replace(head=head),
        "program",
        lambda results: _written(outputs, iter(results), []) or "",
    )

    def handed_over(given: Sequence[Any], options: Mapping[str, Any]) -> Any:
        return plain(*[argument for argument in given if argument is not _MISSING], **options)

    namespace: dict[str, Any] = {**FLOAT_FUNCTIONS, **python_calls(routine)}
    namespace |= {"_handed_over": handed_over, "_missing": _MISSING, "_leaves": tuple(leaves), "_keys": keys}
    exec(compile(text, "<compiled graph>", "exec"), namespace)
    made: Callable[..., Any] = namespace["program"]
    return made


def _head(inputs: Sequence[str], leaves: Sequence[str]) -> str:
    """The lines before the computation: they read the leaves, and hand over whatever is not simple."""
    parameters = [*(f"{name}=_missing" for name in inputs), *["/"] * bool(inputs), "*others", "**options"]
    hand_over = f"return _handed_over(({''.join(f'{name}, ' for name in inputs)}*others,), options)"
    others = ["others", "options", *_not_floats(inputs)]
    lines = [f"def {{name}}({', '.join(parameters)}):", f"    if {' or '.join(others)}:", f"        {hand_over}"]
    lines += [f"    {name} = _leaves[{place}].data" for place, name in enumerate(leaves)]
    if leaves:
        lines += [f"    if {' or '.join(_not_floats(leaves))}:", f"        {hand_over}"]
    return "\n".join([*lines, ""])


def _not_floats(names: Sequence[str]) -> list[str]:
    return [f"type({name}) is not float" for name in names]


def _written(structure: Structure, results: Iterator[str], keys: list[Any]) -> str | None:
    """The expression of a structure of results, whose dicts take their keys from `keys`; None if there is none."""
    if structure.container is None:
        return None if structure.shape else next(results)
    if structure.container is type(None):
        return "None"
    first = len(keys)
    if structure.container is dict:
        keys += structure.keys
    items = [_written(branch, results, keys) for branch in structure.branches]
    if structure.container not in (tuple, list, dict) or None in items:
        return None
    if structure.container is dict:
        return "{" + ", ".join(f"_keys[{first + place}]: {item}" for place, item in enumerate(items)) + "}"
    listed = "".join(f"{item}, " for item in items)
    return f"({listed})" if structure.container is tuple else f"[{listed}]"
