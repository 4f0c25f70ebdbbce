"""In CI, the property tests draw the same examples each time, so that no change fails because of an unrelated bug.

No test has a deadline, so none fails on a slow machine. Each worker of pytest-xdist has one core, so the threads of
NumPy's linear algebra would only wait for each other: it gets one.
"""

import os
import signal
import threading

if "PYTEST_XDIST_WORKER" in os.environ:  # before NumPy is imported
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
import support.core
from fuzz.stored import pytest_collection_modifyitems  # noqa: F401 (a hook of pytest)
from hypothesis import settings

settings.register_profile("untimed", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("untimed")


def pytest_runtest_setup(item):
    """Skips the tests of what only the Python source of the core can do."""
    if item.get_closest_marker("pure_python") and support.core.COMPILED:
        pytest.skip("needs the core as Python: SCALAR_AUTOGRAD_PURE=1")


@pytest.fixture(autouse=True)
def ctrl_c_is_not_ignored():
    """Restores Python's handler where the tests were started with SIGINT ignored, as in the background of a shell.

    The programs that a test starts would otherwise ignore it as well.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN or threading.current_thread() != threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, signal.SIG_IGN)
