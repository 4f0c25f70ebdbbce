"""A notebook as the kit hands it out, in a folder of its own: pictures are inside, and links lead to the site."""

import base64
import mimetypes
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

__all__ = ["read"]

_SITE = "https://scalar-autograd.github.io/scalar-autograd/"
_PICTURE = re.compile(r"!\[([^\]]*)\]\((?!\w+:)([^)\s]+)\)")
_PAGE = re.compile(r"\]\(\.\./docs/([\w/]+)\.md(#[^)\s]*)?\)")


def read(path: Path) -> NotebookNode:
    """Reads a notebook, whose pictures and links need no other file of the repository.

    Raises:
        FileNotFoundError: if the notebook, or a picture that it shows, is not there.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _PICTURE.sub(lambda found: _with_picture(found, path.parent), cell.source)
            cell.source = _PAGE.sub(rf"]({_SITE}\1.html\2)", cell.source)
            cell.source = cell.source.replace("](README.md)", f"]({_SITE}lessons.html)")
    return notebook


def _with_picture(found: re.Match[str], folder: Path) -> str:
    picture = folder / found[2]
    kind, _ = mimetypes.guess_type(picture.name)
    return f"![{found[1]}](data:{kind};base64,{base64.b64encode(picture.read_bytes()).decode()})"
