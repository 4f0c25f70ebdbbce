"""Machine code is kept up to a total size, and several threads may compile and call it."""

import gc
import sys
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import autograd
from autograd import Value, functions

pytest.importorskip("llvmlite")

import autograd.compiler.targets.native as native
from autograd.compiler.llvm.kept import KEPT, Kept
from autograd.compiler.llvm.vector import Vector


def sized(kept, key, size):
    """What is kept for a key; made with this size if nothing is."""
    made = []
    kept.get(key, lambda: (made.append(key), size))
    return bool(made)


def test_the_total_size_never_exceeds_the_limit_and_the_least_recently_used_go_first():
    kept = Kept(100)
    assert [sized(kept, key, 40) for key in "abacab"] == [True, True, False, True, False, True]
    assert kept.size == 80
    assert not sized(kept, "b", 40)
    assert not sized(kept, "a", 40)


def test_what_exceeds_the_limit_alone_is_made_but_not_kept_and_displaces_nothing():
    kept = Kept(100)
    assert [sized(kept, "small", 60), sized(kept, "large", 101), sized(kept, "large", 101)] == [True] * 3
    assert not sized(kept, "small", 60)
    assert kept.size == 60


def test_what_fails_to_be_made_leaves_nothing_behind():
    kept = Kept(100)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: (1 // 0, 10))
    assert kept.size == 0
    assert sized(kept, "a", 10)


@pytest.mark.parametrize("keys", ["aaaa", "abcd"])
def test_threads_make_one_thing_at_a_time_and_each_thing_once(keys):
    kept, together, making, made = Kept(100), Barrier(4), [], []

    def make(key):
        making.append(key)
        time.sleep(0.02)
        made.append([*making])
        making.remove(key)
        return key.upper(), 1

    def get(key):
        together.wait()
        return kept.get(key, lambda: make(key))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(get, keys)) == list(keys.upper())
    assert sorted(made) == [[key] for key in sorted(set(keys))]


def compiled(constant):
    """A program that calls functions which all programs share, at a number that differs from program to program."""
    f = lambda x: (constant * x).sin() + (x * x + constant) ** 1.5 - x.cos().log1p()  # noqa: E731
    return autograd.compile(f, target="native").value_and_grad(0.5)


@pytest.fixture
def without_functions(monkeypatch):
    """Nothing is kept, and the shared functions are to be written again."""
    monkeypatch.setattr(native, "KEPT", Kept(KEPT.limit))
    for name in ("sin", "cos", "power"):
        getattr(Vector, name).defined.cache_clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("without_functions")
def test_threads_may_compile_at_the_same_time():
    constants = [1.0 + k / 7 for k in range(12)]
    with ThreadPoolExecutor(4) as threads:
        got = list(threads.map(compiled, constants))
    assert got == [compiled(constant) for constant in constants]


def test_a_program_runs_although_its_machine_code_is_not_kept(monkeypatch):
    monkeypatch.setattr(native, "KEPT", Kept(0))
    programs = [autograd.compile(lambda x, c=c: functions.exp(x) * c, target="native") for c in (2.0, 3.0)]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(3):
            assert list(threads.map(lambda k: programs[k % 2](0.0), range(8))) == [2.0, 3.0] * 4
    assert native.KEPT.size == 0


def test_machine_code_that_is_neither_kept_nor_held_is_freed(monkeypatch):
    monkeypatch.setattr(native, "KEPT", Kept(0))
    x = Value(1.0, "x")
    program = autograd.compile(x * 5.0, [x], target="native")
    program(1.0)
    engine = weakref.ref(program._output._program.execution._target._values[0].engine)
    del program
    gc.collect()
    assert engine() is None


def test_programs_and_training_loops_share_the_limit():
    assert KEPT.limit == 256 * 2**20
    before = KEPT.size
    autograd.compile(lambda x: x * 1.25 + 0.125, target="native")(1.0)
    assert 50_000 < KEPT.size - before < 500_000
