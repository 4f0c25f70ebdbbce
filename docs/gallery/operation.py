"""An operation of your own

One decorator makes a function an operation, another gives it a derivative. Steps show the rule as you wrote it.
"""

import viz
from autograd import Value, log, operation, sqrt


@operation
def arsinh(x):
    return log(x + sqrt(x * x + 1.0))


@arsinh.derivative
def _(x, y):
    return 1.0 / sqrt(x * x + 1.0)


w, x = Value(0.5, "w"), Value(4.0, "x")
y = arsinh(w * x)
y.label = "y"
y.backward()

viz.draw(y, local_derivatives=True).save("operation.svg")
viz.explore(y, title="An operation of one's own").save("operation.html")
