"""A derivative is a graph, too

Draw it, step through it, and differentiate it again, to any order.
"""

import viz
from autograd import Value, derivative

w, x = Value(0.5, "w"), Value(3.0, "x")
slope = derivative((w * x).tanh(), w)
slope.label = "dy/dw"
slope.backward()

viz.draw(slope, hide_constants=True).save("slope.svg")
viz.explore(slope, title="The derivative of tanh(w·x) with respect to w").save("slope.html")
