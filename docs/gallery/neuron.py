"""One neuron, explored

Forward, every value; backward, every use of the chain rule with its numbers. Drag a slider, and all of them follow.
"""

import viz
from autograd import Value, scope

w1, w2, b = (Value(*v, role="parameter") for v in ((0.7, "w1"), (-1.2, "w2"), (0.3, "b")))
x1, x2, y = (Value(*v, role="input") for v in ((1.5, "x1"), (-0.4, "x2"), (0.5, "y")))
with scope("neuron"):
    a = (w1 * x1 + w2 * x2 + b).tanh()
loss = (a - y) ** 2
loss.label = "loss"
loss.backward()

viz.draw(loss, hide_constants=True, precision=3).save("neuron.svg")
viz.explore(loss, title="One neuron and its squared error").save("neuron.html")
