"""A routine as source code, one line an instruction, in Python or JavaScript."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.trace.trace import Routine

__all__ = ["JAVASCRIPT", "PYTHON", "Language", "source"]


class Language(NamedTuple):
    """How a language writes what differs from one to the other.

    Attributes:
        head: the first line of a function of {name} and {arguments}.
        line: a line that gives {name} to {value}.
        comment: a line that says {text}.
        result: the line that gives {value} back.
        end: what follows.
        operations: how operations are written that are no calls of a function of their name.
        literal: how a number is written.
        spread: what makes a list the arguments of a call.
        sums: the list of the sums, over the {rows}, of the numbers in the lists that {call} gives for each `row`.
    """

    head: str
    line: str
    comment: str
    result: str
    end: str
    operations: Mapping[str, str]
    literal: Callable[[float], str]
    spread: str
    sums: str


def _python_number(number: float) -> str:
    return repr(number) if math.isfinite(number) else f'float("{number}")'


def _javascript_number(number: float) -> str:
    return repr(number) if math.isfinite(number) else {"inf": "Infinity", "-inf": "-Infinity"}.get(str(number), "NaN")


_INFIX = {"add": "{} + {}", "subtract": "{} - {}", "multiply": "{} * {}", "negative": "-{}"}
PYTHON = Language(
    head="def {name}({arguments}):\n",
    line="    {name} = {value}\n",
    comment="    # {text}\n",
    result="    return {value}\n",
    end="",
    operations=_INFIX,
    literal=_python_number,
    spread="*",
    sums="[sum(column) for column in zip(*[sum({call}, []) for row in {rows}])]",
)
JAVASCRIPT = Language(
    head="function {name}({arguments}) {{\n",
    line="  const {name} = {value};\n",
    comment="  // {text}\n",
    result="  return {value};\n",
    end="}\n",
    operations={**_INFIX, "divide": "{} / {}", "select": "{} > 0 ? {} : {}"},
    literal=_javascript_number,
    spread="...",
    sums="{rows}.map((row) => {call}.flat()).reduce((sums, row) => sums.map((sum, place) => sum + row[place]))",
)


def source(
    routine: Routine, language: Language, inputs: Sequence[str], labels: Mapping[int, str], name: str = "program"
) -> str:
    """A function that computes a routine.

    Arguments:
        routine: what to compute.
        language: in which.
        inputs: the names of its inputs; identifiers.
        labels: the names of some other places; identifiers. The rest are t1, t2, ...
        name: of the function.

    Returns:
        The text. The function gives the list of the results, and if there are gradients also the list of those.
    """
    written: dict[int, str] = dict(labels)
    given, taken = iter(inputs), {*inputs, *labels.values()}
    free = (f"t{number}" for number in range(1, len(routine.instructions) + len(taken) + 1))
    lines = [language.head.format(name=name, arguments=", ".join(inputs))]
    for place, instruction in enumerate(routine.instructions):
        if place == routine.boundary and routine.gradients:
            lines.append(language.comment.format(text="backward"))
        if instruction.op == "input":
            written[place] = next(given)
        elif instruction.op == "constant":
            number = language.literal(instruction.number)
            written[place] = f"({number})" if number.startswith("-") else number
        else:
            if place not in written:
                written[place] = next(name for name in free if name not in taken)
            value = _written(instruction, [written[operand] for operand in instruction.operands], language)
            lines.append(language.line.format(name=written[place], value=value))
    listed = [
        "[" + ", ".join(written[place] for place in places) + "]" for places in (routine.results, routine.gradients)
    ]
    value = "[" + ", ".join(listed) + "]" if routine.gradients else listed[0]
    return "".join([*lines, language.result.format(value=value), language.end])


def _written(instruction: Instruction, operands: Sequence[str], language: Language) -> str:
    template = language.operations.get(instruction.op)
    return template.format(*operands) if template else f"{instruction.op}({', '.join(operands)})"
