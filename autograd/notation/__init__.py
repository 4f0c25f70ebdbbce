"""How a graph is written: names, symbols, expressions and steps. Nothing here computes."""
