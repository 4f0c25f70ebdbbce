"""XOR, trained by you

The page trains the network: press ▶, change the learning rate, drag the points, and watch what happens.
"""

import nn
import viz

X, y = nn.datasets.xor()
model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=0)
adam = nn.Adam(model.parameters(), lr=0.05)
others = {"circles": nn.datasets.circles(60), "moons": nn.datasets.moons(60)}

viz.plot_decision_surface(model, X, y).savefig("train.svg")
page = viz.train(model, X, y, loss="binary_cross_entropy", optimizer=adam, name="XOR", data=others, title="Train XOR")
page.save("train.html")
