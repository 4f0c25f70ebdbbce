"""Imports point one way, and `import autograd` is light."""

import ast
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import autograd

PACKAGE = Path(autograd.__file__).parent
ROOT = PACKAGE.parent
HEAVY = ["numpy", "dataclasses", "typing", "re", "nn", "viz", "autograd.compiler", "autograd.arrays", "inspect", "enum"]


def python(code, path):
    """What a fresh interpreter, with nothing else on its path, says to `code`."""
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(path)!r})\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)


def imports_of(package):
    """(file, imported module) for every import statement of a package, wherever in a file it stands."""
    for file in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((file.name, alias.name.split(".")[0]) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}: imports are absolute"
                yield file.name, node.module.split(".")[0]


def statements(tree):
    """Every statement of a file that may run: all except those under `if TYPE_CHECKING`."""
    if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING":
        children = tree.orelse
    else:
        yield tree
        children = ast.iter_child_nodes(tree)
    for child in children:
        yield from statements(child)


def engine():
    """The modules of `autograd` without its compiler, and the modules that each may import, also inside functions."""
    files = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): ast.parse(file.read_text(encoding="utf-8"))
        for file in (*PACKAGE.glob("*.py"), *(PACKAGE / "notation").glob("*.py"))
    }
    return {
        name: {
            module
            for node in statements(tree)
            if isinstance(node, ast.ImportFrom)
            for module in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
            if module in files
        }
        for name, tree in files.items()
    }


def test_no_modules_of_the_engine_import_each_other_in_a_circle():
    imports = engine()
    assert {"autograd.graph", "autograd.ufuncs"} < imports["autograd.value"]
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the modules


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


@pytest.mark.parametrize(("package", "above"), [("autograd", {"nn", "viz"}), ("nn", {"viz"})])
def test_no_package_imports_one_above_it(package, above):
    assert [(file, module) for file, module in imports_of(package) if module in above] == []


def test_every_public_name_can_be_imported():
    assert [name for name in autograd.__all__ if not hasattr(autograd, name)] == []
    assert set(autograd.__all__) <= set(dir(autograd))
    with pytest.raises(AttributeError, match="nonesuch"):
        _ = autograd.nonesuch


def test_the_other_autograd_in_the_same_folder_is_noticed(tmp_path):
    copy = tmp_path / "autograd"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert python("import autograd", tmp_path).stderr == ""
    (copy / "numpy").mkdir()
    warning = python("import autograd", tmp_path).stderr
    assert "RuntimeWarning: the PyPI package 'autograd' is installed in this environment too" in warning
    assert "uninstall both" in warning
