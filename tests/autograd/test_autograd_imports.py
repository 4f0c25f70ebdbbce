"""`import autograd` is light, and complete."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd

PACKAGE = Path(autograd.__file__).parent
ROOT = PACKAGE.parent
HEAVY = ["numpy", "dataclasses", "typing", "re", "nn", "viz", "autograd.compiler", "autograd.arrays", "inspect", "enum"]


def python(code, path):
    """Runs `code` in a new interpreter with only `path` on its path; returns what it printed."""
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(path)!r})\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)


def test_import_autograd_loads_nothing_heavy():
    loaded = python("import autograd; print(*sys.modules)", ROOT).stdout.split()
    assert "autograd.value" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_the_engine_works_on_scalars_without_numpy():
    code = """
        import autograd
        x = autograd.Value(2.0)
        y = (x**2 + 1).tanh() / autograd.exp(x) + autograd.maximum(x, 1.0)
        y.backward()
        autograd.gradcheck(y); autograd.grad(lambda v: v[0] * v[1])([1.0, 2.0])
        print("numpy" in sys.modules)
    """
    assert python("\n".join(line.strip() for line in code.splitlines()), ROOT).stdout == "False\n"


def test_every_public_name_can_be_imported():
    assert [name for name in autograd.__all__ if not hasattr(autograd, name)] == []
    assert set(autograd.__all__) <= set(dir(autograd))
    with pytest.raises(AttributeError, match="nonesuch"):
        _ = autograd.nonesuch


def test_the_other_autograd_in_the_same_folder_is_reported(tmp_path):
    copy = tmp_path / "autograd"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert python("import autograd", tmp_path).stderr == ""
    (copy / "numpy").mkdir()
    warning = python("import autograd", tmp_path).stderr
    assert "RuntimeWarning: the PyPI package 'autograd' is installed in this environment too" in warning
    assert "uninstall both" in warning
