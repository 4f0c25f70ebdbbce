"""How Sphinx builds the site: `python -m sphinx -W docs build/site`."""

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

import autograd
from autograd import functions

project = "scalar-autograd"
version = release = autograd.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["images"]
nitpicky = True  # a reference that leads nowhere is a warning, and with -W an error
myst_heading_anchors = 3

# The reference is made of the docstrings, which say in words what types would.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
add_module_names = False
napoleon_numpy_docstring = False
napoleon_use_param = False
napoleon_custom_sections = [("Arguments", "params_style"), ("Attributes", "params_style")]  # of several names a line
default_role = "py:obj"  # of what stands between backticks: a link where there is something of that name
nitpick_ignore_regex = [("py:obj", ".*"), ("py:class", "numpy.*")]

html_theme = "furo"
html_title = "scalar-autograd"
html_theme_options = {"light_css_variables": {"code-font-size": "var(--font-size--small--3)"}}  # a table of steps fits
html_show_copyright = html_show_sphinx = False


class DarkPictures(SphinxTransform):
    """Puts beside each picture in light colours the same in dark ones; the theme shows one of them."""

    default_priority = 200

    def apply(self, **options: Any) -> None:
        """See the class."""
        for image in list(self.document.findall(nodes.image)):
            if image["uri"].endswith("-light.svg"):
                dark = image.deepcopy()
                dark["uri"] = image["uri"].replace("-light.svg", "-dark.svg")
                image["classes"].append("only-light")
                dark["classes"].append("only-dark")
                image.parent.insert(image.parent.index(image) + 1, dark)


def _without_types(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Puts an empty type before what a property is and what a function returns: napoleon reads one up to a colon."""
    for place, line in enumerate(lines):
        if (what == "property" and place == 0) or (place > 0 and lines[place - 1].strip() == "Returns:"):
            text = line.lstrip()
            lines[place] = line[: len(line) - len(text)] + ": " + text


def _left_out(app: Any, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Whether a member does without an entry: a function with a page of its own, a field that its tuple describes."""
    elsewhere = app.env.docname == "reference/autograd" and what == "module" and name in functions.__all__
    return True if elsewhere or type(obj).__name__ == "_tuplegetter" else None


def _by_name_alone(app: Any, env: Any, node: Any, text: Any) -> Any:
    """What a docstring calls by a class's name alone, though it is in another package."""
    if node["refdomain"] != "py" or not node["reftarget"][:1].isupper():
        return None
    node["refspecific"] = True
    domain = env.domains.python_domain
    return domain.resolve_xref(env, node["refdoc"], app.builder, node["reftype"], node["reftarget"], node, text)


def setup(app: Any) -> None:
    """Tells Sphinx of the above."""
    app.add_transform(DarkPictures)
    app.connect("autodoc-process-docstring", _without_types, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", _left_out)
    app.connect("missing-reference", _by_name_alone)
