"""Machine code for a routine, by LLVM: eight samples at a time, gradients added up in memory."""

import ctypes
import ctypes.util
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import llvmlite.binding as llvm

from autograd.compiler.instructions import Instruction
from autograd.compiler.ir import BITS, DOUBLES, LANES, Block, Vector
from autograd.compiler.parts import parts_of
from autograd.compiler.tracing import Routine
from autograd.compiler.vector_math import FUNCTIONS, LARGEST_ANGLE

__all__ = [
    "Library",
    "Rows",
    "emit",
    "load_vector",
    "loop",
    "padded",
    "splat",
    "store_vector",
    "sums_function",
    "values_function",
]

_FAST_TO_BUILD = 50_000  # lines of IR from which code generation level 0 is chosen: it builds in linear time
_LIBM = {  # what is left to the C library
    "sin": "declare double @libm_sin(double)",
    "cos": "declare double @libm_cos(double)",
    "pow": "declare double @libm_pow(double, double)",
}
_MEMORY = {"malloc": "declare ptr @libm_malloc(i64)", "free": "declare void @libm_free(ptr)"}


def emit(
    block: Block,
    routine: Routine,
    given: Callable[[int], Vector],
    known: Callable[[int, Vector], None],
) -> None:
    """Writes a routine's instructions into a block, which is cut where the routine is long.

    Arguments:
        block: where they go.
        routine: what to compute.
        given: loads the input of that number; it is asked anew at each use, for a load is cheaper than a register.
        known: is told each result, with its place, as soon as it is there.
    """
    parts = parts_of(routine)
    block.kept = parts.kept
    at_hand: dict[int, Vector] = {}  # of the part that is being written
    number_of = {place: n for n, place in enumerate(p for p, i in enumerate(routine.instructions) if i.op == "input")}

    def operand(place: int) -> Vector:
        instruction = routine.instructions[place]
        if instruction.op == "input":
            return given(number_of[place])
        if instruction.op == "constant":
            return block.vector(instruction.number)
        if place not in at_hand:
            at_hand[place] = load_vector(block, "%work", parts.slots[place])
        return at_hand[place]

    wanted = {*routine.results, *routine.gradients}
    for place, instruction in enumerate(routine.instructions):
        if place in parts.first:
            block.cut()
            at_hand.clear()
        if instruction.op not in ("input", "constant"):
            at_hand[place] = _computed(block, instruction, [operand(p) for p in instruction.operands])
        if place in parts.slots:
            store_vector(block, at_hand[place], "%work", parts.slots[place])
        if place in wanted:
            known(place, operand(place))


def _computed(block: Block, instruction: Instruction, operands: Sequence[Vector]) -> Vector:
    a = operands[0]
    match instruction.op:
        case "add":
            return a + operands[1]
        case "subtract":
            return a - operands[1]
        case "multiply":
            return a * operands[1]
        case "divide":
            return a / operands[1]
        case "negative":
            return -a
        case "sqrt":
            return a.sqrt()
        case "select":
            return (a > 0.0).where(operands[1], operands[2])
        case op:
            return block.call(op, operands)


class Library:
    """Machine code, and the functions in it by name.

    Arguments:
        functions: the text of each function, with its operations called by name.
        declared: the intrinsics they call.
        operations: the operations they call, which are then defined too.
    """

    def __init__(self, functions: Iterable[str], declared: Iterable[str], operations: Iterable[str]) -> None:
        text, declarations = list(functions), {*declared, *_LIBM.values(), *_MEMORY.values()}
        for op in sorted({*operations} & {*FUNCTIONS, "power"}):
            block = Block()
            text.append(_definition(block, op))
            declarations |= block.declared
        source = "\n".join([*sorted(declarations), *text])
        self._engine = _build(source, 0 if source.count("\n") > _FAST_TO_BUILD else 1)

    def function(self, name: str, arguments: int) -> Callable[..., int]:
        """A function of pointers and integers, all passed as 64-bit numbers, that returns one."""
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * arguments)
        function = kind(self._engine.get_function_address(name))
        function.engine = self._engine  # type: ignore[attr-defined]  # the code lives as long as this does
        return function


def _definition(block: Block, op: str) -> str:
    """The function that carries an operation out on a vector."""
    x, y = Vector(block, "%x", DOUBLES), Vector(block, "%y", DOUBLES)
    if op == "power":
        return _defined(block, op, _by_library(block, "pow", [x, y]), "%x", "%y")
    if op not in _LIBM:
        return _defined(block, op, FUNCTIONS[op](x), "%x")
    near = FUNCTIONS[op](x)
    large = x.absolute() > LARGEST_ANGLE
    block.declared.add(f"declare i1 @llvm.vector.reduce.or.v{LANES}i1({BITS})")
    some = block.emit(f"call i1 @llvm.vector.reduce.or.v{LANES}i1({BITS} {large.name})")
    block.lines += [f"  br i1 {some}, label %far, label %near", "near:", f"  ret {DOUBLES} {near.name}", "far:"]
    return _defined(block, op, large.where(_by_library(block, op, [x]), near), "%x")


def _defined(block: Block, name: str, result: Vector, *arguments: str) -> str:
    listed = ", ".join(f"{DOUBLES} {argument}" for argument in arguments)
    head = f"define internal {DOUBLES} @{name}({listed}) {{"
    return "\n".join([head, *block.lines, f"  ret {DOUBLES} {result.name}", "}"])


def _by_library(block: Block, function: str, operands: Sequence[Vector]) -> Vector:
    """A function of the C library, lane by lane."""
    result = "poison"
    for lane in range(LANES):
        numbers = [block.emit(f"extractelement {DOUBLES} {operand.name}, i32 {lane}") for operand in operands]
        called = block.emit(f"call double @libm_{function}({', '.join(f'double {n}' for n in numbers)})")
        result = block.emit(f"insertelement {DOUBLES} {result}, double {called}, i32 {lane}")
    return Vector(block, result, DOUBLES)


@cache
def _initialized() -> None:
    """Sets LLVM up, and tells it where the C library is."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    library = ctypes.CDLL("ucrtbase" if os.name == "nt" else ctypes.util.find_library("m"))
    for name in (*_LIBM, *_MEMORY):
        address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        llvm.add_symbol(f"libm_{name}", address)


def _build(source: str, level: int) -> llvm.ExecutionEngine:
    _initialized()
    module = llvm.parse_assembly(source)
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=level
    )
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine


def padded(samples: int) -> int:
    """The number of samples, rounded up to whole vectors.

    >>> padded(1), padded(8), padded(9)
    (8, 8, 16)
    """
    return -(-samples // LANES) * LANES


class Rows(NamedTuple):
    """Which inputs of a routine are which: first those that differ from sample to sample, then leaves, then a weight.

    Samples lie in memory in blocks of eight: in each block, the eight numbers of the first input, of the second, ...,
    and of the weight. So a block is read from one address on, by fixed steps.
    """

    samples: int
    leaves: int

    @property
    def width(self) -> int:
        """How many numbers a sample takes in memory, its weight included."""
        return self.samples + 1

    def loader(self, block: Block) -> Callable[[int], Vector]:
        """What loads an input in a function of %leaves and %rows, the block of samples at hand."""

        def load(number: int) -> Vector:
            if self.samples <= number < self.samples + self.leaves:
                return splat(block, "%leaves", number - self.samples)
            return load_vector(block, "%rows", min(number, self.samples))

        return load


def values_function(routine: Routine, rows: Rows, name: str = "values") -> tuple[str, Block]:
    """The function that stores each result of each sample: (leaves, inputs, outputs, samples)."""
    block = Block()

    def store(place: int, result: Vector) -> None:
        for row in (row for row, output in enumerate(routine.results) if output == place):
            store_vector(block, result, "%results", row)

    emit(block, routine, rows.loader(block), store)
    pointers = {"%rows": ("%inputs", rows.width), "%results": ("%outputs", len(routine.results))}
    return loop(name, "ptr noalias %leaves, ptr noalias %inputs, ptr noalias %outputs", block, pointers), block


def sums_function(routine: Routine, rows: Rows, name: str = "sums") -> tuple[str, Block]:
    """The function that adds up over samples: (leaves, inputs, sums, samples).

    First come the sums of the gradients, last that of the result times the weights; each is eight numbers, one a lane.
    """
    block = Block()
    load = rows.loader(block)

    def add(row: int, term: Vector) -> None:
        store_vector(block, load_vector(block, "%sums", row) + term, "%sums", row)

    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, place in enumerate(routine.gradients):
        rows_of[place].append(row)

    def accumulate(place: int, result: Vector) -> None:
        if place == routine.results[0]:
            add(len(routine.gradients), result * load(rows.samples + rows.leaves))
        for row in rows_of[place]:
            add(row, result)

    emit(block, routine, load, accumulate)
    pointers = {"%rows": ("%inputs", rows.width)}
    return loop(name, "ptr noalias %leaves, ptr noalias %inputs, ptr noalias %sums", block, pointers), block


def splat(block: Block, pointer: str, index: int) -> Vector:
    """One number from memory in every lane."""
    at = block.emit(f"getelementptr double, ptr {pointer}, i64 {index}")
    one = block.emit(f"insertelement {DOUBLES} poison, double {block.emit(f'load double, ptr {at}')}, i32 0")
    mask = f"<{LANES} x i32> zeroinitializer"
    return Vector(block, block.emit(f"shufflevector {DOUBLES} {one}, {DOUBLES} poison, {mask}"), DOUBLES)


def load_vector(block: Block, pointer: str, row: int) -> Vector:
    """Eight numbers from memory, `row` times eight behind a pointer."""
    at = block.emit(f"getelementptr double, ptr {pointer}, i64 {row * LANES}")
    return Vector(block, block.emit(f"load {DOUBLES}, ptr {at}, align 8"), DOUBLES)


def store_vector(block: Block, result: Vector, pointer: str, row: int) -> None:
    """Eight numbers to memory, `row` times eight behind a pointer."""
    at = block.emit(f"getelementptr double, ptr {pointer}, i64 {row * LANES}")
    block.lines.append(f"  store {DOUBLES} {result.name}, ptr {at}, align 8")


def loop(name: str, arguments: str, block: Block, pointers: Mapping[str, tuple[str, int]]) -> str:
    """A function that does a block for every eight of `%samples`; each pointer advances by its numbers a sample.

    Each part of a block that was cut becomes a function too. What they hand on is no longer on the stack, which would
    overflow: LLVM, where it does not optimise, gives every number a place of its own there.
    """
    advance, body, functions, done = [], block.lines, [], []
    for pointer, (start, width) in pointers.items():
        advance += [
            f"  {pointer}.offset = mul i64 %i, {width}",
            f"  {pointer} = getelementptr double, ptr {start}, i64 {pointer}.offset",
        ]
    if block.parts:
        given = ", ".join([arguments, *(f"ptr {pointer}" for pointer in (*pointers, "%work"))])
        body, done = [], ["  call void @libm_free(ptr %memory)"]
        for number, lines in enumerate([*block.parts, block.lines]):
            body.append(f"  call void @{name}.{number}({given})")
            functions += [f"define internal void @{name}.{number}({given}) {{", *lines, "  ret void", "}"]
    return "\n".join(
        [
            f"define i64 @{name}({arguments}, i64 %samples) {{",
            "entry:",
            *(_work(block) if block.parts else []),
            "  br label %loop",
            "loop:",
            "  %i = phi i64 [0, %entry], [%next, %loop]",
            *advance,
            *body,
            f"  %next = add i64 %i, {LANES}",
            "  %more = icmp slt i64 %next, %samples",
            "  br i1 %more, label %loop, label %done",
            "done:",
            *done,
            "  ret i64 0",
            "}",
            *functions,
        ]
    )


def _work(block: Block) -> list[str]:
    """Memory for what parts hand on, each vector in one line of the cache."""
    size = LANES * 8
    block.declared.add("declare ptr @llvm.ptrmask.p0.i64(ptr, i64)")
    return [
        f"  %memory = call ptr @libm_malloc(i64 {size * (block.kept + 1)})",
        f"  %above = getelementptr i8, ptr %memory, i64 {size - 1}",
        f"  %work = call ptr @llvm.ptrmask.p0.i64(ptr %above, i64 {-size})",
    ]
