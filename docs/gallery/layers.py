"""A network, layer by layer

7,284 numbers as matrices: a layer is one step forward and one step backward. Press one for the scalars of a neuron.
"""

import numpy as np

import nn
import viz

model = nn.MLP(64, [32, 10], activation="tanh", seed=0)
x = np.random.default_rng(0).normal(size=64)
loss = nn.cross_entropy([model(x)], [3])

viz.draw_network(model, view="matrices").save("layers.svg")
viz.explore(loss, title="A network of 64, 32 and 10").save("layers.html")
