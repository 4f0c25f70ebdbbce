"""Three classes, replayed

A softmax over three outputs: three regions grow until each class has its own.
"""

import nn
import viz

X, y = nn.datasets.blobs(90, seed=0)
model = nn.MLP(2, [8, 3], seed=0)
adam = nn.Adam(model.parameters(), lr=0.05)
history = model.fit(X, y, loss="cross_entropy", optimizer=adam, epochs=60, record=60)

viz.plot_decision_surface(model, X, y).savefig("blobs.svg")
viz.explore_training(history, title="A network separates three classes").save("blobs.html")
