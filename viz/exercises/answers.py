"""The answers that a student gives in a notebook, matched with the fields of an exercise."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.dispatch import real
from autograd.suggestions import nearest
from viz.exercises.fields import Field

__all__ = ["field_named", "matched"]


def matched(answers: Any, fields: Sequence[Field]) -> dict[Field, float]:
    """Returns the answer to each field that has one; None and `...` are places that are still empty.

    Arguments:
        answers: a dict by name, label or node; a list of all answers in order; or a number, if it is the only answer.
        fields: the fields.

    Raises:
        TypeError: if it is none of these, or an answer is not a real number.
        ValueError: if there are too few or too many answers in a list, or no field or two have a name.
    """
    if isinstance(answers, Mapping):
        pairs = [(field_named(name, fields), answer) for name, answer in answers.items()]
    else:
        pairs = list(zip(fields, _in_order(answers, fields), strict=True))
    given: dict[Field, float] = {}
    for field, answer in pairs:
        if answer is None or answer is ...:
            continue
        if field in given:
            raise ValueError(f"each answer must be given once, but {field.name} is given twice")
        number = None if isinstance(answer, (bool, Value)) else real(answer)
        if type(number) is not float:
            hint = "; give its number, such as w.grad" if isinstance(answer, Value) else ""
            raise TypeError(f"the answer {field.name} must be a real number, not {answer!r}{hint}")
        given[field] = number
    return given


def _in_order(answers: Any, fields: Sequence[Field]) -> list[Any]:
    if len(fields) == 1 and type(real(answers)) is float:
        return [answers]
    if isinstance(answers, (str, bytes)) or not isinstance(answers, Iterable):
        raise TypeError(
            f"answers must be a dict such as {{{fields[0].name!r}: 0.5}}, or a list of numbers in the order of .names, "
            f"not {answers!r}"
        )
    listed = list(answers)
    if len(listed) != len(fields):
        names = ", ".join(field.name for field in fields)
        raise ValueError(f"a list must have all {len(fields)} answers, in the order {names}; not {len(listed)}")
    return listed


def field_named(name: Any, fields: Sequence[Field]) -> Field:
    """Returns the field with a name such as "w.grad"; or "w", or the label or the node itself, if it has one field.

    Raises:
        TypeError: if the name is neither a string nor a Value.
        ValueError: if no field has it, or several have.
    """
    if not isinstance(name, (str, Value)):
        raise TypeError(f"the name of an answer must be a string such as {fields[0].name!r}, or a node, not {name!r}")
    for field in fields:
        if field.name == name and isinstance(name, str):
            return field
    if isinstance(name, Value):
        found = [field for field in fields if field.node is name]
    else:
        found = [field for field in fields if name in (_stem(field), field.node.label)]
    if len(found) == 1:
        return found[0]
    known = [field.name for field in found or fields]
    if found:
        raise ValueError(f"the name {name!r} must mean one number, but may be {' or '.join(known)}")
    near = nearest(name, known) if isinstance(name, str) else ""
    suggestion = f", did you mean {near!r}?" if near else "."
    raise ValueError(f"unknown answer {name!r}{suggestion} Known: {', '.join(known)}")


def _stem(field: Field) -> str:
    """The name of the node of a field."""
    return field.name.removesuffix(".grad") if field.kind == "gradient" else field.name
