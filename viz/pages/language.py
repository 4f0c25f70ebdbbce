"""The languages of pages: each text that a page shows, in English in its sources, is translated by a table.

A table is the file `languages/<code>.json`, from English texts to those of the language. In both, {0}, {1}, ... stand
for what differs from page to page. A language needs nothing but its file.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Language", "language_codes", "language_of", "texts_of_html", "texts_of_script"]

_UNTRANSLATED = re.compile(r"(<style>.*?</style>|<code>.*?</code>)", re.DOTALL)
_TEXT = re.compile(r'(?:(?<=>)|^)[^<>]+(?=<|$)|\b(?:title|aria-label)="[^"]*"')
_WORD = re.compile(r"[^\W\d_]{2}")
_PLACEHOLDER = re.compile(r"\$\w+")
_TEMPLATE = re.compile(r"\btr`((?:[^`$]|\$\{[^{}`]*\})*)`")  # a template literal that words.js translates
_VALUE = re.compile(r"\$\{[^{}`]*\}")


@dataclass(frozen=True)
class Language:
    """A language.

    Attributes:
        code: its code for browsers and screen readers, such as "es".
        table: the translations of all texts; empty for English.
    """

    code: str
    table: Mapping[str, str]

    def words(self, english: str, *values: object) -> str:
        """Returns a text in this language, with values in place of {0}, {1}, ...

        >>> language_of("es").words("The graph of {0}", "y")
        'El grafo de y'
        """
        return (self.table[english] if self.table else english).format(*values)

    def page(self, template: str) -> str:
        """Translates the texts of HTML, and those of its attributes `title` and `aria-label`."""
        return (
            _map_texts(template, lambda text: html.escape(self.words(html.unescape(text)))) if self.table else template
        )

    def table_for(self, script: str) -> dict[str, str]:
        """Returns the translations of the texts of a script."""
        return {text: self.table[text] for text in texts_of_script(script)} if self.table else {}


_ENGLISH = Language("en", {})


def _map_texts(template: str, change: Callable[[str], str]) -> str:
    """Replaces every text of HTML that has a word which is not a placeholder of a template."""

    def changed(match: re.Match[str]) -> str:
        name, quote, text = match[0].partition('="') if match[0].endswith('"') else ("", "", match[0])
        shown = " ".join(text.removesuffix('"').split()) if quote else " ".join(text.split())
        if not _WORD.search(_PLACEHOLDER.sub("", shown)):
            return match[0]
        return f'{name}="{change(shown)}"' if quote else text.replace(text.strip(), change(shown))

    parts = _UNTRANSLATED.split(template)  # every second one is not translated
    parts[::2] = [_TEXT.sub(changed, part) for part in parts[::2]]
    return "".join(parts)


def texts_of_html(template: str) -> list[str]:
    """Returns the English texts of HTML, as they stand in a table.

    >>> texts_of_html('<button title="Back (←)">Back</button> <b>$name</b>')
    ['Back (←)', 'Back']
    """
    found: list[str] = []

    def note(text: str) -> str:
        found.append(html.unescape(text))
        return text

    _map_texts(template, note)
    return found


def texts_of_script(script: str) -> list[str]:
    """Returns the English texts of a script, as they stand in a table: its template literals with the tag `tr`.

    >>> texts_of_script("say(tr`Epoch ${epoch} of ${all.length}`);")
    ['Epoch {0} of {1}']
    """
    return [_numbered(text) for text in _TEMPLATE.findall(script)]


def _numbered(text: str) -> str:
    """A template literal with {0}, {1}, ... for its expressions."""
    first, *others = _VALUE.split(text)
    return first + "".join(f"{{{number}}}{part}" for number, part in enumerate(others))


def language_of(code: str) -> Language:
    """Returns a language.

    Raises:
        ValueError: if there is none with this code.
    """
    if code == "en":
        return _ENGLISH
    if code not in language_codes():
        raise ValueError(f"lang must be one of {', '.join(map(repr, language_codes()))}, not {code!r}")
    return _read(code)


@cache
def _read(code: str) -> Language:
    text = files("viz.pages").joinpath("languages", f"{code}.json").read_text(encoding="utf-8")
    return Language(code, json.loads(text))


@cache
def language_codes() -> tuple[str, ...]:
    """Returns the codes of all languages.

    >>> language_codes()[:2]
    ('en', 'es')
    """
    names = (file.name for file in files("viz.pages").joinpath("languages").iterdir())
    return ("en", *sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))
