"""A sum of a million terms is recorded, compiled and called in so many bytes for each term."""

import pytest
from support.figures import note_measured
from support.memory import WIDE_SUMS, wide_sum

TERMS = 1_000_000


@pytest.mark.parametrize(("name", "most"), [*zip(WIDE_SUMS, (1200, 2200), strict=True)])
def test_a_sum_of_a_million_terms_takes_so_many_bytes_for_each(name, most):
    """Of which the graph itself takes 340 and 650."""
    pytest.importorskip("llvmlite")
    peak, empty = wide_sum(name, TERMS), wide_sum(name, 0)
    assert (peak - empty) / TERMS < most
    note_measured(f"bytes at peak, {name}", peak)
    note_measured("of which the libraries take", empty)
