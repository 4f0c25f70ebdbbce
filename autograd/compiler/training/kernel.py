"""The steps of a training as machine code: sums over the samples of a minibatch, then the update of every parameter."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import EMPTY_SUM as START
from autograd.compiler.llvm.builder import Function, Integer, double
from autograd.compiler.llvm.jit import Library
from autograd.compiler.llvm.lower import Rows, emit
from autograd.compiler.llvm.reduce import sums_code
from autograd.compiler.llvm.vector import DOUBLES, LANES, Vector, any_lane, constant, load, padded, splat, store

__all__ = ["Kernel", "descent"]


class Kernel(NamedTuple):
    """What `descent` makes the loop for; equal ones share their machine code.

    Attributes:
        routine: of one sample, weighted: the loss, and its gradient by every leaf.
        rows: which of its inputs are which.
        update: of one parameter: from (w, gradient, states ..., uniform ...) to (w, states ...).
        slots: how many states a parameter has.
        source: how many of a sample's inputs come from the samples; the others from masks.
        gathers: whether the samples of each minibatch are to be fetched, or lie there from the beginning.
    """

    routine: Routine
    rows: Rows
    update: Routine
    slots: int
    source: int
    gathers: bool

    @property
    def uniform(self) -> int:
        """How many numbers of a step are the same for every parameter."""
        return self.update.inputs - 2 - self.slots


@lru_cache(maxsize=64)
def descent(kernel: Kernel) -> tuple[Callable[..., int], int]:
    """The function that trains, and how many doubles it is handed to work in. It gives the number of steps it made.

    It takes the addresses (leaves, states, uniform, source, masks, order, inputs, work, gradient, losses) and the
    integers (samples, batch, where the first minibatch begins, steps). Before each update it looks whether loss and
    gradient are finite, and returns if they are not, the leaves as they were.
    """
    sums = sums_code(kernel.routine, kernel.rows)
    functions = [
        *sums.functions,
        _clear_function(),
        _leaves_finite_function(),
        _update_function(kernel),
        _train_function(kernel),
    ]
    if kernel.gathers:
        functions.append(_gather_function(kernel))
    return Library(functions).function("train", 14), sums.memory


def _train_function(kernel: Kernel) -> Function:
    """The loop over steps; `descent` tells what it takes and gives."""
    pointers = "leaves", "states", "uniform", "source", "masks", "order", "inputs", "work", "gradient", "losses"
    integers = "samples", "batch", "start", "steps"
    arguments = [*(f"ptr %{name}" for name in pointers), *(f"i64 %{name}" for name in integers)]
    function = Function("train", arguments, "i64", linkage="")
    samples, batch, first_start, steps = (Integer(function, f"%{name}") for name in integers)
    sums = 1 + kernel.rows.leaves
    with function.loop(steps) as step:
        epoch = Integer(function, step.carried("i64", 0))  # where the samples of the epoch begin, in order and masks
        start = Integer(function, step.carried("i64", first_start))
        count = (samples - start).minimum(batch)
        if kernel.gathers:
            masks = function.at("%masks", epoch * (kernel.rows.samples - kernel.source))
            chosen = function.at("%order", epoch + start)
            function.do(f"call void @gather(ptr %source, ptr {masks}, ptr {chosen}, ptr %inputs, i64 {count})")
        function.do(f"call void @clear(ptr %gradient, i64 {sums})")
        function.do(f"call void @sums(ptr %leaves, ptr %inputs, ptr %gradient, ptr %work, i64 {count})")
        function.give_if(function.emit(f"call i1 @leaves_finite(ptr %gradient, i64 {sums})"), step.index)
        loss = function.emit(f"load double, ptr {function.at('%gradient', kernel.rows.leaves)}")
        function.do(f"store double {loss}, ptr {function.at('%losses', step.index)}")
        uniform = function.at("%uniform", step.index * kernel.uniform)
        moved = f"ptr %leaves, ptr %states, ptr %gradient, ptr {uniform}"
        function.do(f"call void @update({moved}, i64 {kernel.rows.leaves})")
        following = start + batch
        more = following < samples
        step.carry(start.name, function.emit(f"select i1 {more}, i64 {following}, i64 0"))
        step.carry(epoch.name, function.emit(f"select i1 {more}, i64 {epoch}, i64 {epoch + samples}"))
    function.give(steps)
    return function


def _gather_function(kernel: Kernel) -> Function:
    """gather(source, masks, order, inputs, count): lays the samples of a minibatch out in blocks, with their weights.

    The last block is filled by repeating the last sample, with the weight 0.
    """
    pointers = "source", "masks", "order", "inputs"
    function = Function("gather", [*(f"ptr noalias %{name}" for name in pointers), "i64 %count"])
    count = Integer(function, "%count")
    weight = function.emit(f"fdiv double {double(1.0)}, {count.double()}")
    with function.loop((count + (LANES - 1)) & -LANES) as sample:
        place = sample.index.minimum(count - 1)
        chosen = function.integer(f"load i64, ptr {function.at('%order', place)}")
        lane = sample.index & (LANES - 1)
        to = function.at("%inputs", (sample.index - lane) * kernel.rows.width + lane)
        masks = kernel.rows.samples - kernel.source
        for source, width, first in (("%source", kernel.source, 0), ("%masks", masks, kernel.source)):
            if width:
                row = function.at(source, chosen * width)
                with function.loop(width) as number:
                    copied = function.emit(f"load double, ptr {function.at(row, number.index)}")
                    function.do(f"store double {copied}, ptr {function.at(to, (number.index + first) * LANES)}")
        own = function.emit(f"select i1 {sample.index < count}, double {weight}, double {double(0.0)}")
        function.do(f"store double {own}, ptr {function.at(to, kernel.rows.samples * LANES)}")
    function.give()
    return function


def _clear_function() -> Function:
    """clear(totals, count): lets sums begin."""
    function = Function("clear", ["ptr noalias %totals", "i64 %count"])
    with function.loop("%count", LANES) as loop:
        store(constant(function, START), "%totals", loop.index)
    function.give()
    return function


def _leaves_finite_function() -> Function:
    """leaves_finite(totals, count): whether one of them is inf or nan; times 0 it is nan, and any other is 0."""
    function = Function("leaves_finite", ["ptr noalias %totals", "i64 %count"], "i1")
    with function.loop("%count", LANES) as loop:
        before = Vector(function, loop.carried(DOUBLES, constant(function, 0.0)))
        check = before + load(function, "%totals", loop.index) * 0.0
        loop.carry(before.name, check)
    function.give(any_lane(check.is_nan()))
    return function


def _update_function(kernel: Kernel) -> Function:
    """update(leaves, states, gradient, uniform, count): moves eight parameters at a time."""
    pointers = "leaves", "states", "gradient", "uniform"
    function = Function("update", [*(f"ptr noalias %{name}" for name in pointers), "i64 %count"])
    size = padded(kernel.rows.leaves)
    with function.loop("%count", LANES) as loop:

        def given(place: int) -> Vector:
            if place < 2:
                return load(function, ("%leaves", "%gradient")[place], loop.index)
            if place < 2 + kernel.slots:
                return load(function, "%states", loop.index + (place - 2) * size)
            return splat(function, "%uniform", place - 2 - kernel.slots)

        moved: dict[int, Vector] = {}
        instructions, results = kernel.update.instructions, kernel.update.results
        emit(function, instructions, range(len(instructions)), results, given, moved.__setitem__)
        leaf, *states = kernel.update.results
        store(moved[leaf], "%leaves", loop.index)
        for slot, place in enumerate(states):
            store(moved[place], "%states", loop.index + slot * size)
    function.give()
    return function
