"""The training loop: sums over the samples of each minibatch, then the update of every parameter."""

from collections.abc import Callable
from typing import NamedTuple

from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import EMPTY_SUM, LANES
from autograd.compiler.llvm.accumulate import rolled_sums_kernel
from autograd.compiler.llvm.buffers import padded
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.jit import code_size, compiled
from autograd.compiler.llvm.kept import KEPT
from autograd.compiler.llvm.lower import InputLayout, Kernel, evaluate
from autograd.compiler.llvm.partition import scheduled
from autograd.compiler.llvm.reduce import sums_kernel
from autograd.compiler.llvm.registers import Condition, Double, Integer, Pointer
from autograd.compiler.llvm.vector import Vector
from autograd.compiler.reroll.accumulation import RolledSums

__all__ = ["LoopSpec", "compiled_loop"]


class LoopSpec(NamedTuple):
    """The computation of a training loop; equal ones share their machine code.

    Attributes:
        sample: the weighted routine of one sample, which computes the loss and its gradient with respect to every leaf;
            or its loops.
        layout: the order of its inputs.
        update: the routine of one parameter: from (w, gradient, states ..., uniform ...) to (w, states ...).
        states: the number of states of a parameter.
        columns: the number of a sample's inputs that are data; the others are dropout masks.
        gathers: whether the samples of each minibatch are copied to `inputs`; otherwise they are there from the start.
        kind: the type of the numbers of a block of samples.
    """

    sample: Routine | RolledSums
    layout: InputLayout
    update: Routine
    states: int
    columns: int
    gathers: bool
    kind: type[Vector]

    @property
    def masks(self) -> int:
        """The number of a sample's inputs that are dropout masks."""
        return self.layout.per_sample - self.columns

    @property
    def uniform(self) -> int:
        """The number of a step's inputs that are the same for every parameter."""
        return self.update.inputs - 2 - self.states


def compiled_loop(spec: LoopSpec) -> tuple[Callable[..., int], int]:
    """Returns the function that trains, and the number of doubles behind its pointer `work`.

    It takes the addresses (leaves, states, uniform, data, masks, order, inputs, work, gradient, losses) and the
    integers (samples, batch, start of the first minibatch, steps), and returns the number of steps that it made. It
    stops before an update whose loss or gradient is not finite, without changing the leaves.
    """

    def make() -> tuple[tuple[Callable[..., int], int], int]:
        sums, workspace = _sums_kernel(spec)
        (train,) = compiled(_train_function(spec, sums), optimized=True)
        return (train, workspace), code_size(train) + spec.sample.size

    return KEPT.get(spec, make)


def _sums_kernel(spec: LoopSpec) -> Kernel:
    if isinstance(spec.sample, RolledSums):
        return rolled_sums_kernel(spec.sample, spec.layout)
    return sums_kernel(spec.sample, spec.layout, spec.kind)


def _train_function(spec: LoopSpec, sums_of_samples: Function) -> Function:
    """The loop over steps. See `compiled_loop`."""
    pointers = "leaves", "states", "uniform", "data", "masks", "order", "inputs", "work", "gradient", "losses"
    integers = "samples", "batch", "start", "steps"
    function = Function("train", {**dict.fromkeys(pointers, Pointer), **dict.fromkeys(integers, Integer)}, Integer)
    leaves, states, uniform, data, masks, order, inputs, work, gradient, losses = function.arguments[: len(pointers)]
    samples, batch, first_start, steps = function.arguments[len(pointers) :]
    gather, clear, update = _gather_function(spec), _clear_function(), _update_function(spec)
    any_nonfinite = _any_nonfinite_function()
    sums = 1 + spec.layout.leaves
    with function.loop(steps) as step:
        epoch = step.carried(Integer(function, "0"))  # where the samples of the epoch start, in order and masks
        start = step.carried(first_start)
        count = (samples - start).minimum(batch)
        if spec.gathers:
            function.call(gather, data, masks.gep(epoch * spec.masks), order.gep(epoch + start), inputs, count)
        function.call(clear, gradient, sums)
        function.call(sums_of_samples, leaves, inputs, gradient, work, count)
        function.ret_if(function.call(any_nonfinite, gradient, sums), step.index)
        losses.store(gradient.load(Double, spec.layout.leaves), step.index)
        function.call(update, leaves, states, gradient, uniform.gep(step.index * spec.uniform), spec.layout.leaves)
        following = start + batch
        same_epoch = following < samples
        step.carry(start, same_epoch.where(following, 0))
        step.carry(epoch, same_epoch.where(epoch, epoch + samples))
    function.ret(steps)
    return function


def _gather_function(spec: LoopSpec) -> Function:
    """The function gather(data, masks, order, inputs, count), which copies the samples of a minibatch into blocks.

    Each sample gets its weight. The last sample is repeated with the weight 0 to fill the last block.
    """
    function = Function("gather", {**dict.fromkeys(("data", "masks", "order", "inputs"), Pointer), "count": Integer})
    data, masks, order, inputs, count = function.arguments
    lanes = spec.kind.lanes
    weight = Double.constant(function, 1.0) / count.to_double()
    with function.loop((count + (lanes - 1)) & -lanes) as sample:
        chosen = order.load(Integer, sample.index.minimum(count - 1))
        lane = sample.index & (lanes - 1)
        target = inputs.gep((sample.index - lane) * spec.layout.width + lane)
        for source, width, first in ((data, spec.columns, 0), (masks, spec.masks, spec.columns)):
            if width:
                row = source.gep(chosen * width)
                with function.loop(Integer(function, str(width))) as number:
                    target.store(row.load(Double, number.index), (number.index + first) * lanes)
        own = (sample.index < count).where(weight, Double.constant(function, 0.0))
        target.store(own, spec.layout.per_sample * lanes)
    function.ret()
    return function


def _clear_function() -> Function:
    """The function clear(totals, count), which sets totals to empty sums."""
    function = Function("clear", {"totals": Pointer, "count": Integer})
    totals, count = function.arguments
    with function.loop(count, LANES) as loop:
        totals.store(Vector.constant(function, EMPTY_SUM), loop.index)
    function.ret()
    return function


def _any_nonfinite_function() -> Function:
    """The function any_nonfinite(totals, count): inf and nan times 0 are nan, every other number times 0 is 0."""
    function = Function("any_nonfinite", {"totals": Pointer, "count": Integer}, Condition)
    totals, count = function.arguments
    with function.loop(count, LANES) as loop:
        before = loop.carried(Vector.constant(function, 0.0))
        check = before + totals.load(Vector, loop.index) * 0.0
        loop.carry(before, check)
    function.ret(check.is_nan().any())
    return function


def _update_function(spec: LoopSpec) -> Function:
    """The function update(leaves, states, gradient, uniform, count), which updates parameters, eight at a time."""
    pointers = "leaves", "states", "gradient", "uniform"
    function = Function("update", {**dict.fromkeys(pointers, Pointer), "count": Integer})
    leaves, states, gradient, uniform, count = function.arguments
    size = padded(spec.layout.leaves)
    with function.loop(count, LANES) as loop:

        def load(index: int) -> Vector:
            if index < 2:
                pointer: Pointer = (leaves, gradient)[index]
                return pointer.load(Vector, loop.index)
            if index < 2 + spec.states:
                number: Vector = states.load(Vector, loop.index + (index - 2) * size)
                return number
            return Vector.splat(uniform.load(Double, index - 2 - spec.states))

        instructions, results = spec.update.instructions, spec.update.results
        moved = dict(evaluate(function, instructions, scheduled(instructions, results), load))
        leaf, *further = results
        leaves.store(moved[leaf], loop.index)
        for slot, index in enumerate(further):
            states.store(moved[index], loop.index + slot * size)
    function.ret()
    return function
