"""A routine as source code, one line per instruction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from autograd.compiler.ir.instruction import PythonCall
from autograd.compiler.source.language import Language
from autograd.compiler.trace.builder import Traced

__all__ = ["Source", "expression", "function", "source"]


class Source(NamedTuple):
    """A function as text, with the line that computes each instruction.

    Attributes:
        text: the function.
        lines: the number of the line, from 0, that computes each instruction, by its index in the routine.
        backward: the number of the line where the backward pass begins; None if there is none.
    """

    text: str
    lines: Mapping[int, int]
    backward: int | None


class _Body(NamedTuple):
    """The lines of a function up to its result, and the text that stands for each instruction after them."""

    lines: list[str]
    written: dict[int, str]
    line_of: dict[int, int]
    backward: int | None


def source(traced: Traced, language: Language, name: str = "program", taken: Collection[str] = ()) -> Source:
    """Writes the function that computes a routine.

    Arguments:
        traced: the routine, with identifiers as names. Results without a name are called t1, t2, ...
        language: the language to write it in.
        name: the name of the function.
        taken: names that no result gets that has none.

    Returns:
        The source of a function of the inputs. It returns a list of lists: the results and, if there are any, the
        gradients.
    """
    body, routine = _body(traced, language, name, taken), traced.routine
    lists = [
        f"[{', '.join(body.written[index] for index in indices)}]" for indices in (routine.results, routine.gradients)
    ]
    value = f"[{', '.join(lists)}]" if routine.gradients else lists[0]
    return Source(_text(body, value, language), body.line_of, body.backward)


def function(
    traced: Traced, language: Language, name: str, result: Callable[[Sequence[str]], str] = lambda results: results[0]
) -> str:
    """Writes a function that returns the only result of a routine as a number, not in a list.

    Arguments:
        traced: the routine, with identifiers as names.
        language: the language to write it in.
        name: the name of the function.
        result: writes something else that is returned, given the text of each result.
    """
    body = _body(traced, language, name)
    return _text(body, result([body.written[index] for index in traced.routine.results]), language)


def _body(traced: Traced, language: Language, name: str, reserved: Collection[str] = ()) -> _Body:
    routine, names, labels = traced[:3]
    written: dict[int, str] = dict(labels)
    inputs, taken = iter(names), {*names, *labels.values(), *reserved}
    free = (f"t{number}" for number in range(1, len(routine.instructions) + len(taken) + 1))
    lines = [language.head.format(name=name, arguments=", ".join(names))]
    line_of: dict[int, int] = {}
    backward = None
    for index, instruction in enumerate(routine.instructions):
        if index == routine.forward_length and routine.gradients:
            backward = len(lines)
            lines.append(language.comment.format(text="backward"))
        if instruction.op == "input":
            written[index] = next(inputs)
        elif instruction.op == "constant":
            number = language.literal(instruction.number)
            written[index] = f"({number})" if number.startswith("-") else number
        else:
            if index not in written:
                written[index] = next(name for name in free if name not in taken)
            value = expression(instruction.op, [written[operand] for operand in instruction.operands], language)
            line_of[index] = len(lines)
            lines.append(language.line.format(name=written[index], value=value))
    return _Body(lines, written, line_of, backward)


def _text(body: _Body, value: str, language: Language) -> str:
    return "".join([*body.lines, language.result.format(value=value), language.end])


def expression(op: str, operands: Sequence[str], language: Language) -> str:
    """Writes an operation.

    Arguments:
        op: the name of a primitive, or a call of a Python function.
        operands: the text of each operand.
        language: the language to write it in.

    Raises:
        NotImplementedError: for a call of a Python function, if the language cannot call it.
    """
    if isinstance(op, PythonCall) and not language.calls_python:
        raise op.refusal("JavaScript")
    template = language.operations.get(op)
    return template.format(*operands) if template else f"{op}({', '.join(operands)})"
