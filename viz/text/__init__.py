"""Computation graphs as text: formulas, programs and tables of steps."""
