"""What compilation and its results take in memory."""

import os

import pytest
from support.memory import WIDE_SUMS, peak_of, wide_sum

pytest.importorskip("llvmlite")

ROUGH = pytest.mark.skipif(os.name == "nt", reason="the figures come from the kernel of Linux or macOS")
FROM_A_TABLE = "import autograd.compiler.targets.native as native\nnative.LONGEST_CODE = 1000\n"
TERMS = 20_000


@ROUGH
@pytest.mark.parametrize(("name", "most"), [*zip(WIDE_SUMS, (1200, 2200), strict=True)])
def test_a_wide_sum_takes_so_many_bytes_for_each_term(name, most):
    """Of which the graph itself takes 340 and 650."""
    empty, full = (wide_sum(name, terms, FROM_A_TABLE) for terms in (0, TERMS))
    assert (full - empty) / TERMS < most


@ROUGH
def test_the_peak_is_that_of_the_code_alone():
    held = bytearray(200_000_000)
    small, large = peak_of(""), peak_of("held = b'x' * 100_000_000")
    assert 80_000_000 < large - small < 120_000_000
    assert small < 100_000_000 < len(held)


def test_code_that_fails_has_no_peak():
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        peak_of("1 / 0")
