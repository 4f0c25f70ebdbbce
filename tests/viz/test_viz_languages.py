"""Pages in other languages: every text has a translation, and nothing of the English remains."""

import re
from pathlib import Path
from string import Formatter, Template

import pytest
from support.pages import Elements

import nn
import viz
from autograd import Value, array
from viz.exercises.judging import MISTAKES
from viz.pages.language import language_codes, language_of, texts_of_html, texts_of_script
from viz.playground.examples import EXAMPLES

FOLDER = Path(viz.__file__).parent
FILES = [*FOLDER.glob("*/assets/*")]
OTHERS = [code for code in language_codes() if code != "en"]
UNITS = ("step", "epoch")
IN_PYTHON = re.compile(r'\bwords\(\s*[f]?["\']([^"\'{]*(?:\{\d\}[^"\'{]*)*)["\']|super\(\).__init__\(title, "([^"]+)"')


def texts_of_pages():
    """Every English text that a page may show, from its sources."""
    found = {f"{{0}} {mistake}." for mistake in MISTAKES.values()} | {example.title for example in EXAMPLES.values()}
    for path in (path for path in FILES if path.suffix == ".js"):
        found.update(texts_of_script(path.read_text(encoding="utf-8")))
    for path in (path for path in FILES if path.suffix == ".html"):
        template = path.read_text(encoding="utf-8")
        for unit in UNITS:
            found.update(texts_of_html(Template(template).safe_substitute(unit=unit)))
    for path in FOLDER.rglob("*.py"):
        found.update(a or b for a, b in IN_PYTHON.findall(path.read_text(encoding="utf-8")))
    return found


def places(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_pages_speak_english_spanish_and_chinese():
    assert {"en", "es", "zh"} <= {*language_codes()}


@pytest.mark.parametrize("code", OTHERS)
def test_a_table_has_exactly_the_texts_of_the_pages(code):
    assert set(language_of(code).table) == texts_of_pages()


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_values_of_its_text_and_no_markup(code):
    for english, other in language_of(code).table.items():
        assert places(english) == places(other), english
        assert other.strip() == other != ""
        assert not set("<>`") & set(other), english
        assert re.findall(r"\$\w*", english) == re.findall(r"\$\w*", other), english


def test_every_template_literal_for_translation_is_read():
    for path in (path for path in FILES if path.suffix == ".js"):
        script = path.read_text(encoding="utf-8")
        assert len(texts_of_script(script)) == len(re.findall(r"\btr`", script)), path.name


def test_every_text_of_a_script_goes_through_the_table():
    """Sentences are found by their blanks: those of names of classes, colours, paths and commands are none."""
    for path in (path for path in FILES if path.suffix == ".js"):
        script = re.sub(r"/\*.*?\*/|//[^\n]*|Error\([^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        untagged = re.findall(r'(?<!tr)(?:"([^"\n]*)"|`([^`\n]*)`)', re.sub(r"tr`[^`]*`", "", script))
        texts = {text for pair in untagged for text in pair if re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", text)}
        assert texts <= SPEECHLESS, path.name


SPEECHLESS = {"scalar-autograd: tour of the ${name}"}  # a key of the storage of the browser


def made(code):
    """A page of each kind in a language."""
    w, x = Value(0.5, "w"), Value(3.0, "x")
    model = nn.MLP(2, [2, 1], output_activation="sigmoid", seed=0)
    history = model.fit(*nn.datasets.xor(), epochs=3, record=3, progress=False)
    task = viz.exercise((w * x).tanh(), lang=code)
    return [
        viz.explore((w * x).tanh(), lang=code),
        viz.explore(model([0.5, 1.0]), lang=code, grain="matrix"),
        viz.explore_training(history, lang=code),
        viz.train(model, *nn.datasets.xor(), lang=code, activations=(), sizes=()),
        task,
        task.sheet(key=True),
    ]


@pytest.mark.parametrize("code", language_codes())
def test_a_page_names_its_language_and_has_none_of_another(code):
    for page in made(code):
        assert f'<html lang="{code}">' in page.html
        assert ("var translations" in page.html) == (code != "en" and "<script" in page.html)
        visible = re.sub(r"<(script|style)\b.*?</\1>|<(?:code|svg)\b.*?</(?:code|svg)>", "", page.html, flags=re.DOTALL)
        shown = set(texts_of_html(visible))
        if code != "en":
            assert not {text for text in shown if text in language_of(code).table} - set(
                language_of(code).table.values()
            )


@pytest.mark.parametrize("code", language_codes())
def test_layers_without_a_name_have_one_in_the_language_of_the_page(code):
    x, w = array([0.5, -1.0]), array([[0.1, 0.2], [0.3, 0.4]])
    data = Elements(viz.explore((w @ (w @ x)).sum().exp(), lang=code, grain="matrix").html).data
    titles = [block["title"] for block in data["blocks"]]
    words = language_of(code).words
    assert titles == [words("layer {0}", 1), words("layer {0}", 2), words("other operations")]


def test_a_script_has_only_the_translations_that_it_needs():
    script = "show(tr`Play`)"
    assert language_of("es").table_for(script) == {"Play": "Reproducir"}
    assert language_of("en").table_for(script) == {}


@pytest.mark.parametrize("code", ["de", "", "EN", None, 3])
def test_a_language_that_is_not_there_is_refused(code):
    w = Value(0.5, "w")
    with pytest.raises(
        ValueError, match=re.escape(f"lang must be one of {', '.join(map(repr, language_codes()))}, not {code!r}")
    ):
        viz.explore(w * w, lang=code)


def test_a_value_in_a_text_is_not_read_as_a_place():
    assert language_of("es").words("The graph of {0}", "{1}") == "El grafo de {1}"
