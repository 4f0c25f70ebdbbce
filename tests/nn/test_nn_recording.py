"""Training can record the weights of some epochs, without changing its results."""

import numpy as np
import pytest

import nn
from nn.training.recording import recorded_epochs

X, Y = nn.datasets.moons(23, seed=3)


def trained(epochs, *, seed=1, **options):
    model = nn.MLP(2, [4, 1], seed=seed)
    adam = nn.Adam(model.parameters(), lr=0.02)
    return model, model.fit(X, Y, optimizer=adam, epochs=epochs, progress=False, **options)


def weights(model):
    return np.array([parameter.data for parameter in model.parameters()])


@pytest.mark.parametrize("epochs", [1, 2, 3, 10, 199, 200, 201, 1000])
@pytest.mark.parametrize("record", [2, 3, 200])
def test_the_recorded_epochs_are_evenly_spread_and_include_the_first_and_the_last(epochs, record):
    recorded = recorded_epochs(record, epochs)
    assert len(recorded) == min(record, epochs + 1)
    assert (recorded[0], recorded[-1]) == (0, epochs)
    apart = np.diff(recorded)
    assert apart.min() >= 1
    assert apart.max() - apart.min() <= 1


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("options", [{}, {"batch_size": 5}, {"validation": (X, Y)}, {"callbacks": [print]}])
def test_each_row_has_the_weights_at_the_end_of_that_many_epochs_of_training(compiled, options, capsys):
    model, history = trained(9, record=5, compiled=compiled, **options)
    recording = history.recording
    assert recording.epochs == [0, 2, 4, 7, 9]
    assert recording.names == [name for name, _ in model.named_parameters()]
    assert recording.weights[0].tobytes() == weights(nn.MLP(2, [4, 1], seed=1)).tobytes()
    for epochs, row in zip(recording.epochs[1:], recording.weights[1:], strict=True):
        assert row.tobytes() == weights(trained(epochs, compiled=compiled, **options)[0]).tobytes()


@pytest.mark.parametrize("compiled", [True, False])
def test_recording_does_not_change_the_bits_of_training(compiled):
    epochs = 3000 if compiled else 20
    (one, recorded), (other, plain) = (
        trained(epochs, batch_size=5, record=record, compiled=compiled) for record in (200, 0)
    )
    assert recorded.loss == plain.loss
    assert weights(one).tobytes() == weights(other).tobytes() == recorded.recording.weights[-1].tobytes()
    assert plain.recording is None


def test_compiled_training_records_the_same_as_eager_training():
    one, other = (trained(30, record=7, compiled=compiled)[1] for compiled in (True, False))
    assert one.recording.epochs == other.recording.epochs == [0, 5, 10, 15, 20, 25, 30]
    np.testing.assert_allclose(one.recording.weights, other.recording.weights, rtol=1e-9, atol=1e-12)


def test_a_recorded_state_restores_the_model_of_its_epoch():
    model, history = trained(8, record=3)
    model.load_state_dict(history.recording.state_dict(1))
    assert weights(model).tobytes() == weights(trained(4)[0]).tobytes()


def test_a_recording_holds_the_model_the_samples_and_the_loss():
    model, history = trained(2, record=2, loss="half_squared_error")
    recording = history.recording
    assert (recording.model, recording.loss) == (model, nn.half_squared_error)
    assert recording.samples.tolist() == X.tolist()
    assert recording.targets.tolist() == Y.tolist()


def test_training_that_is_stopped_records_its_last_epoch_as_it_was_then():
    model, history = trained(40, record=5, callbacks=[lambda epoch, *rest: epoch == 12])
    assert history.recording.epochs == [0, 10, 13]
    assert history.recording.weights[-1].tobytes() == weights(trained(13)[0]).tobytes() == weights(model).tobytes()
    restoring = nn.EarlyStopping(patience=2, min_delta=100.0)  # so that the first epoch is the best
    model, history = trained(40, record=5, callbacks=[restoring])
    assert history.recording.epochs == [0, 3]
    assert history.recording.weights[-1].tobytes() == weights(trained(3)[0]).tobytes() != weights(model).tobytes()


@pytest.mark.parametrize("wrong", [1, -1, 2.0, True, None, "all"])
def test_record_is_0_or_at_least_2(wrong):
    model = nn.MLP(2, [1])
    before = weights(model).tobytes()
    with pytest.raises(ValueError, match=rf"record must be 0, or an integer above 1 .* not {wrong!r}"):
        model.fit(X, Y, record=wrong, progress=False)
    assert weights(model).tobytes() == before
