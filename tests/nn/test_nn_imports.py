"""No modules of `nn` import each other in a cycle, not even inside functions."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import nn

PACKAGE = Path(nn.__file__).parent


def name_of(file):
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


FILES = {name_of(file): ast.parse(file.read_text(encoding="utf-8")) for file in PACKAGE.rglob("*.py")}


def imports(tree):
    """The modules of `nn` that a file may import at run time, without its imports for annotations."""
    if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING":
        return
    if isinstance(tree, ast.ImportFrom):
        names = (tree.module, *(f"{tree.module}.{alias.name}" for alias in tree.names))
        yield from (name for name in names if name in FILES and name != "nn")
    for child in ast.iter_child_nodes(tree):
        yield from imports(child)


def test_there_is_no_cycle():
    graph = {name: set(imports(tree)) for name, tree in FILES.items()}
    assert "nn.training.loop" in graph["nn.modules.module"]
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules


def test_losses_know_nothing_of_the_compiler():
    modules = [node.module for node in ast.walk(FILES["nn.losses"]) if isinstance(node, ast.ImportFrom)]
    assert not any(module.startswith("autograd.compiler") for module in modules)
