"""The playground in a browser: Python runs there as it does elsewhere, can be stopped, and asks no other server.

`nox -s browser` installs Pyodide by npm, and names its folder in SCALAR_AUTOGRAD_PYODIDE.
"""

import base64
import functools
import os
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from support.pages import english_in
from support.playground import messages_of, outcomes_in_cpython

from viz.pages.language import language_codes, language_of
from viz.playground.examples import EXAMPLES
from viz.playground.folder import write_playground

PACKAGE = os.environ.get("SCALAR_AUTOGRAD_PYODIDE")
pytestmark = pytest.mark.skipif(not PACKAGE, reason="needs Pyodide: see nox -s browser")
SECONDS = 240  # the longest wait for Python to start, on a busy machine
# The bytes of frames are compared, too: the style that stands before a value is that of the page.
SHOWN = """() => [...document.querySelectorAll("#output > *")].map((shown) => {
    if (shown.matches("pre")) return ["text", shown.className.split(" ")[1], shown.textContent];
    const frame = shown.matches("iframe") ? shown : shown.querySelector("iframe");
    return shown.matches("iframe") ? ["html", frame.srcdoc.split("</style>").slice(1).join("</style>")]
        : ["page", shown.querySelector("b").textContent, frame.srcdoc];
})"""


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments):  # a browser that stops a worker no longer reads its files
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a playground, which a server like that of `python -m http.server` offers."""
    folder = tmp_path_factory.mktemp("playground") / "site"
    write_playground(folder, Path(PACKAGE))
    with Server(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def opened(browser, address):
    """A function that opens the playground at a fragment; other requests and complaints are failures."""
    contexts, complaints = [], []

    def open_page(fragment="", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(60_000)  # Python beside it keeps a processor busy
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        own = (address, "blob:", "data:")
        context.on("request", lambda request: request.url.startswith(own) or complaints.append(request.url))
        page.goto(address + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def page(opened):
    """One page for all tests, because Python takes seconds to start."""
    page = opened(viewport={"width": 1280, "height": 720})
    status(page, "Ready")
    return page


def status(page, *beginnings):
    """Waits until the status begins with one of some words; returns it."""
    end = time.monotonic() + SECONDS
    while not (said := page.text_content("#status")).startswith(beginnings):
        assert time.monotonic() < end, f"the page says {said!r} and shows {page.text_content('#output')[:999]}"
        time.sleep(0.02)
    return said


def ran(page, code):
    """What the page shows after it ran a program."""
    page.fill("#code", code)
    page.press("#code", "Shift+Enter")
    status(page, "Done", "It failed")
    return page.evaluate(SHOWN)


def shown(messages):
    """What the page should show for messages: text of one stream stands together, a page that was written is shown."""
    expected = []
    for message in messages:
        if message["kind"] == "text" and expected and expected[-1][:2] == ["text", message["stream"]]:
            expected[-1][2] += message["text"]
        elif message["kind"] == "text":
            expected.append(["text", message["stream"], message["text"]])
        elif message["kind"] == "html":
            expected.append(["html", message["html"]])
        else:
            expected.append(["page", message["title"], message["html"]])
    return expected


@pytest.mark.parametrize("name", ["neuron", "train", "derivatives", "micrograd", "engine"])
def test_an_example_shows_what_it_shows_in_cpython_byte_for_byte(page, name):
    page.select_option("#example", name)
    page.click("#run")
    status(page, "Done")
    assert page.evaluate(SHOWN) == shown(outcomes_in_cpython()[name][1])


def test_a_network_learns_and_its_training_is_replayed(page):
    page.select_option("#example", "xor")
    page.click("#run")
    status(page, "Done")
    text, history, replay = page.evaluate(SHOWN)
    assert text == ["text", "out", "[0.0, 1.0, 1.0, 0.0]\n"]
    assert "History of 300 epochs" in history[1]
    assert replay[1] == "A network learns XOR"
    frame = page.frame_locator("figure.page iframe")
    assert "Epoch 0" in frame.locator("#sentence").inner_text()


def test_a_formula_is_explored_in_its_frame(page):
    page.fill("#formula", "tanh(w*x + b)")
    page.fill("#numbers", "w = 0.7, x=1.5  b=-0.1")
    page.press("#formula", "Enter")
    status(page, "Done")
    _, (*texts, file) = outcomes_in_cpython()["formula"]
    *above, graph = page.evaluate(SHOWN)
    assert above == shown(texts)
    frame = page.frame_locator("figure.page iframe")
    frame.locator("#next").click()
    assert "w · x" in frame.locator("#sentence").inner_text()
    assert graph[1] == file["name"]
    assert graph[2].encode() == base64.b64decode(file["content"])
    assert "#formula=tanh" in page.evaluate("location.hash")


def without_marks(traceback):
    """A traceback without the lines that mark a part of the line above: each version of Python marks other parts."""
    return [line for line in traceback.splitlines() if line.strip(" ~^")]


def test_errors_are_those_of_python_and_of_the_command_line(page):
    code = "from autograd import *\n\ndef f(x):\n    return x + 'a'\n\nf(Value(1.0))"
    [[_, stream, text]], [[_, _, expected]] = ran(page, code), shown(messages_of(code)[1])
    assert stream == "err"
    assert without_marks(text) == without_marks(expected)
    assert status(page, "It failed")
    [[_, _, text]] = ran(page, "from autograd import array\narray([1.0])")
    assert text.endswith("ImportError: autograd.array needs numpy, which is not installed here: pip install numpy\n")
    page.fill("#formula", "1 + tanhh(x)")
    page.press("#formula", "Enter")
    status(page, "It failed")
    assert page.text_content("#output") == (
        "scalar-autograd: error: 'tanhh' at character 5 is not a known function; did you mean 'tanh'?\n"
    )


def test_an_endless_loop_is_stopped_and_its_output_came_before(page):
    page.fill("#code", "print('begun')\nwhile True:\n    pass")
    page.click("#run")
    page.wait_for_selector("text=begun")
    assert page.is_disabled("#run")
    page.click("#stop")
    assert page.text_content("#output") == "begun\nstopped\n"
    assert ran(page, "1 + 1") == [["text", "value", "2\n"]]


def test_the_page_stays_responsive_while_a_program_prints_without_end(page):
    page.fill("#code", "while True:\n    print(1)")
    page.click("#run")
    page.wait_for_selector("text=the rest is left out", timeout=1000 * SECONDS)
    began = time.monotonic()
    page.click("#stop")
    assert time.monotonic() - began < 5.0
    status(page, "Ready")


def test_the_editor_indents_and_lets_the_keyboard_out(page):
    page.fill("#code", "")
    page.focus("#code")
    page.keyboard.type("def f(x):\nif x:\nreturn x\n")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("y")
    page.keyboard.press("Tab")
    page.keyboard.type("z")
    assert page.input_value("#code") == "def f(x):\n    if x:\n        return x\n    y   z"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"


def test_the_code_is_in_the_address_and_waits_for_its_reader_there(page, opened):
    code = "print('ä & b # c')\n2 * 3"
    assert ran(page, "1 + 1") == [["text", "value", "2\n"]]  # no formula is shown, which a link would show, too
    page.fill("#code", "")
    page.type("#code", code)
    end = time.monotonic() + 10
    while "2+*+3" not in (fragment := page.evaluate("location.hash")):
        assert time.monotonic() < end, fragment
        time.sleep(0.05)
    other = opened(fragment)
    assert other.input_value("#code") == code
    status(other, "The code comes from the link")
    assert other.text_content("#output") == "Press Run, or Explore."
    for address, expected in ((f"#code={quote(code)}", code), ("#example=micrograd", EXAMPLES["micrograd"].code)):
        other.goto("about:blank")
        other.goto(page.url.partition("#")[0] + address)
        assert other.input_value("#code") == expected
    other.close()  # it loads Python, which would slow the other tests down


def test_a_formula_of_a_link_runs_and_its_code_still_waits_for_its_reader(opened):
    other = opened(f"#{urlencode({'formula': 'a*b', 'numbers': 'a=2 b=3', 'code': '2 * 3'})}")
    done = status(other, "Done")
    assert done.endswith(". The code comes from the link: read it, then press Run.")
    assert other.evaluate(SHOWN)[-1][1] == "graph.html"
    other.click("#run")
    assert "link" not in status(other, "Done")
    assert other.evaluate(SHOWN) == [["text", "value", "6\n"]]
    other.evaluate("location.hash = 'code=4 * 5'")  # another link, in the page that is open
    status(other, "The code comes from the link: read it, then press Run.")
    assert other.input_value("#code") == "4 * 5"
    assert other.evaluate(SHOWN) == [["text", "value", "6\n"]]
    other.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (375, 812)])
def test_after_a_run_the_beginning_of_its_results_is_visible_and_no_value_is_cut(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("scrollTo(0, 0)")
    page.select_option("#example", "engine")
    page.focus("#code")
    page.keyboard.press("Shift+Enter")
    status(page, "Done")
    result = page.locator("#output iframe")
    end = time.monotonic() + 10
    while result.evaluate("(frame) => frame.clientHeight < frame.contentDocument.documentElement.scrollHeight"):
        assert time.monotonic() < end
    assert 0 <= result.bounding_box()["y"] < 0.85 * height
    page.set_viewport_size({"width": 1280, "height": 720})


def test_a_page_in_the_results_has_the_height_that_it_needs(page):
    page.select_option("#example", "train")
    page.click("#run")
    status(page, "Done")
    frame = page.locator("figure.page iframe")
    frame.scroll_into_view_if_needed()
    inner = page.frame_locator("figure.page iframe")
    inner.locator("#network .neuron").first.wait_for()
    assert inner.locator("html").evaluate("(html) => html.scrollHeight - html.clientHeight") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits_every_width(page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    ran(page, "import sys\nprint('out')\nprint('err', file=sys.stderr)\nfrom autograd import Value\nValue(1.0)")
    violations = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in violations] == []
    for width in (375, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 720})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize("code", [code for code in language_codes() if code != "en"])
def test_it_speaks_other_languages(browser, tmp_path, code):
    write_playground(tmp_path / "site", Path(PACKAGE), code)
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    assert page.get_attribute("html", "lang") == code
    assert not english_in(page, code)
    assert page.inner_text("#run") == language_of(code).words("Run")
    titles = page.eval_on_selector_all("#example option", "(all) => all.map((option) => option.textContent)")
    assert not {example.title for example in EXAMPLES.values()} & {*titles}
    page.close()


def test_from_disk_it_says_how_to_serve_it(browser, tmp_path):
    write_playground(tmp_path / "site", Path(PACKAGE))
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    assert "python -m http.server" in page.inner_text("#disk")
    assert page.is_disabled("#run")
    page.close()
