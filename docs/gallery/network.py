"""A network that has learned XOR

Layers, neurons and operations open and close. Choose a node to see the paths by which its gradient arrives.
"""

import nn
import viz

X, y = nn.datasets.xor()
model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=0)
model.fit(X, y, optimizer=nn.Adam(model.parameters(), lr=0.05), epochs=300)
loss = nn.mse_loss(model(X[1]), y[1])
loss.label = "loss"
loss.backward()

viz.draw_network(model).save("network.svg")
viz.explore(loss, title="A network that has learned XOR").save("network.html")
