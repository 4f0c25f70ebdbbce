"""The scripts of the pages: bundled in the order of their imports, all of them used, no name defined twice."""

import re
from importlib.resources import files

import pytest

from viz.pages.page import asset
from viz.pages.scripts import joined, modules_of

PAGES = ["exercise", "explorer", "live", "matrices", "replay", "server"]  # the last runs in the worker of the live page
ASSETS = [file.name for file in files("viz.pages").joinpath("assets").iterdir()]


def scripts(**imports):
    """Returns a function that reads modules, which import others by name."""
    texts = {
        f"{name}.js": "".join(f'import {{ {other} }} from "./{other}.js";\n' for other in others)
        + f"export const {name} = 1;\n"
        for name, others in imports.items()
    }
    return texts.__getitem__


def top_level_names(script):
    """The names that a script defines at its top level."""
    text = asset(f"{script}.js")
    names = re.findall(r"^(?:export )?(?:const|let|class|function) (\w+)", text, re.MULTILINE)
    for listed in re.findall(r"^(?:export )?(?:const|let) [{[]([^}\]]*)[}\]]", text, re.MULTILINE):
        names += [name.split(":")[-1].strip() for name in listed.split(",")]
    return names


def test_a_module_comes_after_all_that_it_imports_and_only_once():
    read = scripts(a=["b", "c"], b=["d"], c=["b", "d"], d=[])
    assert modules_of("a", read) == ["d", "b", "c", "a"]


@pytest.mark.parametrize("page", PAGES)
def test_every_script_of_a_page_comes_after_those_that_it_imports(page):
    order = modules_of(page, asset)
    for position, module in enumerate(order):
        imported = re.findall(r'from "\./(\w+)\.js"', asset(f"{module}.js"))
        assert set(imported) <= set(order[:position])


@pytest.mark.parametrize(
    ("imports", "circle"),
    [({"a": ["a"]}, "a → a"), ({"a": ["b"], "b": ["c"], "c": ["b"]}, "b → c → b")],
)
def test_a_cycle_of_imports_is_rejected(imports, circle):
    with pytest.raises(ValueError, match=f"in a cycle: {circle}$"):
        joined("a", scripts(**imports))


def test_a_bundle_has_no_imports_or_exports_left():
    for page in PAGES:
        assert not re.search(r"^(?:import|export)\b", joined(page, asset), re.MULTILINE)


def test_an_import_over_several_lines_is_followed():
    texts = {"a.js": 'import {\n  b,\n  c,\n} from "./b.js";\nb(c);\n', "b.js": "export const b = 1, c = 2;\n"}
    assert joined("a", texts.__getitem__) == "const b = 1, c = 2;\nb(c);\n"


def test_every_script_belongs_to_a_page_or_runs_in_the_notebook_around_it():
    used = {f"{module}.js" for page in [*PAGES, "bridge"] for module in modules_of(page, asset)}
    assert used == {name for name in ASSETS if name.endswith(".js")}


@pytest.mark.parametrize("page", PAGES)
def test_no_name_is_defined_at_the_top_level_of_two_scripts(page):
    names = [name for module in modules_of(page, asset) for name in top_level_names(module)]
    assert len(names) > (10 if page == "server" else 100)
    assert sorted(names) == sorted(set(names))
