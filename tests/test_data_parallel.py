"""The page on data-parallel training is correct: its program runs unchanged on eight devices."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd

pytest.importorskip("jax")

PAGE = (Path(__file__).parents[1] / "docs" / "data_parallel.md").read_text(encoding="utf-8")
[PROGRAM] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
EXPECTED = re.search(r"What to expect\n\n```\n(.*?)```", PAGE, re.DOTALL).group(1)

CHECKS = """
np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-12)
np.testing.assert_allclose(losses, losses_alone, rtol=1e-12)
assert losses[-1] < losses[0] / 2
assert len(alone.devices()) == 1
assert len(together.devices()) == 8 and together.sharding.is_fully_replicated
for array, width in zip(sharded, (784, 10)):
    shards = array.addressable_shards
    assert len({shard.device for shard in shards}) == 8 and {shard.data.shape for shard in shards} == {(100, width)}
assert "all-reduce" in step.lower(everywhere, *sharded).compile().as_text()
for leaf, number in zip(program.leaves, start):
    leaf.data = float(number)
value, gradients = program.value_and_grad.map(*X.T, *Y.T, reduction="mean")
assert abs(value - losses[0]) < 1e-12
np.testing.assert_allclose(jax.jit(loss_and_gradient)(start, *X.T, *Y.T)[1], gradients, atol=1e-12)
"""


def test_the_program_trains_on_eight_devices_as_on_one(tmp_path):
    script = tmp_path / "data_parallel.py"
    script.write_text(PROGRAM + CHECKS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(autograd.__file__).parents[1]), "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-W", "error", script]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    printed, promised = done.stdout.splitlines(), EXPECTED.splitlines()
    difference = "largest difference from one device: "  # its digits come from rounding
    assert [line for line in printed if not line.startswith(difference)] == [
        line for line in promised if not line.startswith(difference)
    ]
