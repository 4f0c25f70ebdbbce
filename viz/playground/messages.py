"""What the page shows for a value or a file, as messages of plain data."""

import base64
import traceback
from collections.abc import Iterator
from typing import Any

from viz.pages.showable import ShowablePage

__all__ = ["Message", "file_message", "value_messages"]

Message = dict[str, str]

_MIME = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "image/gif")  # from the best to show
_METHODS = {"_repr_html_": "text/html", "_repr_svg_": "image/svg+xml", "_repr_png_": "image/png"}


def value_messages(value: Any) -> Iterator[Message]:
    r"""Yields what shows a value as a notebook would; nothing for None.

    A page of `viz` is passed on whole, without the picture that notebooks show in its place. If a value cannot be shown
    as it wants to be, as without NumPy, the reason and its `repr` are.

    >>> list(value_messages([1, 2]))
    [{'kind': 'text', 'stream': 'value', 'text': '[1, 2]\n'}]
    >>> list(value_messages(None))
    []
    """
    if value is None:
        return
    if isinstance(value, ShowablePage):
        yield {"kind": "page", "title": value.title, "html": value.html}
        return
    try:
        content = _content(value)
    except Exception as error:
        yield {"kind": "text", "stream": "err", "text": "".join(traceback.format_exception_only(error))}
        content = None
    if content is None:
        yield {"kind": "text", "stream": "value", "text": f"{_text(value)}\n"}
        return
    mime, data = content
    if mime == "text/html":
        yield {"kind": "html", "html": data}
    else:
        yield {"kind": "picture", "url": f"data:{mime};base64,{data}", "text": _text(value)}


def file_message(name: str, content: bytes) -> Message:
    """Returns the message about a file that was written.

    >>> file_message("a.txt", b"text")
    {'kind': 'file', 'name': 'a.txt', 'content': 'dGV4dA=='}
    """
    return {"kind": "file", "name": name, "content": _base64(content)}


def _content(value: Any) -> tuple[str, str] | None:
    """Returns the type and the data of the best that a value offers, or None: text as it is, pictures as base64."""
    if isinstance(value, type):
        return None
    offered = {}
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
        offered = bundle[0] if isinstance(bundle, tuple) else bundle
    for mime in _MIME:
        if mime in offered:
            return mime, _encoded(mime, offered[mime])
    for method, mime in _METHODS.items():
        if hasattr(value, method) and (data := getattr(value, method)()) is not None:
            return mime, _encoded(mime, data)
    return None


def _encoded(mime: str, data: str | bytes) -> str:
    """The text of HTML and the base64 of a picture; in a bundle, all but SVG is base64 already."""
    if mime == "text/html" or (isinstance(data, str) and mime != "image/svg+xml"):
        return str(data)
    return _base64(data.encode() if isinstance(data, str) else data)


def _text(value: Any) -> str:
    """The text of a value: a text with its own look, such as `viz.code`, is not quoted."""
    return str(value) if isinstance(value, str) and type(value) is not str else repr(value)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
