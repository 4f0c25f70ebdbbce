"""The peak rate of multiply-adds on one core, measured on independent chains of them in registers.

Run it as `python -m benchmarks.peak [--rounds N]`; it needs llvmlite.
"""

import argparse
from collections.abc import Callable
from functools import reduce

import numpy as np

from autograd.compiler.ir.routine import Routine
from autograd.compiler.llvm.builder import Declaration, Function
from autograd.compiler.llvm.jit import compiled
from autograd.compiler.llvm.registers import Double, Integer, Pointer, Register
from autograd.compiler.reroll.accumulation import RolledSums
from benchmarks.rounds import best_of

CHAINS = 12  # two units with a latency of 4 or 5 cycles need 8 to 10 in flight; AVX2 has 16 registers
TURNS = 20_000
WIDTHS = (2, 4, 8)  # doubles per vector; the best one depends on the machine


def peak(rounds: int = 5) -> float:
    """Returns the floating-point operations per second of one core; a multiply-add counts as two."""
    numbers = np.array([0.999999, 1e-6])

    def call(kernel: Callable[..., int]) -> Callable[[], int]:
        return lambda: kernel(numbers.ctypes.data, TURNS)

    taken = best_of({str(width): call(_kernel(width)) for width in WIDTHS}, rounds, 0.02)
    return max(2 * width * CHAINS * TURNS / taken[str(width)] for width in WIDTHS)


def operations(*routines: Routine | RolledSums) -> int:
    """Returns the number of arithmetic operations in routines; a function such as tanh counts as one."""
    return sum(routine.work for routine in routines)


def share(operations: float, seconds: float, peak_rate: float) -> str:
    """Returns the achieved share of the peak rate, as a percentage."""
    return f"{100 * operations / seconds / peak_rate:.3g} %"


def _kernel(width: int) -> Callable[..., int]:
    """Builds `f(numbers, turns)`, which repeats x ← x · factor + addend in every chain and returns their sum."""

    class Chain(Register):
        llvm_type = f"<{width} x double>"

    function = Function("multiply_add", {"numbers": Pointer, "turns": Integer}, Integer)
    numbers, turns = function.arguments

    def splat(index: int) -> Chain:
        one = f"insertelement {Chain.llvm_type} poison, double {numbers.load(Double, index)}, i32 0"
        lanes = f"<{width} x i32> zeroinitializer"
        return function.emit(
            Chain, f"shufflevector {Chain.llvm_type} {function.emit(Chain, one)}, {Chain.llvm_type} poison, {lanes}"
        )

    factor, addend = splat(0), splat(1)
    fma = Declaration(f"llvm.fma.v{width}f64", (Chain, Chain, Chain), Chain)
    with function.loop(turns) as loop:
        before = [loop.carried(addend) for _ in range(CHAINS)]
        after = [function.call(fma, x, factor, addend) for x in before]
        for x, following in zip(before, after, strict=True):
            loop.carry(x, following)
    total = reduce(lambda a, b: function.emit(Chain, f"fadd {Chain.llvm_type} {a}, {b}"), after)
    last = function.emit(Double, f"extractelement {Chain.llvm_type} {total}, i32 0")
    function.ret(function.emit(Integer, f"fptosi double {last} to i64"))
    (kernel,) = compiled(function)
    return kernel


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="number of measurements; the best counts")
    print(f"peak of one core: {peak(parser.parse_args().rounds) / 1e9:.1f} GFLOP/s")


if __name__ == "__main__":
    main()
