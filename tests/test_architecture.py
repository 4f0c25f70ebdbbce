"""Imports point one way: between packages, between folders and between files; and the drawing of them is up to date."""

from graphlib import CycleError, TopologicalSorter
from types import SimpleNamespace

import pytest
from support.pictures import seen

from docs.imports import IMAGES, between_folders, folder, imports, modules, without_shortcuts

# From the bottom to the top: a folder imports only those before it. A package's __init__.py counts as a folder.
ORDER = (
    "autograd/without_numpy",
    "autograd",
    "autograd/notation",
    "autograd/compiler/ir",
    "autograd/compiler/trace",
    "autograd/compiler/reroll",
    "autograd/compiler/source",
    "autograd/compiler/llvm",
    "autograd/compiler/targets",
    "autograd/compiler/training",
    "autograd/compiler",
    "autograd/__init__",
    "nn",
    "nn/training",
    "nn/modules",
    "nn/__init__",
    "viz",
    "viz/text",
    "viz/layout",
    "viz/pictures",
    "viz/plots",
    "viz/pages",
    "viz/checking",
    "viz/__init__",
    "viz/playground",
    "viz/command",
)


def circle(arrows):
    """The first circle found, as a list that begins and ends with the same node; [] if there is none."""
    sorter = TopologicalSorter()
    for tail, head in arrows:
        sorter.add(tail, head)
    try:
        sorter.prepare()
    except CycleError as error:
        return error.args[1][::-1]  # the sorter's arrows point the other way
    return []


def test_a_folder_imports_only_folders_below_it():
    """For annotations, under `if TYPE_CHECKING`, it may import others of its package."""
    assert sorted({folder(module) for module in modules()}) == sorted(ORDER)
    upward = [
        f"{importer} imports {imported}"
        for importer, imported, kind in imports()
        if ORDER.index(folder(importer)) < ORDER.index(folder(imported))
        and (kind != "typing" or importer.split(".")[0] != imported.split(".")[0])
    ]
    assert upward == []


def test_no_files_import_each_other_in_a_circle():
    """Imports under `if TYPE_CHECKING` are exempt, because they never run."""
    assert circle((importer, imported) for importer, imported, kind in imports() if kind != "typing") == []


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_the_drawing_shows_the_current_imports(palette):
    arrows = between_folders()
    picture = seen(SimpleNamespace(render=(IMAGES / f"imports-{palette}.svg").read_bytes))
    assert {edge.ends: edge.dashed for edge in picture.edges} == {
        arrow: arrows[arrow] for arrow in without_shortcuts(arrows)
    }, "python docs/imports.py draws it"
