"""Two moons, replayed

Eight neurons in each of two hidden layers, and what each of them sees.
"""

import nn
import viz

X, y = nn.datasets.moons(100, seed=0)
model = nn.MLP(2, [8, 8, 1], output_activation="sigmoid", seed=0)
adam = nn.Adam(model.parameters(), lr=0.05)
history = model.fit(X, y, loss="binary_cross_entropy", optimizer=adam, epochs=200, record=60)

viz.plot_decision_surface(model, X, y).savefig("moons.svg")
viz.explore_training(history, title="A network separates two moons").save("moons.html")
