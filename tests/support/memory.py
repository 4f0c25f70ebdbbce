"""The memory that code takes at its peak, in a process of its own."""

import subprocess
import sys
from pathlib import Path

__all__ = ["WIDE_SUMS", "peak_of", "wide_sum"]

ROOT = Path(__file__).parents[2]

_PEAK = """
def peak():
    try:  # not the figure of getrusage, which on Linux begins with that of the process that started this one
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except FileNotFoundError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(peak())
"""

_PRELUDE = """
import numpy as np
import autograd
from autograd import Value
autograd.compile(lambda x: x * x, target="native").value_and_grad(1.0)
"""

WIDE_SUMS = {
    "numpy.sum of Values": """
x = autograd.array(np.full({terms}, 0.5))
program = autograd.compile(np.sum(x), inputs=x.tolist(), target="native")
numbers = [0.5] * {terms}
assert program(*numbers) == {terms} / 2
assert program.value_and_grad(*numbers)[0] == {terms} / 2
""",
    "sum of products": """
w = [Value(0.5, role="parameter") for _ in range({terms})]
x = [Value(2.0, role="input") for _ in range({terms})]
program = autograd.compile(sum(a * b for a, b in zip(w, x)), inputs=x, target="native")
numbers = [2.0] * {terms}
assert program(*numbers) == {terms}
assert program.value_and_grad(*numbers) == ({terms}, numbers)
""",
}
"""Programs that record a sum of {terms} terms, compile it, and call it for its value and its gradient."""


def peak_of(code: str) -> int:
    """Returns the largest number of bytes of memory that a process has at once while it runs some code.

    Raises:
        RuntimeError: if the code raises an exception; the message ends with its own.
    """
    command = [sys.executable, "-c", f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{code}\n{_PEAK}"]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(f"the code failed:\n{ended.stderr}")
    return int(ended.stdout.split()[-1])


def wide_sum(name: str, terms: int = 1_000_000, settings: str = "") -> int:
    """Returns the peak of one of `WIDE_SUMS`, graph and results included, or of an empty one if there are no terms.

    Arguments:
        name: which one.
        terms: the number of terms.
        settings: code to run before it.
    """
    code = WIDE_SUMS[name].format(terms=terms) if terms else ""
    return peak_of(_PRELUDE + settings + code)
