"""In CI the property tests draw the same examples each time, so that a change is not failed for another's bug."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
