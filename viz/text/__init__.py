"""A graph as text: a formula, a program, a table of steps."""
