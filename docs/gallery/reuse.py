"""A value used twice

Each use sends a gradient back, and they add up.
"""

import viz
from autograd import Value

a = Value(3.0, "a")
b = a * a
b.label = "b"
c = b + b
c.label = "c"
c.backward()

viz.draw(c, local_derivatives=True).save("reuse.svg")
viz.explore(c, title="A value used twice").save("reuse.html")
