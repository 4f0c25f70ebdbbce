"""Reads pages back, and has texts that tests put into them."""

import json
from html.parser import HTMLParser

from viz.labels import number
from viz.pages.language import language_of

HOSTILE = [  # texts that must stay text in a page
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]><!--",
    "$title ${program} $$",
    "'\"`&amp;\\",
    "\u2028\u2029\0\x1b[31m",
    "constructor",
    "..",
    "a" * 200 + "." + "b" * 200,
    "\\frac{1}{0} \\data{0} \\constructor{1}",
]


SIZES_OF_TEXT = """() => [...document.querySelectorAll("body *")].flatMap((element) => {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const { width } = element.getBoundingClientRect();
    if (!texts.length || !width || element.closest("noscript")) return [];
    const scale = element.closest(".scene") ? element.getCTM().a : 1;
    return [[scale * parseFloat(getComputedStyle(element).fontSize), element.textContent]];
})"""
"""JavaScript that returns the size of each text of a page in pixels, with the text."""


# All texts of a page outside of code and formulas, and those for screen readers.
_TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    const isCode = (element) => element.closest("script, style, code, pre, math, .box, .frames, option, .fact");
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!isCode(node.parentElement)) texts.push(node.data.trim());
    }
    for (const element of document.querySelectorAll("[aria-label], [title]")) {
        texts.push(...[element.getAttribute("aria-label"), element.getAttribute("title")].filter(Boolean));
    }
    return texts.filter(Boolean);
}"""


def english_in(page, code):
    """The texts of a page in another language that are in English."""
    table = language_of(code).table
    same = {*table.values()}
    return {text for text in page.evaluate(_TEXTS) if text in table and text not in same}


def in_windows(page, sizes):
    """Loads a page again in a window of each size, which is faster than opening another page, and yields the size.

    The state that a page keeps in its address is left out. The size is printed, so that a test that fails shows it.
    """
    address = page.url
    for width, height in sizes:
        print(f"in a window of {width} x {height}")
        page.goto("about:blank")
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        yield width, height


class Elements(HTMLParser):
    """The elements of a page: tag and attributes in order, and the text of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.inside = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.texts.append("")
        self.inside = True

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.texts[-1] += data

    def of(self, tag):
        return [
            (attributes, text) for (name, attributes), text in zip(self.tags, self.texts, strict=True) if name == tag
        ]

    @property
    def data(self):
        return next(json.loads(text) for attributes, text in self.of("script") if attributes.get("id") == "data")


def shown(x):
    """A number as a page writes it: as a picture does."""
    return number(x, 4)
