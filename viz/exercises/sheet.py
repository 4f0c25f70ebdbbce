"""The sheet of an exercise: the graph and tables to fill in with a pen, or the same with the key."""

import copy
import html
from collections.abc import Sequence
from functools import cached_property
from string import Template
from typing import Any

from autograd import Value, topological_order
from autograd.notation.characters import visible
from autograd.notation.steps import BackwardStep, backward_steps, forward_steps, steps_to_leaves
from viz.exercises.fields import Question
from viz.labels import number, product
from viz.pages.page import asset
from viz.pages.showable import ShowablePage
from viz.pictures.arrangement import arrange
from viz.pictures.drawing import Drawing, draw

__all__ = ["Sheet", "drawn"]

_DIGITS = 4
_MOST_BOXES = 1_000
_WIDTH, _HEIGHT = 688.0, 850.0  # CSS pixels of A4 between its margins, and without the heading
_PAD = 11.0  # pixels around a picture
_LINE = 10 * "_"  # to write on: 2 cm or more of a sheet
_LEAST_SCALE = 0.78  # at which the text of a picture has 7 points


class Blank:
    """What stands in a picture in place of a number that is to be filled in."""

    def __repr__(self) -> str:
        return _LINE


class Sheet(ShowablePage):
    """A sheet to print, as a page without scripts. Notebooks show it; `save` writes it; `html` is its text.

    Arguments:
        question: the graph, and what is left blank.
        title: the heading.
        seed: the seed of its numbers, which the sheet names; None if they are not drawn.
        key: whether it has the answers.
        height: the height in a notebook, in CSS pixels.
        lang: the code of its language.
    """

    def __init__(
        self, question: Question, title: str, seed: int | None, *, key: bool, height: int = 760, lang: str = "en"
    ) -> None:
        super().__init__(title, "the computation graph", height, "light", lang)
        self._question = question
        self._seed = seed
        self._key = key

    @cached_property
    def html(self) -> str:
        """The sheet: one HTML document that needs no other file, network or server."""
        words = self._language.words
        seed = "" if self._seed is None else f"<span>{words('numbers of seed {0}', self._seed)}</span>"
        name = "" if self._key else f'<span class="write">{words("name")}</span>'
        return Template(self._language.page(asset("exercise_sheet.html"))).substitute(
            lang=self._language.code,
            title=_text(words("{0}: key", self.title) if self._key else self.title),
            subtitle=name + seed,
            picture=_without_declaration(_for_paper(self._question, key=self._key).render("svg").decode()),
            tables=self._forward_table() + self._backward_table(),
        )

    def _forward_table(self) -> str:
        words, question = self._language.words, self._question
        asked = set() if self._key else {field.node for field in question.fields if field.kind == "value"}
        rows = [
            [_code(step.statement), "" if step.node in asked else number(step.data, _DIGITS)]
            for step in forward_steps(question.root)
        ]
        return _table(words("Forward pass"), [words("operation"), words("value")], rows)

    def _backward_table(self) -> str:
        """The gradients, with the chain rule in the key, and with room for it otherwise."""
        words, question, key = self._language.words, self._question, self._key
        if not question.gradients_given:
            return ""
        steps: dict[Value, list[BackwardStep]] = {}
        for step in steps_to_leaves(backward_steps(question.root), constants=False):
            steps.setdefault(step.operand, []).append(step)
        asked = set() if key else {field.node for field in question.fields if field.kind == "gradient"}
        rows = []
        for node in question.receivers:
            shown = [f"<div>{_code(step.statement)}{_product(step)}</div>" for step in steps[node]] if key else []
            result = "" if node in asked else number(steps[node][-1].gradient, _DIGITS)
            rows.append([_code(f"{question.names[node]}.grad"), "".join(shown), result])
        return _table(words("Backward pass"), [words("gradient of"), words("chain rule"), words("gradient")], rows)

    def picture(self) -> bytes:
        """The graph of the sheet, as PNG."""
        return drawn(self._question, key=self._key).render("png")

    def __repr__(self) -> str:
        return f"<sheet {'with the key' * self._key or 'to fill in'}; .save('sheet.html') writes it>"


def drawn(question: Question, *, key: bool, direction: str = "LR") -> Drawing:
    """Draws the graph of a question, with blanks in place of what is asked for unless it is the key."""
    order = topological_order(question.root)
    twins = dict(zip(order, topological_order(copy.deepcopy(question.root)), strict=True))
    asked = set() if key else {(field.kind, field.node) for field in question.fields}
    gradients = {use.operand: use.gradient for use in question.uses()} if question.gradients_given else {}
    blank: Any = Blank()
    for node, twin in twins.items():
        twin.label = node.label or question.names.get(node, "")
        if node in gradients:
            twin.grad = blank if ("gradient", node) in asked else gradients[node]
        if ("value", node) in asked:
            twin.data = blank
    return draw(
        twins[question.root],
        direction=direction,
        hide_constants=True,
        depth=_MOST_BOXES,
        limit=_MOST_BOXES,
        precision=_DIGITS,
        palette="light",
    )


def _for_paper(question: Question, *, key: bool) -> Drawing:
    """The drawing from left to right; from top to bottom if its text is larger so, and would be too small otherwise.

    A sheet and its key have the same direction.
    """

    def scale(direction: str) -> float:
        return min(_scale(drawn(question, key=with_key, direction=direction)) for with_key in (False, True))

    across = scale("LR")
    direction = "LR" if across >= _LEAST_SCALE or across >= scale("TB") else "TB"
    return drawn(question, key=key, direction=direction)


def _scale(drawing: Drawing) -> float:
    """The scale at which all of a drawing fits on a sheet."""
    arranged = arrange(drawing._document)
    width, height = arranged.layout.width + 2 * arranged.beside, arranged.height
    return min(1.0, _WIDTH / (width + 2 * _PAD), _HEIGHT / (height + 2 * _PAD))


def _product(step: BackwardStep) -> str:
    if step.slot is None:
        return ""
    numbers = (step.upstream, step.local_derivative, step.contribution)
    return f' <span class="product">{_text(product(*numbers, _DIGITS))}</span>'


def _table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, whose cells are HTML."""
    headings = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{caption}</caption><thead><tr>{headings}</tr></thead><tbody>{body}</tbody></table>"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    return html.escape("".join(map(visible, text)))


def _without_declaration(svg: str) -> str:
    """The element of an SVG file."""
    return svg[svg.index("<svg") :]
