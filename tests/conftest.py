"""In CI, the property tests draw the same examples each time, so that no change fails because of an unrelated bug.

No test has a deadline, so none fails on a slow machine.
"""

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("untimed")
