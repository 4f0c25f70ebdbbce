"""The live plot: it shows how training stands, neither changes nor slows it, and says where it cannot be shown."""

import contextlib
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import nn
import viz
from nn.training.plotting import checked_plot
from viz.pages.live_plot import _is_wide

X, Y = nn.datasets.moons(40, seed=0)
FITS = {
    "compiled": {},
    "eager": {"compiled": False, "epochs": 30},
    "minibatches": {"batch_size": 7},
    "validation": {"validation": (X[:10], Y[:10])},
    "recorded": {"record": 5},
    "a callback": {"callbacks": [lambda *_: None]},
    "early stopping": {"callbacks": [nn.EarlyStopping(3)]},
    "L-BFGS": {"optimizer": nn.LBFGS},
    "L-BFGS, eager": {"optimizer": nn.LBFGS, "compiled": False, "epochs": 5},
}


def model(inputs=2, outputs=1, **options):
    return nn.MLP(inputs, [3, outputs], output_activation="sigmoid" if outputs == 1 else "linear", seed=0, **options)


def trained(plot, *, optimizer=nn.Adam, loss="binary_cross_entropy", **options):
    made = model()
    used = optimizer(made.parameters())
    history = made.fit(X, Y, loss=loss, optimizer=used, plot=plot, progress=False, **{"epochs": 300} | options)
    state = made.state_dict(), [p.grad for p in made.parameters()], used.steps, used.epoch, used.states
    return repr(state), history


def task():
    """A training run of a model of one input."""
    loss, probe = nn.losses.loss_record(nn.mse_loss), SimpleNamespace(shape=())
    return SimpleNamespace(model=model(1), samples=X[:, :1], targets=Y, loss=loss, epochs=2, probe=probe)


class EveryTime(viz.LivePlot):
    """A live plot that takes note of the weights whenever training pauses, instead of drawing."""

    def begin(self, task):
        self.seen = []
        return SimpleNamespace(
            update=lambda history, write_back: (write_back(), self.see(history, task)),
            finish=lambda history: self.see(history, task),
        )

    def see(self, history, task):
        self.seen.append((len(history.loss), task.model.state_dict()))


class Kept(viz.LivePlot):
    """A live plot that keeps its figures."""

    def __init__(self, **options):
        super().__init__("plot.png", **options)
        self.figures = []

    def _write(self, figure):
        self.figures.append(figure)


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def loss_axes(figure):
    return next(axes for axes in figure.axes if axes.get_xlabel() == "epoch")


@pytest.mark.parametrize("options", FITS.values(), ids=FITS)
def test_training_is_the_same_with_a_plot_which_sees_the_weights_after_each_epoch(options):
    """A program has weights that the model has not, until the plot asks for them."""
    plot = EveryTime("plot.png")
    without, plain = trained(False, **options)
    with_plot, history = trained(plot, **options)
    assert with_plot == without
    ends = [(run.loss, run.validation_loss, run.stopped) for run in (history, plain)]
    assert ends[0] == ends[1]
    seen = dict(plot.seen[:-1])  # the last one may show the best weights
    assert len(seen) > 1
    recorded = trained(False, **options | {"record": 1 + options.get("epochs", 300)})[1].recording
    after = {epoch: recorded.state_dict(index) for index, epoch in enumerate(recorded.epochs)}
    assert seen == {epoch: after[epoch] for epoch in seen}


@pytest.mark.parametrize(("picture", "seconds", "apart"), [(0.3, 0.4, 3.0), (0.001, 0.25, 0.25)])
def test_pictures_take_less_than_a_tenth_of_the_time_and_are_some_seconds_apart(picture, seconds, apart, monkeypatch):
    """Time stands still but for what an epoch and a picture take."""
    now, pictures = [0.0], []
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    plot = viz.LivePlot("plot.png", seconds=seconds)

    def draw(*_):
        pictures.append(now[0])
        now[0] += picture

    running = plot.begin(task())
    monkeypatch.setattr(running, "_draw", draw)
    while now[0] < 30.0:
        now[0] += 0.01
        running.update(nn.History(loss=[1.0]), lambda: None)
    assert len(pictures) > 4
    for count, start in enumerate(pictures[1:], 2):
        assert picture * count < 0.1 * (start + picture)
    assert apart <= np.diff(pictures).min() < 1.2 * (apart + picture)


def test_the_last_picture_shows_how_training_ended():
    def interrupt(epoch, *_):
        if epoch == 3:
            raise KeyboardInterrupt

    plots = [Kept(seconds=1e6) for _ in range(4)]
    trained(plots[0], epochs=3)
    trained(plots[1], epochs=9, callbacks=[lambda epoch, *_: epoch == 3])
    assert trained(plots[2], epochs=9, callbacks=[interrupt])[1].stopped == "interrupted"
    with pytest.raises(ZeroDivisionError):
        trained(plots[3], epochs=9, callbacks=[lambda epoch, *_: epoch == 3 and 1 / 0])
    assert [titles(figure)[-1] for plot in plots for figure in plot.figures] == [
        "Epoch 3 of 3",
        "Epoch 4 of 9, stopped early",
        "Epoch 4 of 9, interrupted",
        "Epoch 4 of 9",
    ]


def test_the_last_picture_shows_the_best_weights_that_were_restored():
    plot, made, stopping = EveryTime("plot.png"), model(), nn.EarlyStopping(3)

    def spoil(epoch, history, trained):
        if epoch >= 4:
            trained.parameters()[-1].data = 20.0

    made.fit(X, Y, loss="binary_cross_entropy", callbacks=[stopping, spoil], plot=plot, progress=False)
    assert stopping.best_epoch == 4
    assert plot.seen[-1] == (8, made.state_dict())
    assert plot.seen[-2] != plot.seen[-1]


def test_an_interrupt_of_the_last_picture_keeps_the_history(monkeypatch):
    def interrupt(figure):
        raise KeyboardInterrupt

    plot = viz.LivePlot("plot.png")
    monkeypatch.setattr(plot, "_write", interrupt)
    made = model()
    history = made.fit(X, Y, epochs=1, plot=plot, progress=False)
    assert (history.stopped, len(history.loss)) == ("interrupted", 1)


def test_an_error_of_a_picture_does_not_hide_that_of_training(monkeypatch):
    plot = viz.LivePlot("plot.png")
    monkeypatch.setattr(plot, "_write", lambda figure: [][1])
    with pytest.raises(ZeroDivisionError):
        trained(plot, callbacks=[lambda *_: 1 / 0])
    with pytest.raises(IndexError):
        trained(plot, epochs=1)


def test_one_plot_serves_many_runs(tmp_path):
    plot = viz.LivePlot(tmp_path / "plot.svg")
    trained(plot, epochs=3)
    first = (tmp_path / "plot.svg").read_bytes()
    trained(plot, epochs=4)
    assert (tmp_path / "plot.svg").read_bytes() != first


@pytest.mark.parametrize(
    ("inputs", "y", "loss", "has_surface"),
    [
        (2, [0.0, 1.0, 1.0, 0.0], "binary_cross_entropy", True),
        (2, [-1.0, 1.0, 1.0, -1.0], "hinge_loss", True),
        (2, [0, 1, 2, 0], "cross_entropy", True),
        (2, [0.3, 1.7, 1.0, 0.0], "mse_loss", False),
        (1, [0.0, 1.0, 1.0, 0.0], "binary_cross_entropy", False),
    ],
)
def test_classifiers_of_two_features_have_a_surface(inputs, y, loss, has_surface):
    samples, plot = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])[:, :inputs], Kept()
    made = model(inputs, 3 if loss == "cross_entropy" else 1)
    made.fit(samples, y, loss=loss, epochs=2, plot=plot, progress=False)
    assert titles(plot.figures[-1]) == ["Decision surface"] * has_surface + ["Epoch 2 of 2"]


def test_the_loss_axis_is_logarithmic_where_that_shows_more():
    cases = [[1.0, 0.1], [1.0, 0.01], [1.0, 0.0], [1.0, -0.01], [math.inf, 1.0, 0.01]]
    assert [*map(_is_wide, cases)] == [False, True, False, False, True]
    plots = {log: Kept(log=log) for log in (True, False, None)}
    for plot in plots.values():
        trained(plot, epochs=1)
    assert {log: loss_axes(plot.figures[-1]).get_yscale() for log, plot in plots.items()} == {
        True: "log",
        False: "linear",
        None: "linear",
    }


@pytest.mark.parametrize("large", [1e200, math.inf, math.nan])
def test_a_model_that_diverges_is_shown_by_its_losses(large, monkeypatch):
    """Weights that are huge, but finite, have outputs that no colour can show."""
    plot, made = Kept(), model()
    monkeypatch.setattr(made, "predict", lambda samples: np.full(len(samples), large))
    made.fit(X, Y, epochs=2, plot=plot, progress=False)
    assert [titles(figure) for figure in plot.figures] == [["Epoch 2 of 2"]]


def test_losses_that_are_not_finite_are_left_out():
    plot = Kept()
    running = plot.begin(task())
    running.finish(nn.History(loss=[math.nan], validation_loss=[math.inf]))
    assert plot.figures == []  # nothing to show
    running.finish(nn.History(loss=[1.0, math.inf], validation_loss=[math.nan, math.inf]))
    labels = [line.get_label() for line in loss_axes(plot.figures[-1]).get_lines()]
    assert labels == ["training", "not finite from epoch 2"]


def test_outside_a_notebook_fit_says_what_to_do_and_changes_nothing(capsys):
    made = model()
    before = made.state_dict()
    with pytest.raises(RuntimeError, match=r"viz\.LivePlot\('training\.png'\) .* viz\.plot_loss\(history\)"):
        made.fit(X, Y, epochs=3, plot=True)
    assert made.state_dict() == before
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("runs", [True, False])
def test_a_cell_of_marimo_shows_each_picture_in_place_of_the_one_before(runs, monkeypatch):
    shown = []
    marimo = SimpleNamespace(running_in_notebook=lambda: runs, output=SimpleNamespace(replace=shown.append))
    monkeypatch.setitem(sys.modules, "marimo", marimo)
    with contextlib.nullcontext() if runs else pytest.raises(RuntimeError, match="in a notebook, which this is not"):
        nn.MLP(2, [2, 1], seed=0).fit(*nn.datasets.moons(10), epochs=3, plot=True)
    assert [picture._repr_png_()[1:4] for picture in shown] == ([b"PNG"] if runs else [])


def test_in_a_terminal_of_ipython_it_says_the_same():
    code = (
        "import nn\ntry: nn.MLP(2, [1]).fit(*nn.datasets.xor(), plot=True, progress=False)\n"
        "except RuntimeError as error: print('refused:', error)"
    )
    command = [sys.executable, "-m", "IPython", "--quick", "--no-banner", "--colors=NoColor", "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "refused: plot=True shows the plot in a notebook" in result.stdout


@pytest.mark.parametrize("plot", [1, "live.png", None, viz.LivePlot, print])
def test_what_is_not_a_plot_is_refused(plot):
    with pytest.raises(TypeError, match=r"plot must be True, False or a plot such as viz\.LivePlot\(\), not "):
        model().fit(X, Y, plot=plot)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        (("live",), ValueError, r"must end with one of .*\.png.* not 'live'"),
        (("live.html",), ValueError, r"must end with one of .*\.png.* not 'live\.html'"),
        ((None, {"seconds": 0.0}), ValueError, "seconds must be a number of at least 0.1, not 0.0"),
        ((None, {"seconds": math.inf}), ValueError, "seconds must be a number of at least 0.1, not inf"),
        ((None, {"seconds": True}), ValueError, "seconds must be a number of at least 0.1, not True"),
        ((None, {"log": "auto"}), ValueError, "log must be True, False or None, not 'auto'"),
        ((None, {"palette": "pink"}), ValueError, "palette"),
    ],
)
def test_options_that_are_out_of_range_are_refused(arguments, error, match):
    path, *options = arguments
    with pytest.raises(error, match=match):
        viz.LivePlot(path, **options[0] if options else {})


def test_a_folder_that_is_missing_is_found_before_training(tmp_path):
    made = model()
    before = made.state_dict()
    with pytest.raises(
        FileNotFoundError, match=r"the folder of a plot must exist, but there is none for '.*plot\.png'"
    ):
        made.fit(X, Y, plot=viz.LivePlot(tmp_path / "missing" / "plot.png"), progress=False)
    assert made.state_dict() == before


def test_true_stands_for_the_plot_of_viz():
    assert isinstance(checked_plot(True), viz.LivePlot)
    assert checked_plot(False) is None


SETUP = """import nn, viz, time
X, y = nn.datasets.moons(40, seed=0)
options = {"loss": "binary_cross_entropy", "progress": False}

def fit(plot=True, **further):
    made = nn.MLP(2, [3, 1], output_activation="sigmoid", seed=0)
    return made.fit(X, y, plot=plot, **{**options, **further})

def after(seconds):
    end = time.perf_counter() + seconds
    return lambda *_: time.perf_counter() > end

def fail(*_):
    raise ZeroDivisionError"""
CELLS = {
    "nothing": SETUP,
    "short": "history = fit(epochs=2)",
    "compiled": "history = fit(viz.LivePlot(seconds=0.1), epochs=10**9, callbacks=[after(4.0)])",
    "eager": "history = fit(viz.LivePlot(seconds=0.1), epochs=10**9, callbacks=[after(4.0)], compiled=False)",
    "two": "for epochs in (1, 2): history = fit(epochs=epochs)",
    "error": "fit(callbacks=[fail])",
    "afterwards": "history.stopped, len(history.loss)",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What a real kernel shows for each cell, as the notebook stores it; and the kinds of messages with pictures."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    messages = {name: [] for name in CELLS}

    class Client(nbclient.NotebookClient):
        def process_message(self, msg, cell, cell_index):
            if "display" in msg["msg_type"]:
                messages[cell.id].append(msg["msg_type"])
            return super().process_message(msg, cell, cell_index)

    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    folder = tmp_path_factory.mktemp("kernel")
    environment = os.environ | {"PYTHONPATH": str(Path(viz.__file__).parents[1]), "IPYTHONDIR": str(folder)}
    client = Client(notebook, kernel_name="python3", timeout=120, allow_errors=True)
    client.execute(cwd=str(folder), env=environment)
    outputs = {cell.id: [(o.output_type, [*o.get("data", {})]) for o in cell.outputs] for cell in notebook.cells}
    return SimpleNamespace(outputs=outputs, messages=messages, cells={cell.id: cell for cell in notebook.cells})


PICTURE = ("display_data", ["image/png", "text/plain"])


@pytest.mark.parametrize("name", ["compiled", "eager"])
def test_a_cell_of_a_notebook_shows_one_picture_that_is_updated_in_place(shown, name):
    assert shown.outputs[name] == [PICTURE]
    assert shown.messages[name][:2] == ["display_data", "update_display_data"]
    assert set(shown.messages[name][1:]) == {"update_display_data"}
    assert len(shown.messages[name]) < 4.0 / 0.1  # a few times a second


def test_a_short_run_in_a_notebook_has_the_last_picture(shown):
    assert shown.messages["short"] == ["display_data"]
    assert shown.outputs["short"] == [PICTURE]
    [output] = shown.cells["short"].outputs
    assert output.metadata["image/png"] == {"width": 1100, "height": 420}
    assert output.data["image/png"].startswith("iVBOR")


def test_each_run_of_a_cell_has_its_own_picture(shown):
    assert shown.outputs["two"] == [PICTURE, PICTURE]


def test_an_error_leaves_the_last_picture_and_the_kernel_as_they_should_be(shown):
    assert [kind for kind, _ in shown.outputs["error"]] == ["display_data", "error"]
    assert shown.cells["error"].outputs[1].ename == "ZeroDivisionError"
    assert shown.cells["afterwards"].outputs[0].data["text/plain"] == "('finished', 2)"
