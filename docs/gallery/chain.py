"""The chain rule, drawn

Local derivatives on the edges, and the path whose product is a gradient. SVG, PNG or DOT, without Graphviz.
"""

import viz
from autograd import Value

w, x = Value(0.5, "w"), Value(3.0, "x")
y = (w * x).tanh()
y.label = "y"
y.backward()

viz.draw(y, local_derivatives=True, highlight=(w, y)).save("chain.svg")
viz.explore(y, title="y = tanh(w·x)").save("chain.html")
