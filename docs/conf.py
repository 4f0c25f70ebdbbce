"""Configuration of the site, which Sphinx builds: `nox --session docs`."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from mdit_py_plugins.anchors.index import slugify
from sphinx.transforms import SphinxTransform
from sphinx.util.logging import getLogger

import autograd
from autograd import functions

DOCS = Path(__file__).parent
_README = "https://github.com/scalar-autograd/scalar-autograd/blob/main/notebooks/README.md"  # not part of the site
sys.path[:0] = [str(DOCS), str(DOCS.parent)]  # for the directives, and the modules of the notebooks

from directives import FOLDER  # noqa: E402  (it is found only now)
from links import missing_files  # noqa: E402  (as above)
from notebook_pages import for_site  # noqa: E402  (as above)

from notebooks.kit.formulas import mathml  # noqa: E402  (as above)

logger = getLogger(__name__)

project = "scalar-autograd"
version = release = autograd.__version__

extensions = ["myst_nb", "sphinx_design", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "directives"]
exclude_patterns = ["gallery", "images"]
nitpicky = True  # broken references are warnings, which the task `docs` turns into errors
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are shown with their stored outputs, which tests compare with those of a run

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
html_static_path = ["_static", "../viz/pages/assets/math.woff2"]
html_math_renderer = "mathml"  # browsers draw it without a script from another server
html_css_files = ["site.css"]
html_show_copyright = html_show_sphinx = False


def _copy_notebooks(app: Any) -> None:
    """Copies the notebooks into this folder, with links as Sphinx reads them: it shows only what is in one folder."""
    source, copy, made = DOCS.parent / "notebooks", DOCS / "notebooks", Path(app.outdir) / FOLDER
    shutil.rmtree(copy, ignore_errors=True)
    for path in source.rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8").replace("../docs/", "../").replace("](README.md", f"]({_README}")
        text = re.sub(r"(?<=\.ipynb#)[^)\s]+", lambda anchor: slugify(anchor[0]), text)
        notebook = nbformat.reads(text, as_version=4)
        place = copy / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        if app.builder.format == "html":
            for_site(notebook, path.stem, made, "../" * len(place.relative_to(DOCS).parent.parts) + FOLDER)
        nbformat.write(notebook, place)


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
        if (what in ("property", "attribute") and index == 0) or (index > 0 and lines[index - 1].strip() == "Returns:"):
            text = line.lstrip()
            lines[index] = line[: len(line) - len(text)] + ": " + text


def _write_math(translator: Any, node: nodes.math | nodes.math_block) -> None:
    """Writes a formula as MathML."""
    try:
        text = mathml(node.astext(), block=isinstance(node, nodes.math_block))
    except ValueError as error:
        logger.warning("%s", error, location=node)
        raise nodes.SkipNode from None
    translator.body.append(text)
    raise nodes.SkipNode


def _with_picture(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Adds the picture or the page that the example of a function of viz makes."""
    made = Path(app.outdir) / FOLDER
    if what == "function" and (made / f"{name}.html").is_file():
        lines += ["", f".. live:: {name}", ""]
    elif what == "function" and (made / f"{name}.svg").is_file():
        lines += ["", f".. picture:: {name}", ""]


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


def _check_files(app: Any, exception: Exception | None) -> None:
    """Warns of each file that a page of the site refers to and that does not exist."""
    if exception is None and app.builder.format == "html":
        for page, reference in missing_files(Path(app.outdir)):
            logger.warning("%s refers to %s, which does not exist", page.relative_to(app.outdir), reference)


def setup(app: Any) -> None:
    """Registers the functions and the transform above with Sphinx."""
    app.connect("build-finished", _check_files)
    app.connect("builder-inited", _copy_notebooks)
    app.add_html_math_renderer("mathml", (_write_math, None), (_write_math, None))
    app.add_transform(DarkPictures)
    app.connect("autodoc-process-docstring", _without_types, priority=400)  # before napoleon
    app.connect("autodoc-process-docstring", _with_picture)
    app.connect("autodoc-skip-member", _left_out)
    app.connect("missing-reference", _by_name_alone)
