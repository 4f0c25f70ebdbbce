"""The epoch loop as machine code: sums over the samples of a minibatch, then the update of every parameter."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from autograd.compiler.codegen import Library, Rows, emit, load_vector, loop, padded, splat, store_vector, sums_function
from autograd.compiler.ir import BITS, DOUBLES, LANES, Block, Vector
from autograd.compiler.tracing import Routine

__all__ = ["Kernel", "descent"]


class Kernel(NamedTuple):
    """What `descent` makes the loop for; equal ones share their machine code.

    Attributes:
        routine: of one sample, weighted: the loss, and its gradient by every leaf.
        rows: which of its inputs are which.
        update: of one parameter: from (w, gradient, states ..., uniform ...) to (w, states ...).
        slots: how many states a parameter has.
        source: how many of a sample's inputs come from the samples; the others from masks.
    """

    routine: Routine
    rows: Rows
    update: Routine
    slots: int
    source: int

    @property
    def uniform(self) -> int:
        """How many numbers of a step are the same for every parameter."""
        return self.update.inputs - 2 - self.slots


@lru_cache(maxsize=64)
def descent(kernel: Kernel) -> Callable[..., int]:
    """The function that trains: it gives the number of steps it has made.

    It takes the addresses (leaves, states, uniform, source, masks, order, inputs, sums, gradient, losses) and the
    integers (samples, batch, epochs, whether to gather). Before each update it looks whether loss and
    gradient are finite, and returns if they are not, the leaves as they were.
    """
    sums, sums_block = sums_function(kernel.routine, kernel.rows)
    update, update_block = _update_function(kernel)
    library = Library(
        [sums, update, _reduce_function(1 + kernel.rows.leaves), _gather_function(kernel), _train_function(kernel)],
        sums_block.declared | update_block.declared | {f"declare i1 @llvm.vector.reduce.or.v{LANES}i1({BITS})"},
        {instruction.op for instruction in (*kernel.routine.instructions, *kernel.update.instructions)},
    )
    return library.function("train", 14)


def _update_function(kernel: Kernel) -> tuple[str, Block]:
    """(leaves, states, gradient, uniform, parameters): moves eight parameters at a time."""
    block = Block()
    size = padded(kernel.rows.leaves)

    def given(number: int) -> Vector:
        if number < 2:
            return load_vector(block, ("%w", "%g")[number], 0)
        if number < 2 + kernel.slots:
            return load_vector(block, "%s", (number - 2) * size // LANES)
        return splat(block, "%uniform", number - 2 - kernel.slots)

    moved: dict[int, Vector] = {}
    emit(block, kernel.update, given, moved.__setitem__)
    for row, place in enumerate(kernel.update.results):
        if row == 0:
            store_vector(block, moved[place], "%w", 0)
        else:
            store_vector(block, moved[place], "%s", (row - 1) * size // LANES)
    pointers = {"%w": ("%leaves", 1), "%s": ("%states", 1), "%g": ("%gradient", 1)}
    return loop("update", "ptr %leaves, ptr %states, ptr %gradient, ptr %uniform", block, pointers), block


def _reduce_function(rows: int) -> str:
    """(sums, gradient): adds up the lanes of each sum, in a fixed order, and clears them; 0 if all are finite.

    Eight sums at a time: adding the even lanes of two vectors to the odd ones halves them, and three times that
    leaves one vector with the eight totals. A finite number times 0 is 0, any other nan.
    """
    block = Block()
    vectors = [load_vector(block, "%s", row) for row in range(LANES)]
    while len(vectors) > 1:
        vectors = [_halved(block, *pair) for pair in zip(vectors[::2], vectors[1::2], strict=True)]
    for row in range(LANES):
        store_vector(block, block.vector(0.0), "%s", row)
    store_vector(block, vectors[0], "%g", 0)
    check = Vector(block, "%check", DOUBLES) + vectors[0] * 0.0
    block.lines.append(f"  %checked = fadd {DOUBLES} {check.name}, zeroinitializer")
    groups = padded(rows) // LANES
    return f"""define internal i64 @reduce(ptr noalias %sums, ptr noalias %gradient) {{
entry:
  br label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %loop]
  %check = phi {DOUBLES} [zeroinitializer, %entry], [%checked, %loop]
  %s.offset = mul i64 %k, {LANES * LANES}
  %s = getelementptr double, ptr %sums, i64 %s.offset
  %g.offset = mul i64 %k, {LANES}
  %g = getelementptr double, ptr %gradient, i64 %g.offset
{chr(10).join(block.lines)}
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, {groups}
  br i1 %more, label %loop, label %done
done:
  %bad = fcmp uno {DOUBLES} %checked, zeroinitializer
  %any = call i1 @llvm.vector.reduce.or.v{LANES}i1({BITS} %bad)
  %result = zext i1 %any to i64
  ret i64 %result
}}"""


def _halved(block: Block, a: Vector, b: Vector) -> Vector:
    """The sums of neighbouring lanes, first those of a, then those of b."""
    picked = []
    for first in (0, 1):
        mask = ", ".join(f"i32 {lane}" for lane in range(first, 2 * LANES, 2))
        text = f"shufflevector {DOUBLES} {a.name}, {DOUBLES} {b.name}, <{LANES} x i32> <{mask}>"
        picked.append(Vector(block, block.emit(text), DOUBLES))
    return picked[0] + picked[1]


def _gather_function(kernel: Kernel) -> str:
    """(source, masks, order, inputs, count): lays the samples of a minibatch out in blocks, the last one repeated."""
    width, masks = kernel.source, kernel.rows.samples - kernel.source
    return f"""define internal void @gather(ptr %source, ptr %masks, ptr %order, ptr noalias %inputs, i64 %count) {{
entry:
  %last = sub i64 %count, 1
  %up = add i64 %count, {LANES - 1}
  %whole = and i64 %up, {-LANES}
  br label %sample
sample:
  %s = phi i64 [0, %entry], [%s.next, %sample.end]
  %inside = icmp slt i64 %s, %count
  %which = select i1 %inside, i64 %s, i64 %last
  %which.at = getelementptr i64, ptr %order, i64 %which
  %index = load i64, ptr %which.at
  %first = mul i64 %index, {width}
  %from = getelementptr double, ptr %source, i64 %first
  %first.mask = mul i64 %index, {masks}
  %from.mask = getelementptr double, ptr %masks, i64 %first.mask
  %block = lshr i64 %s, 3
  %lane = and i64 %s, 7
  %block.first = mul i64 %block, {kernel.rows.width * LANES}
  %start = add i64 %block.first, %lane
  %to = getelementptr double, ptr %inputs, i64 %start
  %to.mask = getelementptr double, ptr %to, i64 {width * LANES}
  br label %row
row:
  %j = phi i64 [0, %sample], [%j.next, %row.body]
  %row.more = icmp slt i64 %j, {width}
  br i1 %row.more, label %row.body, label %mask
row.body:
  %a = getelementptr double, ptr %from, i64 %j
  %x = load double, ptr %a
  %j8 = mul i64 %j, {LANES}
  %b = getelementptr double, ptr %to, i64 %j8
  store double %x, ptr %b
  %j.next = add i64 %j, 1
  br label %row
mask:
  %m = phi i64 [0, %row], [%m.next, %mask.body]
  %mask.more = icmp slt i64 %m, {masks}
  br i1 %mask.more, label %mask.body, label %sample.end
mask.body:
  %c = getelementptr double, ptr %from.mask, i64 %m
  %y = load double, ptr %c
  %m8 = mul i64 %m, {LANES}
  %d = getelementptr double, ptr %to.mask, i64 %m8
  store double %y, ptr %d
  %m.next = add i64 %m, 1
  br label %mask
sample.end:
  %s.next = add i64 %s, 1
  %s.more = icmp slt i64 %s.next, %whole
  br i1 %s.more, label %sample, label %done
done:
  ret void
}}"""


def _train_function(kernel: Kernel) -> str:
    """The loop over epochs and minibatches; `descent` tells what it takes and gives."""
    weight_row = kernel.rows.samples * LANES
    return f"""define i64 @train(ptr %leaves, ptr %states, ptr %uniform, ptr %source, ptr %masks, ptr %order,
    ptr %inputs, ptr %sums, ptr %gradient, ptr %losses, i64 %samples, i64 %batch, i64 %epochs, i64 %gathers) {{
entry:
  %samples.float = sitofp i64 %samples to double
  %gathering = icmp ne i64 %gathers, 0
  br label %epoch
epoch:
  %e = phi i64 [0, %entry], [%e.next, %epoch.end]
  %step.0 = phi i64 [0, %entry], [%step.next, %epoch.end]
  %first = mul i64 %e, %samples
  %order.e = getelementptr i64, ptr %order, i64 %first
  %first.mask = mul i64 %first, {kernel.rows.samples - kernel.source}
  %masks.e = getelementptr double, ptr %masks, i64 %first.mask
  br label %minibatch
minibatch:
  %start = phi i64 [0, %epoch], [%start.next, %update]
  %step = phi i64 [%step.0, %epoch], [%step.next, %update]
  %mean.0 = phi double [0.0, %epoch], [%mean, %update]
  %left = sub i64 %samples, %start
  %whole = icmp slt i64 %batch, %left
  %count = select i1 %whole, i64 %batch, i64 %left
  br i1 %gathering, label %fetch, label %compute
fetch:
  %order.b = getelementptr i64, ptr %order.e, i64 %start
  call void @gather(ptr %source, ptr %masks.e, ptr %order.b, ptr %inputs, i64 %count)
  call void @weigh(ptr %inputs, i64 %count)
  br label %compute
compute:
  call i64 @sums(ptr %leaves, ptr %inputs, ptr %sums, i64 %count)
  %bad = call i64 @reduce(ptr %sums, ptr %gradient)
  %finite = icmp eq i64 %bad, 0
  br i1 %finite, label %update, label %stop
update:
  %loss.at = getelementptr double, ptr %gradient, i64 {kernel.rows.leaves}
  %loss = load double, ptr %loss.at
  %count.float = sitofp i64 %count to double
  %share = fdiv double %count.float, %samples.float
  %weighted = fmul double %loss, %share
  %mean = fadd double %mean.0, %weighted
  %uniform.first = mul i64 %step, {kernel.uniform}
  %uniform.s = getelementptr double, ptr %uniform, i64 %uniform.first
  call i64 @update(ptr %leaves, ptr %states, ptr %gradient, ptr %uniform.s, i64 {kernel.rows.leaves})
  %step.next = add i64 %step, 1
  %start.next = add i64 %start, %batch
  %more = icmp slt i64 %start.next, %samples
  br i1 %more, label %minibatch, label %epoch.end
epoch.end:
  %mean.at = getelementptr double, ptr %losses, i64 %e
  store double %mean, ptr %mean.at
  %e.next = add i64 %e, 1
  %e.more = icmp slt i64 %e.next, %epochs
  br i1 %e.more, label %epoch, label %finished
finished:
  ret i64 %step.next
stop:
  ret i64 %step
}}

define internal void @weigh(ptr noalias %inputs, i64 %count) {{
entry:
  %count.float = sitofp i64 %count to double
  %weight = fdiv double 1.0, %count.float
  %up = add i64 %count, {LANES - 1}
  %whole = and i64 %up, {-LANES}
  br label %loop
loop:
  %s = phi i64 [0, %entry], [%next, %loop]
  %block = lshr i64 %s, 3
  %lane = and i64 %s, 7
  %first = mul i64 %block, {kernel.rows.width * LANES}
  %place = add i64 %first, %lane
  %offset = add i64 %place, {weight_row}
  %at = getelementptr double, ptr %inputs, i64 %offset
  %inside = icmp slt i64 %s, %count
  %w = select i1 %inside, double %weight, double 0.0
  store double %w, ptr %at
  %next = add i64 %s, 1
  %more = icmp slt i64 %next, %whole
  br i1 %more, label %loop, label %done
done:
  ret void
}}"""
