"""How a graph is written: names, symbols, formulas, programs and steps. Nothing here computes."""
