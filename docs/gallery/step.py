"""One step of the backward pass

The gradient of the product is complete, and what it sends back to w is upstream gradient times local derivative.
"""

import viz
from autograd import Value

w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-1.0, "b")
y = (w * x + b).tanh()

viz.draw(y, step=8).save("step.svg")
