"""The graph is the program

A function or a graph compiles to a program that you can read: as Python, NumPy, machine code, JAX or JavaScript.
"""

from pathlib import Path

import autograd
import viz
from autograd import Value


def f(w, x):
    return autograd.tanh(w * x)


program = autograd.compile(f).value_and_grad
program(0.5, 3.0)

Path("program.txt").write_text(program.source)
viz.explore(f(Value(0.5, "w"), Value(3.0, "x")), title="The graph is the program").save("program.html")
