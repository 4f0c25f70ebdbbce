"""The same seed is the same bits on every machine: whatever its processor, libraries and settings are."""

import json
import math
import os
import platform
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from support.figures import note_cases

from autograd.compiler.training.base import _powers
from autograd.functions import power_by_squaring

PROGRAM = Path(__file__).parents[1] / "support" / "digests.py"
BEYOND = [feature for feature in __cpu_dispatch__ if __cpu_features__.get(feature)]  # what NumPy uses if it can
IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
MACHINES = {  # for each, the processor for which machine code is generated, and the environment
    "of 2005": (
        "x86-64",
        {
            "NPY_DISABLE_CPU_FEATURES": " ".join(BEYOND),
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-AVX,-FMA,-FMA4",
            "OPENBLAS_CORETYPE": "Prescott",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONHASHSEED": "1",
        },
    ),
    "of 2013": (
        "haswell",
        {
            "NPY_DISABLE_CPU_FEATURES": " ".join(f for f in BEYOND if "512" in f or "V4" in f),
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F",
            "OPENBLAS_CORETYPE": "Haswell",
            "OPENBLAS_NUM_THREADS": "2",
            "OMP_NUM_THREADS": "2",
            "PYTHONHASHSEED": "2",
        },
    ),
}


@cache
def digests(machine=""):
    """What the program of digests prints, in another process that believes it runs on another machine."""
    processor, settings = MACHINES.get(machine, ("", {}))
    settings = {name: setting for name, setting in settings.items() if setting}
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM.parents[2]), "PYTHONWARNINGS": "ignore", **settings}
    command = [sys.executable, str(PROGRAM), *([processor] if processor and IS_X86 else [])]
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return json.loads(printed)


TRAINED = {  # by machine code; they change only if the order of a sum or a formula does
    "native SGD": "b5341bd80988",
    "native momentum": "d25b3747ec9d",
    "native Adam": "035513244384",
    "native AdamW": "15a1fc135c5c",
    "native wide tanh": "a67c11dc6f59",
    "native wide relu": "db9b718ed54c",
    "native dropout": "f88eaff4fe56",
}


@pytest.mark.parametrize("name", TRAINED)
def test_named_trainings_have_the_bits_that_they_have_always_had(name):
    assert digests()[name] == TRAINED[name]


@pytest.mark.parametrize("machine", MACHINES)
def test_training_data_and_machine_code_have_the_same_bits_on_a_machine(machine):
    expected, got = digests(), digests(machine)
    assert len(expected) > 40
    note_cases(len(got))
    assert {name for name in expected if got[name] != expected[name]} == set()


def test_a_power_of_the_number_of_a_step_has_the_same_bits_eagerly_and_compiled():
    steps = np.array([1.0, 2.0, 3.0, 7.0, 10.0, 1000.0, 65535.0, 1e6])
    for beta in (0.0, 0.5, 0.9, 0.999, 1.0):
        assert _powers(beta, steps).tolist() == [power_by_squaring(beta, t) for t in steps.tolist()]
    assert _powers(0.999, steps) == pytest.approx(0.999**steps, rel=1e-10)


@pytest.mark.parametrize("n", [-1.0, 0.5, math.inf, math.nan])
def test_a_power_by_squaring_is_refused_instead_of_running_for_ever(n):
    with pytest.raises(ValueError, match=f"the exponent must be a non-negative integer, not {n!r}"):
        power_by_squaring(0.9, n)
