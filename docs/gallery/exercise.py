"""Gradients to fill in

The page checks each answer, says which mistake was made, and has hints from the rules of the operations.
"""

import viz
from autograd import Value, tanh

w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-0.7, "b")
y = 2.0 * tanh(w * x + b) + w
y.label = "y"

viz.draw(y).save("exercise.svg")
viz.exercise(y).save("exercise.html")
