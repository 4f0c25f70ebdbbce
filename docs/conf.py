"""Configuration of the site, which Sphinx builds: `nox --session docs`."""

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

import autograd
from autograd import functions

project = "scalar-autograd"
version = release = autograd.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["images"]
nitpicky = True  # broken references are warnings, which the task `docs` turns into errors
myst_heading_anchors = 3

# The reference is generated from the docstrings, which describe types in words.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
add_module_names = False
napoleon_numpy_docstring = False
napoleon_use_param = False
napoleon_custom_sections = [("Arguments", "params_style"), ("Attributes", "params_style")]  # lists of names
default_role = "py:obj"  # text between backticks becomes a link if something has that name
nitpick_ignore_regex = [("py:obj", ".*"), ("py:class", "numpy.*")]

html_theme = "furo"
html_title = "scalar-autograd"
html_theme_options = {"light_css_variables": {"code-font-size": "var(--font-size--small--3)"}}  # fits tables of steps
html_show_copyright = html_show_sphinx = False


class DarkPictures(SphinxTransform):
    """Adds the dark version after each light picture; the theme shows one of the two."""

    default_priority = 200

    def apply(self, **options: Any) -> None:
        """Adds the dark pictures to the document."""
        for image in list(self.document.findall(nodes.image)):
            if image["uri"].endswith("-light.svg"):
                dark = image.deepcopy()
                dark["uri"] = image["uri"].replace("-light.svg", "-dark.svg")
                image["classes"].append("only-light")
                dark["classes"].append("only-dark")
                image.parent.insert(image.parent.index(image) + 1, dark)


def _without_types(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Starts the descriptions of properties and results with a colon: napoleon takes text before a colon for a type."""
    for index, line in enumerate(lines):
        if (what == "property" and index == 0) or (index > 0 and lines[index - 1].strip() == "Returns:"):
            text = line.lstrip()
            lines[index] = line[: len(line) - len(text)] + ": " + text


def _left_out(app: Any, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Skips members described elsewhere: functions with a page of their own, and the fields of named tuples."""
    elsewhere = app.env.docname == "reference/autograd" and what == "module" and name in functions.__all__
    return True if elsewhere or type(obj).__name__ == "_tuplegetter" else None


def _by_name_alone(app: Any, env: Any, node: Any, text: Any) -> Any:
    """Resolves the unqualified name of a class in another package."""
    if node["refdomain"] != "py" or not node["reftarget"][:1].isupper():
        return None
    node["refspecific"] = True
    domain = env.domains.python_domain
    return domain.resolve_xref(env, node["refdoc"], app.builder, node["reftype"], node["reftarget"], node, text)


def setup(app: Any) -> None:
    """Registers the functions and the transform above with Sphinx."""
    app.add_transform(DarkPictures)
    app.connect("autodoc-process-docstring", _without_types, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", _left_out)
    app.connect("missing-reference", _by_name_alone)
