"""How samples are grouped and added up when a routine runs on many of them."""

__all__ = ["EMPTY_SUM", "LANES"]

LANES = 8  # samples that machine code computes at once
EMPTY_SUM = -0.0  # adding a number to it returns that number bit for bit; adding -0.0 to 0.0 would not
