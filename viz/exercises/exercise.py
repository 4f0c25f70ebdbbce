"""The exercise: a page with numbers to fill in, the sheet of it, and the check of answers in a notebook."""

import copy
import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from autograd import Value
from autograd.compiler.trace.trace import live_leaves
from autograd.graph import walk
from viz.exercises.answers import field_named, matched
from viz.exercises.fields import question_of
from viz.exercises.hints import hint_for
from viz.exercises.judging import MISTAKES, mistake_in
from viz.exercises.report import ExerciseReport
from viz.exercises.seeding import ATTEMPTS, LARGEST_SEED, LEAST, MOST, NUMBERS, draw_leaves
from viz.exercises.sheet import Sheet, drawn
from viz.labels import number
from viz.pages.graph_payload import GraphPayload, graph_payload
from viz.pages.language import language_of
from viz.pages.page import page
from viz.pages.showable import ShowablePage

__all__ = ["Exercise", "exercise"]


class Exercise(ShowablePage):
    """A graph with numbers to fill in. Notebooks show its page; `save` writes it to a file; `html` is its text.

    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> task = exercise((w * x).tanh(), hide=[w])
    >>> task.check({"w.grad": 3.0})
    0 of 1 right
      wrong: w.grad: 3.0 has the local derivative only; multiply it by the upstream gradient
    """

    def __init__(
        self, value: Value, hide: Any, seed: int | None, *, title: str, height: int, palette: str, lang: str
    ) -> None:
        super().__init__(title, "the computation graph", height, palette, lang)
        order = [node for nodes in walk(value) for node in nodes]
        root = copy.deepcopy(value)  # so that numbers drawn by a seed, and later changes of the graph, change nothing
        twins = dict(zip(order, (node for nodes in walk(root) for node in nodes), strict=True))
        self._question = question_of(root, _twins_of(hide, twins))
        self._nodes = twins
        variables = live_leaves(walk(root), [root], ())
        self._signs = [-1 if leaf.data < 0 else 1 for leaf in variables]
        self._seed = seed
        if seed is not None:
            draw_leaves(self._question, variables, seed)
        self._numbers = dict(zip(self._question.fields, self._question.numbers(), strict=True))
        for field, numbers in self._numbers.items():
            if not math.isfinite(numbers.truth):
                raise ValueError(
                    f"the answers of an exercise must be finite, but {field.name} is {numbers.truth}: give the leaves "
                    "other numbers, or a seed, as in seed=1"
                )

    @property
    def seed(self) -> int | None:
        """The seed of the numbers; None if they are those of the graph."""
        return self._seed

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numbers to fill in, in the order in which they can be computed."""
        return tuple(field.name for field in self._question.fields)

    @property
    def answers(self) -> dict[str, float]:
        """The right numbers by their names."""
        return {field.name: numbers.truth for field, numbers in self._numbers.items()}

    def check(self, answers: Any) -> ExerciseReport:
        """Checks answers, which may differ from the right numbers by 1 %: round to three significant digits or more.

        Arguments:
            answers: a dict by name, as in `{"w.grad": 0.5}`; the name, the label or the node itself is enough if one
                number is asked of it. Or a list of all answers in the order of `names`; or a number, if it is the only
                one. `None` and `...` are places that are still empty.

        Returns:
            A report, which is true only if all answers are given and right, and otherwise says what is wrong. nan is a
            wrong answer.

        Raises:
            TypeError: if an answer is not a real number, such as a text, or the answers are none of these.
            ValueError: if a list has not all answers, or a name is unknown, ambiguous or given twice.
        """
        fields = self._question.fields
        given = matched(self._by_name(answers), fields)
        wrong = {}
        for field, answer in given.items():
            if mistake := mistake_in(answer, self._numbers[field]):
                wrong[field.name] = f"{number(answer, 4)} {MISTAKES[mistake]}"
        return ExerciseReport(
            right=tuple(field.name for field in given if field.name not in wrong),
            wrong=wrong,
            missing=tuple(field.name for field in fields if field not in given),
        )

    def hint(self, name: "str | Value") -> str:
        """Returns a hint for a number: the operations that lead to it, and their rules, without the number.

        Arguments:
            name: as in the answers for `check`.

        Raises:
            TypeError: if the name is neither a string nor a Value.
            ValueError: if nothing to fill in has the name, or several have.

        >>> w, x = Value(0.5, "w"), Value(3.0, "x")
        >>> print(exercise((w * x).tanh()).hint("w"))
        t1 = w * x, whose derivative with respect to w is x: w.grad += t1.grad * x
        """
        return hint_for(self._question, field_named(self._own(name), self._question.fields))

    def sheet(self, *, key: bool = False) -> Sheet:
        """Makes the sheet to print: the graph, and tables to fill in with a pen.

        Arguments:
            key: whether it has the answers, with the chain rule that leads to each gradient.

        Returns:
            A page that notebooks show; `.save("sheet.html")` writes it, and a browser prints it.
        """
        return Sheet(self._question, self.title, self._seed, key=key, lang=self._language.code)

    def save_sheet(self, path: str | Path, *, key: bool = False) -> Path:
        """Writes the sheet to a file, such as "sheet.html"; see `sheet`.

        Raises:
            RenderError: if the name does not end with .html, or the file cannot be written.
        """
        return self.sheet(key=key).save(path)

    @cached_property
    def html(self) -> str:
        """The page: one HTML document that needs no other file, network or server."""
        return page(
            "exercise",
            self.title,
            self._data(),
            self._payload.javascript,
            palette=self._palette,
            language=self._language,
            controls="exercise_controls",
            styles=("math", "paper"),
        )

    @cached_property
    def _payload(self) -> GraphPayload:
        return graph_payload(self._question.root)

    def _data(self) -> dict[str, Any]:
        """The data of the page: no number of an answer, nor the listing, which would tell those that are constant."""
        question, data = self._question, self._payload.data
        index = {node: place for place, node in enumerate(node for nodes in walk(question.root) for node in nodes)}
        hidden = {"code", "lines"}
        steps = [
            {key: entry for key, entry in step.items() if key not in hidden or (key == "code" and "slot" not in step)}
            for step in (*data["forward"], *data["backward"])
        ]
        count = len(data["forward"])
        return {key: entry for key, entry in data.items() if key not in ("code", "comment")} | {
            "forward": steps[:count],
            "backward": steps[count:],
            "exercise": {
                "fields": [
                    {"name": field.name, "kind": field.kind, "node": index[field.node]} for field in question.fields
                ],
                "seed": self._seed,
                "mistakes": {name: self._language.words(f"{{0}} {text}.", "{0}") for name, text in MISTAKES.items()},
                "drawing": {
                    "numbers": NUMBERS,
                    "attempts": ATTEMPTS,
                    "signs": self._signs,
                    "least": LEAST,
                    "most": MOST,
                    "largestSeed": LARGEST_SEED,
                },
            },
        }

    def picture(self) -> bytes:
        """The graph with blanks, as PNG."""
        return drawn(self._question, key=False).render("png")

    def _own(self, name: Any) -> Any:
        """The node of the exercise for a node of the graph that it was made of; other names as they are."""
        return self._nodes.get(name, name) if isinstance(name, Value) else name

    def _by_name(self, answers: Any) -> Any:
        if not isinstance(answers, Mapping):
            return answers
        return {self._own(name): answer for name, answer in answers.items()}

    def __repr__(self) -> str:
        count = len(self._question.fields)
        return f"<exercise with {count} number{'s' * (count != 1)} to fill in; .save('page.html') writes it>"


def _twins_of(hide: Any, twins: dict[Value, Value]) -> Any:
    """The nodes of the copied graph that `hide` means, if it is a list of nodes."""
    if isinstance(hide, (str, Value)) or not isinstance(hide, Iterable):
        return hide
    return [twins.get(node, node) if isinstance(node, Value) else node for node in hide]


def exercise(
    value: Value,
    *,
    hide: Any = "gradients",
    seed: int | None = None,
    title: str | None = None,
    height: int = 760,
    palette: str = "auto",
    lang: str = "en",
) -> Exercise:
    """Makes an exercise of the graph below a value: numbers to fill in, on a page, on paper or in a notebook.

    The page shows the graph with a field for each number that is hidden. It computes the right numbers with the program
    that the compiler makes of the graph, says which mistake a wrong answer is likely to come from, gives hints from the
    rules of the operations, and draws new numbers by a seed. A seed means the same numbers in Python and on the page.
    In class, the key P presents one question at a time in large type.

    The answers are not written in the page, but it computes them: hiding them is a courtesy, not a lock. The graph is
    copied and never changed.

    Arguments:
        value: the output of a graph of floats.
        hide: what to fill in. "gradients": those of all nodes but the output, whose gradient is given; "values": those
            of all operations; "both"; or a list of nodes whose gradients are hidden, while all else is given.
        seed: None for the numbers that the leaves have now; an integer from 0 draws multiples of a half from −3 to 3
            such that answers, as far as possible, are from 0.02 to 100 in size. Constants stay.
        title: the heading; by default made from the label of the value.
        height: the height of the page in a notebook, in CSS pixels.
        palette: "light", "dark", or "auto" for the theme of the notebook, and in a file that of the viewer's system.
        lang: the language of the page and the sheet, as for `viz.explore`.

    Returns:
        An exercise. `.save("page.html")` writes the page and `.save_sheet("sheet.html", key=False)` the sheet to print;
        `.check(answers)` checks the answers of a notebook, `.hint(name)` helps, ``.names`` lists what to fill in, and
        `.answers` has the right numbers.

    Raises:
        TypeError: if an argument has the wrong type, or a node carries something other than a float.
        ValueError: if an argument is out of range, there is no such language, a hidden node receives no gradient, there
            is nothing to fill in, or an answer would not be finite.
        GraphTooLargeError: if there were more than 100 numbers to fill in; the message says what to do.

    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> task = exercise((w * x).tanh())
    >>> task
    <exercise with 3 numbers to fill in; .save('page.html') writes it>
    >>> task.check({"t1": 0.181, "w": 0.542, "x": -0.0903})
    2 of 3 right
      right: t1.grad, w.grad
      wrong: x.grad: −0.0903 has the wrong sign
    """
    if not isinstance(value, Value):
        raise TypeError(f"exercise takes a Value, not {value!r}")
    if seed is not None and (type(seed) is not int or not 0 <= seed <= LARGEST_SEED):
        raise ValueError(f"seed must be None or an integer from 0 to {LARGEST_SEED:,}, not {seed!r}")
    if title is None or title == "":
        words = language_of(lang).words
        title = (
            words("Exercise: the graph of {0}", value.label) if value.label else words("Exercise: a computation graph")
        )
    return Exercise(value, hide, seed, title=title, height=height, palette=palette, lang=lang)
