"""Two graphs side by side

The first node that differs is marked, and the words below say how: mine and the solution.
"""

import viz
from autograd import Value

w, x, b = Value(0.5, "w", role="parameter"), Value(2.0, "x", role="input"), Value(-1.0, "b", role="parameter")
mine = (w * x - b).tanh()
solution = (w * x + b).tanh()

viz.compare(mine, solution, titles=("mine", "solution")).save("compare.svg")
