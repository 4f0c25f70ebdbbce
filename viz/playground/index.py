"""The page of the playground."""

import html
from importlib.resources import files
from string import Template

import autograd
from viz.pages.language import Language
from viz.pages.page import asset, colors, in_script
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


def index(size: int, language: Language) -> str:
    """Returns the page.

    Arguments:
        size: the number of bytes that its worker fetches, for the progress bar.
        language: its language.
    """
    script = joined("playground", read)
    if translations := language.table_for(script):
        script = f"globalThis.translations={in_script(translations)};\n{script}"
    titles = {name: language.words(example.title) for name, example in EXAMPLES.items()}
    data = {"size": size, "examples": {name: {"title": titles[name], "code": e.code} for name, e in EXAMPLES.items()}}
    return Template(language.page(read("index.html"))).substitute(
        lang=language.code,
        policy=_POLICY,
        style=asset("page.css") + read("playground.css") + colors("auto"),
        data=in_script(data),
        options="".join(f'<option value="{name}">{html.escape(title)}</option>' for name, title in titles.items()),
        version=autograd.__version__,
        pyodide=PYODIDE,
        megabytes=f"{size / 1e6:.0f}",
        script=script,
    )


def read(name: str) -> str:
    """Returns the text of an asset of the playground, or, if it has none of that name, of the other pages."""
    own = files("viz.playground").joinpath("assets", name)
    return own.read_text(encoding="utf-8") if own.is_file() else asset(name)
