"""XOR, replayed

A training run, epoch by epoch: decisions, loss, every weight, and the graph of any sample.
"""

import nn
import viz

X, y = nn.datasets.xor()
model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=0)
adam = nn.Adam(model.parameters(), lr=0.05)
history = model.fit(X, y, loss="binary_cross_entropy", optimizer=adam, epochs=300, record=100)

viz.plot_decision_surface(model, X, y).savefig("xor.svg")
viz.explore_training(history, title="A network learns XOR").save("xor.html")
