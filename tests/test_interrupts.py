"""Ctrl-C at any line of the library: what belongs to the user is as it was before, or as it is after."""

import copy
import os
import signal
from types import SimpleNamespace

import pytest
from support.faults import interrupted_everywhere

import nn
from autograd import Value, scope, topological_order
from autograd.compiler.llvm.kept import Kept
from autograd.value import _new_leaves
from nn.masks import current_source
from nn.modes import held_mode
from viz import draw, explore, explore_training

X, Y = nn.datasets.xor()
HELD_OUT = X[:2] + 0.1, Y[:2]

# Between opening a file and its `with` block, an interrupt leaves it to Python to close it, which warns.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

# The tests take one line in so many, so that they are quick; `python -m tests.fuzz` takes all.
STRIDE = int(os.environ.get("INTERRUPT_STRIDE", "0"))


def model(**options):
    made = nn.MLP(2, [2, 1], output_activation="sigmoid", dropout=0.25, seed=3, **options)
    for number, parameter in enumerate(made.parameters()):
        parameter.grad = float(number)
    made.layers[0].eval()
    made.dropouts[0].epoch, made.dropouts[0].sample = 3, 5
    return made


def state(model):
    """Everything about a model that a call might spoil."""
    return (
        [(name, p.data, p.grad, p.label, p.scope, p.role) for name, p in model.named_parameters()],
        [(name, vars(module).get("training")) for name, module in model.named_modules()],
        [(dropout.p, dropout.epoch, dropout.sample) for dropout in model.dropouts],
    )


def context():
    """What new nodes, dropouts and modules read from the context: nothing of an interrupted call is left in it."""
    with pytest.raises(KeyboardInterrupt):  # the next Ctrl-C is not held back
        signal.raise_signal(signal.SIGINT)
    return Value(1.0).scope, _new_leaves.get(), current_source(), held_mode()


NOTHING_SET = "", None, None, None


class Branching(nn.Module):
    """A model that cannot be compiled."""

    def __init__(self):
        self.layer = nn.Layer(2, 2, seed=1)
        self.dropouts = [nn.Dropout(0.5)]

    def forward(self, inputs):
        first, second = self.dropouts[0](self.layer(inputs))
        return first if first > second else second


LOOKS = {
    "predict": lambda m: m.predict(X),
    "call": lambda m: m([1.0, 2.0]),
    "draw": lambda m: draw(m([1.0, 2.0])).render("svg"),
    "explore": lambda m: explore(m([1.0, 2.0])).html,
    "parameters": lambda m: m.parameters(),
    "copy": copy.deepcopy,
}


@pytest.mark.parametrize("make", [model, Branching])
@pytest.mark.parametrize("look", LOOKS)
def test_a_look_at_a_model_that_is_interrupted_changes_nothing(look, make):
    def made():
        return make().eval() if look != "predict" else make()

    before = state(made())

    def check(model, where):
        assert state(model) == before, where
        assert context() == NOTHING_SET, where

    slow = look in ("draw", "explore")
    assert interrupted_everywhere(made, LOOKS[look], check, stride=STRIDE or (151 if slow else 3)) > 5


def training(compiled, **options):
    """A training run that has not begun: its model, and its optimizer."""
    made = model()
    optimizer = nn.Adam(made.parameters(), lr=lambda epoch: 0.1 / (1 + epoch))
    return SimpleNamespace(
        model=made, optimizer=optimizer, options={"compiled": compiled, "progress": False, **options}
    )


def fitted(run, epochs=3):
    run.history = run.model.fit(
        X, Y, loss="binary_cross_entropy", optimizer=run.optimizer, epochs=epochs, batch_size=3, seed=1, **run.options
    )
    return run


def weights(run):
    return [(p.data, p.grad) for p in run.model.parameters()], run.optimizer.states, run.optimizer.steps


@pytest.mark.filterwarnings("ignore:falling back")
@pytest.mark.parametrize("compiled", [True, False])
def test_a_training_run_that_is_interrupted_leaves_the_weights_and_the_state_of_a_completed_step(compiled):
    start = state(training(compiled).model)[1:]
    reached = []

    class Steps(nn.Adam):
        def step(self):
            super().step()
            reached.append(weights(SimpleNamespace(model=reference.model, optimizer=self)))

    reference = training(False, record=3, validation=HELD_OUT)
    reference.optimizer = Steps(reference.model.parameters(), lr=reference.optimizer.lr)
    reached.append(weights(reference))
    fitted(reference)
    whole = reference.history
    # The gradient of an interrupted run is the one of before, or of the last step, so of a step that is in this list.
    numbers = [([data for data, _ in step[0]], *step[1:]) for step in reached]
    gradients = [[gradient for _, gradient in step[0]] for step in reached]

    def check(run, where):
        found = weights(run)
        assert found[2] < len(reached), where
        close(([data for data, _ in found[0]], *found[1:]), numbers[found[2]], where)
        close([gradient for _, gradient in found[0]], gradients[found[2]], where)
        assert state(run.model)[1:] == start, where
        assert context() == NOTHING_SET, where
        history = getattr(run, "history", None)
        if history is not None:
            close(history.loss, whole.loss[: len(history.loss)], where)
            recording = history.recording
            assert len(recording.epochs) == len(recording.weights), where
            for epoch, row in zip(recording.epochs, recording.weights.tolist(), strict=True):
                close(row, numbers[2 * epoch][0], where)
        assert len(fitted(run, 1).history.loss) == 1, where  # the model can be trained again

    def made():
        return training(compiled, record=3, validation=HELD_OUT)

    assert interrupted_everywhere(made, fitted, check, stride=STRIDE or 17) > 20


@pytest.mark.parametrize("compiled", [True, False])
def test_lbfgs_that_is_interrupted_leaves_the_weights_of_a_completed_epoch(compiled):
    pytest.importorskip("scipy")
    samples = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0]]

    def run(made):
        made.history = made.model.fit(
            samples, [1.0, 0.0, 2.0], optimizer=made.optimizer, epochs=2, compiled=compiled, progress=False
        )
        return made

    def made():
        model = nn.MLP(2, [1], seed=0)
        return SimpleNamespace(model=model, optimizer=nn.LBFGS(model.parameters()))

    reached = [weights(made())]
    reference = made()

    def note(*_):
        reached.append(weights(reference))

    reference.model.fit(
        samples,
        [1.0, 0.0, 2.0],
        optimizer=reference.optimizer,
        epochs=2,
        compiled=compiled,
        progress=False,
        callbacks=[note],
    )

    def check(made, where):
        found = weights(made)
        numbers, *_ = reached[found[2]]
        assert [data for data, _ in found[0]] == [data for data, _ in numbers], where
        gradients = [[gradient for _, gradient in step[0]] for step in reached]
        assert [gradient for _, gradient in found[0]] in gradients, where
        assert context() == NOTHING_SET, where
        assert len(run(made).history.loss) in (1, 2), where  # the model can be trained again

    assert interrupted_everywhere(made, run, check, stride=STRIDE or 17) > 20


def close(found, expected, where):
    """Asserts that nested numbers are those of eager training, as closely as compiled training promises."""
    flat = lambda numbers: [x for n in numbers for x in (flat(n) if isinstance(n, (list, tuple)) else [n])]  # noqa: E731
    assert flat(found) == pytest.approx(flat(expected), rel=1e-9, abs=1e-12), where


@pytest.mark.parametrize(
    ("part", "stride"), [(lambda page: page.html, 199), (lambda page: page.picture(), 397)], ids=["page", "picture"]
)
def test_a_replay_that_is_interrupted_changes_nothing(part, stride):
    run = fitted(training(True, record=3))
    before = state(run.model), run.history.loss[:], run.history.recording.weights.tolist()

    def check(history, where):
        assert (state(run.model), history.loss, history.recording.weights.tolist()) == before, where
        assert context() == NOTHING_SET, where

    assert interrupted_everywhere(  # a replay runs thousands of lines, in half a second: never all of them
        lambda: run.history,
        lambda history: part(explore_training(history)),
        check,
        stride=stride // 12 if STRIDE else stride,
    )


def test_loading_that_is_interrupted_sets_all_weights_or_none(tmp_path):
    file = tmp_path / "model.npz"
    saved, other = model(), model().layers[0]
    saved.save(file)
    different = {name: number + 1.0 for name, number in saved.state_dict().items()}

    def made():
        made = model()
        made.load_state_dict(different)
        return made

    def check(model, where):
        assert model.state_dict() in (different, saved.state_dict()), where

    assert interrupted_everywhere(made, lambda m: m.load(file), check) > 20
    assert other.weight.shape == (2, 2)


def test_saving_that_is_interrupted_leaves_the_old_file_or_the_new(tmp_path):
    file = tmp_path / "model.npz"
    old, new = model(), nn.MLP(2, [2, 1], output_activation="sigmoid", dropout=0.25, seed=9)

    def made():
        old.save(file)
        return new

    def check(_, where):
        read = model()
        read.load(file)
        assert read.state_dict() in (old.state_dict(), new.state_dict()), where
        assert [entry.name for entry in tmp_path.iterdir()] == ["model.npz"], where

    assert interrupted_everywhere(made, lambda m: m.save(file), check) > 10


def test_machine_code_that_is_interrupted_while_it_is_made_leaves_no_lock():
    def check(kept, where):
        assert not kept._lock.locked(), where
        assert kept.get("key", lambda: ("code", 1)) == "code", where

    assert interrupted_everywhere(lambda: Kept(limit=10), lambda k: k.get("key", lambda: ("code", 1)), check) > 10


def test_a_scope_that_is_interrupted_inside_ends_with_its_block():
    def work():
        with scope("a"):
            return (Value(1.0) + 1.0).scope

    assert work() == "a"

    def interrupted():
        with scope("a"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert context() == NOTHING_SET
    assert topological_order(Value(1.0))[0].scope == ""
