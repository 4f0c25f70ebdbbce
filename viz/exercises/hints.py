"""Hints for a field of an exercise: the rule of each step that leads to its number, without the number."""

from autograd.notation.steps import backward_steps, forward_steps, steps_to_leaves
from viz.exercises.fields import Field, Question
from viz.text.steps import StepsTable

__all__ = ["hint_for"]


def hint_for(question: Question, field: Field) -> StepsTable:
    """Returns the hint for a field as text: for a value its operation, for a gradient the uses that contribute to it.

    >>> from autograd import Value
    >>> from viz.exercises.fields import question_of
    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> question = question_of((w * x).tanh(), "gradients")
    >>> hint_for(question, question.fields[0])
    't2 = tanh(t1), whose derivative with respect to t1 is 1.0 - t2 * t2: t1.grad += t2.grad * (1.0 - t2 * t2)'
    """
    if field.kind == "value":
        (line,) = [step.statement for step in forward_steps(question.root) if step.node is field.node]
        return StepsTable(line)
    statements = {step.node: step.statement for step in forward_steps(question.root)}
    name = question.names[field.node]
    lines = []
    for step in steps_to_leaves(backward_steps(question.root), constants=False):
        if step.operand is not field.node:
            continue
        if step.slot is None:
            lines.append("the derivative of the output with respect to itself")
        elif not step.is_product:
            lines.append(f"{statements[step.node]}, through a branch that was not taken, which passes nothing on")
        else:
            rule = f"{statements[step.node]}, whose derivative with respect to {name} is {step.formula}"
            lines.append(f"{rule}: {step.statement}")
    return StepsTable("\n".join(lines))
