"""In CI the property tests draw the same examples each time, so that a change is not failed for another's bug.

No test is timed: a slow machine fails none.
"""

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("untimed")
