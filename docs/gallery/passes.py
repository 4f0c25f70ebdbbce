"""Both passes, step by step

Values flow forward; then the gradient flows back, one use of the chain rule at a time.
"""

import viz
from autograd import Value

w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-1.0, "b")
y = (w * x + b).tanh()

viz.animate(y).save("passes.gif")
