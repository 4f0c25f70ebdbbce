"""Running the outputs of a routine: for one sample, for many, or summed over many."""

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from autograd.compiler.ir.routine import Routine
from autograd.compiler.targets.base import Floats, Target
from autograd.compiler.targets.make import make_call, make_target
from autograd.compiler.targets.rows import ReadsRows, Rows, rows_of
from autograd.numerics import np, npt
from autograd.structure import Structure
from autograd.validation import assigned_numbers
from autograd.value import Value

__all__ = ["Execution"]


class Execution:
    """Runs a routine, all of whose outputs are results. Of several equal ones one is computed, and of constants none.

    Arguments:
        routine: the instructions. Its inputs are those that may differ from sample to sample, those that are the same
            for all samples, and the numbers of the leaves.
        leaves: the Values whose `data` is read at each call.
        target: the name of the target.
        shared: the number of inputs that are the same for all samples.
    """

    def __init__(self, routine: Routine, leaves: Sequence[Value], target: str, shared: int = 0) -> None:
        self.routine = routine
        self.leaves = tuple(leaves)
        self.inputs = routine.inputs - len(leaves) - shared
        self._name = target
        computed = [index for index in routine.results if routine.instructions[index].op != "constant"]
        self._computed = tuple(dict.fromkeys(computed))
        self._target = make_target(target, routine._replace(results=self._computed), self.inputs)
        self._direct = self._target if isinstance(self._target, ReadsRows) else None
        self._of_shared: dict[tuple[int, ...], Execution] = {}

    @property
    def target(self) -> str:
        """The name of the target that runs it."""
        return self._target.name

    def one(self, numbers: Sequence[float]) -> Floats:
        """Returns the outputs for the inputs of one sample."""
        return self._spread(self._target.one(numbers, self._numbers())) if self._computed else self._constants.copy()

    def call(
        self, arguments: Sequence[Structure], outputs: Structure, plain: Callable[..., Any]
    ) -> Callable[..., Any] | None:
        """Returns a function that calls the program with the least effort; see `make_call`."""
        return make_call(self.target, self.routine, self.leaves, arguments, outputs, plain)

    def columns(self, arrays: tuple[Any, ...]) -> Rows | None:
        """Returns arrays, one for each input, as rows; None if that takes more than to find their numbers.

        They must be aligned arrays of doubles, each with one axis, all of one length.
        """
        return rows_of(arrays) if self._direct is None else self._direct.columns(arrays)

    def many(self, samples: Rows, shared: Sequence[float] = ()) -> Floats:
        """Returns the outputs of each sample (outputs × samples).

        Arguments:
            samples: the inputs that differ from sample to sample.
            shared: those that are the same for all samples.
        """
        if not self._computed:
            return np.repeat(self._constants[:, None], samples.count, axis=1)
        return self._spread(self._target.values(self._given(samples), self._numbers(shared)))

    def store(self, samples: Rows, shared: Sequence[float], outputs: Rows) -> None:
        """Stores the outputs of each sample in `outputs`; see `many`."""
        direct = self._direct if self._computed and self._rows is None else None
        if direct is not None and samples.may_be_read_while_written(outputs):
            direct.store(samples, self._numbers(shared), outputs)
        else:
            outputs.assign(self.many(samples, shared))

    def sums(self, samples: Rows, shared: Sequence[float] = ()) -> Floats:
        """Returns the sum of each output over the samples; see `many`."""
        if not self.routine.results:
            return np.empty(0)
        if self._direct_summing is not None:
            return self._direct_summing.totals(samples, self._numbers(shared))
        first, others = self._summing.sums(samples.table, self._numbers(shared))
        return np.concatenate(([first], others))

    def sharing(self, places: Sequence[int]) -> "Execution":
        """Returns the execution for samples that share the inputs at these places, which are then passed last."""
        if not places:
            return self
        key = tuple(places)
        if key not in self._of_shared:
            differing = [place for place in range(self.inputs) if place not in set(key)]
            routine = _with_inputs(self.routine, [*differing, *key])
            self._of_shared[key] = Execution(routine, self.leaves, self._name, len(key))
        return self._of_shared[key]

    @cached_property
    def _summing(self) -> Target:
        first, *others = self.routine.results
        return make_target(self._name, self.routine._replace(results=(first,), gradients=tuple(others)), self.inputs)

    @cached_property
    def _direct_summing(self) -> ReadsRows | None:
        return self._summing if isinstance(self._summing, ReadsRows) else None

    def _given(self, samples: Rows) -> Any:
        """The samples as the target takes them."""
        return samples.table if self._direct is None else samples

    def _spread(self, rows: Floats) -> Floats:
        """Returns all outputs, given those that are computed."""
        if self._rows is None:
            return rows
        places, of_places = self._rows
        outputs = np.empty((len(self._constants), *rows.shape[1:]))
        outputs[...] = self._constants if rows.ndim == 1 else self._constants[:, None]
        outputs[places] = rows[of_places]
        return outputs

    @cached_property
    def _constants(self) -> Floats:
        """The outputs that are constants; nan in the place of each other."""
        instructions = [self.routine.instructions[index] for index in self.routine.results]
        return np.array([i.number if i.op == "constant" else math.nan for i in instructions])

    @cached_property
    def _rows(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        """The places of the outputs that are computed, and of each its row; None if every row is one output in turn."""
        if self._computed == self.routine.results:
            return None
        row_of = {index: row for row, index in enumerate(self._computed)}
        places = [place for place, index in enumerate(self.routine.results) if index in row_of]
        return np.array(places), np.array([row_of[self.routine.results[place]] for place in places])

    def _numbers(self, shared: Sequence[float] = ()) -> Any:
        """The inputs that all samples share, and the numbers of the leaves."""
        numbers = None if self._direct is None else self._direct.numbers(self.leaves)
        if numbers is None:
            return [*shared, *assigned_numbers(self.leaves)]
        return np.concatenate([shared, numbers]) if len(shared) else numbers


def _with_inputs(routine: Routine, places: Sequence[int]) -> Routine:
    """Returns a routine that takes first the inputs at some places, in this order, and then what it took after them."""
    new = {old: index for index, old in enumerate(places)}
    instructions = tuple(
        instruction._replace(operands=tuple(new.get(operand, operand) for operand in instruction.operands))
        for instruction in routine.instructions
    )
    return routine._replace(instructions=instructions, results=tuple(new.get(old, old) for old in routine.results))
