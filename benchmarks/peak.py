"""The peak rate of multiply-adds of one core: chains of them in registers, each independent of the others.

Run it as `python benchmarks/peak.py [--rounds N]`. Needs llvmlite.
"""

import argparse
from collections.abc import Callable

import numpy as np
from rounds import best_of

from autograd.compiler.codegen import Library
from autograd.compiler.tracing import Routine

CHAINS = 12  # two units of four or five cycles each want 8 to 10 in flight; AVX2 has 16 registers
TURNS = 20_000
WIDTHS = (2, 4, 8)  # doubles a vector: which one is best depends on the machine


def peak(rounds: int = 5) -> float:
    """Floating-point operations a second, of one core; a multiply-add counts as two."""
    numbers = np.array([0.999999, 1e-6])

    def call(kernel: Callable[..., int]) -> Callable[[], int]:
        return lambda: kernel(numbers.ctypes.data, TURNS)

    taken = best_of({str(width): call(_kernel(width)) for width in WIDTHS}, rounds, 0.02)
    return max(2 * width * CHAINS * TURNS / taken[str(width)] for width in WIDTHS)


def operations(*routines: Routine) -> int:
    """How many operations on numbers routines make; a function such as tanh counts as one."""
    return sum(i.op not in ("input", "constant") for routine in routines for i in routine.instructions)


def share(operations: float, seconds: float, peak_rate: float) -> str:
    """Which part of the peak rate so many operations in that time are."""
    return f"{100 * operations / seconds / peak_rate:.3g} %"


def _kernel(width: int) -> Callable[..., int]:
    """(numbers, turns): x ← x · factor + addend in every chain, all over again; gives a number so that it counts."""
    kind = f"<{width} x double>"
    chains = range(CHAINS)
    splat = [
        line
        for place, name in enumerate(("factor", "addend"))
        for line in (
            f"  %{name}.at = getelementptr double, ptr %numbers, i64 {place}",
            f"  %{name}.number = load double, ptr %{name}.at",
            f"  %{name}.one = insertelement {kind} poison, double %{name}.number, i32 0",
            f"  %{name} = shufflevector {kind} %{name}.one, {kind} poison, <{width} x i32> zeroinitializer",
        )
    ]
    intrinsic = f"llvm.fma.v{width}f64"
    text = [
        "define i64 @multiply_add(ptr %numbers, i64 %turns) {",
        "entry:",
        *splat,
        "  br label %loop",
        "loop:",
        "  %i = phi i64 [0, %entry], [%next, %loop]",
        *(f"  %x{k} = phi {kind} [%addend, %entry], [%y{k}, %loop]" for k in chains),
        *(f"  %y{k} = call {kind} @{intrinsic}({kind} %x{k}, {kind} %factor, {kind} %addend)" for k in chains),
        "  %next = add i64 %i, 1",
        "  %more = icmp slt i64 %next, %turns",
        "  br i1 %more, label %loop, label %done",
        "done:",
        f"  %sum0 = fadd {kind} %y0, %addend",
        *(f"  %sum{k} = fadd {kind} %sum{k - 1}, %y{k}" for k in chains[1:]),
        f"  %last = extractelement {kind} %sum{CHAINS - 1}, i32 0",
        "  %result = fptosi double %last to i64",
        "  ret i64 %result",
        "}",
    ]
    declared = [f"declare {kind} @{intrinsic}({', '.join([kind] * 3)})"]
    return Library(["\n".join(text)], declared, ()).function("multiply_add", 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="how often it is measured; the best counts")
    print(f"peak of one core: {peak(parser.parse_args().rounds) / 1e9:.1f} GFLOP/s")


if __name__ == "__main__":
    main()
