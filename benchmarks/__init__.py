"""Speed and memory compared with other engines, and studies over many seeds."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported
