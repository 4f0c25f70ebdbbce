"""Ctrl-C in compiled training acts between two calls of machine code: history, weights and states match."""

import _thread
import signal
import threading

import numpy as np
import pytest

import nn
from nn.training.interrupts import held_interrupts

X, Y = nn.datasets.moons(23, seed=3)


def test_ctrl_c_in_the_block_takes_effect_at_its_end():
    done = []

    def work():
        with held_interrupts():
            for number in (1, 2):
                signal.raise_signal(signal.SIGINT)
                done.append(number)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [1, 2]
    with pytest.raises(KeyboardInterrupt):  # outside a block, at once
        signal.raise_signal(signal.SIGINT)


def test_without_ctrl_c_nothing_happens_and_the_handler_is_restored():
    before = signal.getsignal(signal.SIGINT)
    with held_interrupts():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(ZeroDivisionError), held_interrupts():
        _ = 1 / 0
    assert signal.getsignal(signal.SIGINT) is before


def test_another_handler_of_the_signal_is_called_at_the_end():
    seen = []
    before = signal.signal(signal.SIGINT, lambda *arguments: seen.append(arguments))
    try:
        with held_interrupts():
            signal.raise_signal(signal.SIGINT)
            assert seen == []
        assert [number for number, _ in seen] == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with held_interrupts():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_has_nothing_to_hold():
    done = []

    def work():
        with held_interrupts():
            done.append(nn.MLP(2, [1]).fit(X, Y, epochs=3, progress=False).stopped)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["finished"]


@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("delay", [0.0, 0.01, 0.02, 0.03, 0.05])
def test_ctrl_c_in_machine_code_keeps_the_bits_of_training_for_that_many_whole_epochs(batch_size, delay):
    def trained(epochs, lr=0.02):
        model = nn.MLP(2, [4, 1], seed=1)
        adam = nn.Adam(model.parameters(), lr=lr)
        options = {"batch_size": batch_size, "record": 2, "progress": False}
        return model, adam, model.fit(X, Y, optimizer=adam, epochs=epochs, **options)

    timer = threading.Timer(delay, _thread.interrupt_main)

    def rate(epoch):
        if epoch == 300:  # training is under way
            timer.start()
        return 0.02

    model, adam, history = trained(10**8, rate)
    timer.join()
    epochs = len(history.loss)
    assert history.stopped == "interrupted"
    assert epochs > 300
    other, again, reference = trained(epochs)
    assert reference.loss == history.loss
    assert (again.steps, again.states) == (adam.steps, adam.states)
    numbers = [np.array([parameter.data for parameter in m.parameters()]).tobytes() for m in (model, other)]
    assert numbers[0] == numbers[1] == history.recording.weights[-1].tobytes()
    assert history.recording.epochs == [0, epochs]
