"""The page of the playground."""

import html
import json
from importlib.resources import files
from string import Template

import autograd
from viz.pages.page import asset, colors
from viz.pages.scripts import joined
from viz.playground.examples import EXAMPLES
from viz.playground.version import PYODIDE

__all__ = ["index", "read"]

# The pages that Python makes stand in frames, which inherit this policy; each has a stricter one of its own. None may
# ask another server for anything.
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'unsafe-inline' blob:",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "font-src data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)


def index(size: int) -> str:
    """Returns the page.

    Arguments:
        size: the number of bytes that its worker fetches, for the progress bar.
    """
    data = {"size": size, "examples": {name: {"title": e.title, "code": e.code} for name, e in EXAMPLES.items()}}
    return Template(read("index.html")).substitute(
        policy=_POLICY,
        style=asset("page.css") + read("playground.css") + colors("auto"),
        data=json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
        options="".join(f'<option value="{name}">{html.escape(e.title)}</option>' for name, e in EXAMPLES.items()),
        version=autograd.__version__,
        pyodide=PYODIDE,
        megabytes=f"{size / 1e6:.0f}",
        script=joined("playground", read),
    )


def read(name: str) -> str:
    """Returns the text of an asset of the playground, or, if it has none of that name, of the other pages."""
    own = files("viz.playground").joinpath("assets", name)
    return own.read_text(encoding="utf-8") if own.is_file() else asset(name)
