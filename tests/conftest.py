"""In CI, the property tests draw the same examples each time, so that no change fails because of an unrelated bug.

No test has a deadline, so none fails on a slow machine. Each worker of pytest-xdist has one core, so the threads of
NumPy's linear algebra would only wait for each other: it gets one.
"""

import os

if "PYTEST_XDIST_WORKER" in os.environ:  # before NumPy is imported
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from fuzz.stored import pytest_collection_modifyitems  # noqa: F401 (a hook of pytest)
from hypothesis import settings

settings.register_profile("untimed", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("untimed")
