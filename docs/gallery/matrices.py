"""A network as matrices

The same model as layers of matrices, each with its shape.
"""

import nn
import viz

model = nn.MLP(3, [4, 2], activation="relu", output_activation="sigmoid", seed=0)

viz.draw_network(model, view="matrices").save("matrices.svg")
