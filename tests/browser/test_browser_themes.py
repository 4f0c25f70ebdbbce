"""Pages and pictures in notebooks are light or dark as the notebook is; its keys and its focus stay its own."""

from urllib.parse import quote

import pytest
from conftest import FLAGS, program

import nn
import viz
from autograd import Value

# How the elements around an output say what the theme is, as seen in each program.
NOTEBOOKS = {
    "JupyterLab": {
        "light": "document.body.dataset.jpThemeLight = 'true'",
        "dark": "document.body.dataset.jpThemeLight = 'false'",
    },
    "VS Code": {
        "light": "document.body.dataset.vscodeThemeKind = 'vscode-light'",
        "dark": "document.body.dataset.vscodeThemeKind = 'vscode-dark'",
    },
    "VS Code with high contrast": {
        "light": "document.body.dataset.vscodeThemeKind = 'vscode-high-contrast-light'",
        "dark": "document.body.dataset.vscodeThemeKind = 'vscode-high-contrast'",
    },
    "marimo": {
        "light": "document.body.dataset.theme = 'light'; document.documentElement.style.colorScheme = 'light'",
        "dark": "document.body.dataset.theme = 'dark'; document.documentElement.style.colorScheme = 'dark'",
    },
    "Colab": {
        "light": "document.documentElement.setAttribute('theme', 'light')",
        "dark": "document.documentElement.setAttribute('theme', 'dark')",
    },
}
GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 30)"}
REVEAL = ".reveal iframe { max-width: 95%; max-height: 95% } .reveal img { margin: 15px 0; max-width: 95% }"


@pytest.fixture(scope="module")
def dark_browser(browser):
    """A browser on a system with a dark theme. (A dark theme that Playwright emulates would be that of frames too.)"""
    running = browser.browser_type.launch(
        executable_path=program(), args=[*FLAGS, "--blink-settings=preferredColorScheme=0"]
    )
    yield running
    running.close()


@pytest.fixture(params=["light", "dark"])
def system(request, browser, dark_browser):
    return {"light": browser, "dark": dark_browser}[request.param]


def shown(browser, cell, before="", after=""):
    """A document with the output of a cell, on the theme of the browser's system."""
    page = browser.new_page(color_scheme="null", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.set_default_timeout(10_000)
    page.set_content(f"<!doctype html><html><body style='margin: 0'>{before}{cell}{after}</body></html>")
    return page


def neuron():
    w, x, b = Value(0.5, "w"), Value(2.0, "x"), Value(-0.5, "b")
    y = (w * x + b).tanh()
    y.backward()
    return y


def history():
    model = nn.MLP(2, [2, 1], output_activation="sigmoid", seed=0)
    return model.fit(*nn.datasets.xor(), epochs=10, record=5, progress=False)


def ground_is(frame, theme):
    """Waits until the views of a page have the background of a theme."""
    frame.wait_for_function(
        "ground => getComputedStyle(document.querySelector('section')).backgroundColor === ground", arg=GROUND[theme]
    )


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_page_has_the_theme_of_the_notebook_and_follows_it(dark_browser, notebook):
    page = shown(dark_browser, viz.explore(neuron())._repr_html_())
    for theme in ("light", "dark", "light"):
        page.evaluate(NOTEBOOKS[notebook][theme])
        ground_is(page.frames[1], theme)
    page.close()


def test_where_nothing_says_what_the_theme_is_a_page_has_that_of_the_system(browser, dark_browser):
    for system, theme in ((browser, "light"), (dark_browser, "dark")):
        page = shown(system, viz.explore(neuron())._repr_html_())
        ground_is(page.frames[1], theme)
        page.close()


@pytest.mark.parametrize("palette", GROUND)
def test_a_chosen_palette_stays_whatever_the_notebook_does(system, palette):
    page = shown(system, viz.explore(neuron(), palette=palette)._repr_html_())
    for theme in GROUND:
        page.evaluate(NOTEBOOKS["JupyterLab"][theme])
        page.wait_for_timeout(100)
        ground_is(page.frames[1], palette)
    page.close()


def test_the_surfaces_are_drawn_again_when_the_theme_changes(browser):
    replayed = history()
    fixed = shown(browser, viz.explore_training(replayed, palette="dark")._repr_html_())
    dark = surfaces(fixed.frames[1])
    fixed.close()
    page = shown(browser, viz.explore_training(replayed)._repr_html_())
    light = surfaces(page.frames[1])
    assert len(light) == 6  # the plane, and one for each input and neuron
    assert all(a != b for a, b in zip(light, dark, strict=True))
    for theme, expected in (("dark", dark), ("light", light)):
        page.evaluate(NOTEBOOKS["JupyterLab"][theme])
        ground_is(page.frames[1], theme)
        assert surfaces(page.frames[1]) == expected
    page.close()


def surfaces(frame):
    """The pixels of all surfaces, when they are drawn."""
    frame.wait_for_selector("body[data-position='0']")
    frame.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return frame.evaluate("[...document.querySelectorAll('canvas')].map(canvas => canvas.toDataURL())")


DRAWINGS = {
    "graph": lambda **options: viz.draw(y := neuron(), highlight=(y.operands[0], y), **options),
    "folded": lambda **options: viz.draw(loss(), depth=0, **options),
    "losses": lambda **options: viz.draw(loss(), depth=3, **options),
    "network": lambda **options: viz.draw_network(nn.MLP(2, [3, 1], seed=0), **options),
    "wide network": lambda **options: viz.draw_network(nn.MLP(20, [20, 1], seed=0), **options),
    "matrices": lambda **options: viz.draw_network([2, 3, 1], view="matrices", gradients=True, **options),
    "grids": lambda **options: viz.draw_matrices(("A", [[0.0, 2.0]], 0), "=", ("B", [[0.0]]), **options),
}


def loss():
    model = nn.MLP(2, [2, 2], seed=0)
    y = nn.cross_entropy([model([Value(0.5, "x1"), Value(-1.0, "x2")])], [1])
    y.backward()
    return y


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_has_the_palette_that_is_the_theme_of_the_notebook(browser, draw):
    sources = [f"data:image/svg+xml,{quote(draw(palette=theme).render())}" for theme in GROUND]
    fixed = "".join(f'<img src="{source}">' for source in sources)
    style = "<style>img { position: absolute; max-width: 100% }</style>"
    page = shown(browser, draw()._repr_mimebundle_()["text/html"], style, fixed)
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    for number, theme in enumerate(GROUND, 1):
        page.evaluate(NOTEBOOKS["JupyterLab"][theme])
        assert picture_alone(page, 0) == picture_alone(page, number)
    page.close()


def picture_alone(page, number):
    """The pixels of one of the pictures in a document, without the others."""
    page.evaluate("number => [...document.images].forEach((image, n) => { image.hidden = n !== number })", number)
    return page.locator("img").nth(number).screenshot()


def test_the_picture_is_behind_the_frame_on_a_slide(browser):
    page = shown(browser, viz.explore(loss())._repr_html_(), f"<style>{REVEAL}</style><div class=reveal>", "</div>")
    frame, picture = page.locator("iframe").bounding_box(), page.locator("img").bounding_box()
    page.close()
    assert (frame["x"], frame["y"], frame["width"], frame["height"]) == (0, 0, 1280, 760)
    assert 0 <= picture["x"] <= picture["x"] + picture["width"] <= 1280
    assert 0 <= picture["y"] <= picture["y"] + picture["height"] <= 760


@pytest.mark.parametrize("width", [1280, 700])
@pytest.mark.parametrize("make", [lambda: viz.explore(neuron()), lambda: viz.explore_training(history())])
def test_a_page_leaves_the_focus_alone_and_its_keys_do_not_scroll_the_notebook(browser, make, width):
    page = shown(browser, make()._repr_html_(), "<input autofocus>", "<div style='height: 3000px'></div>")
    page.set_viewport_size({"width": width, "height": 800})
    frame = page.frames[1]
    frame.wait_for_selector("body[data-position='0']")
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    frame.click("h1")
    for key in ("Space", "Space", "PageDown", "PageUp", "End", "Home", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        assert page.evaluate("scrollY") == frame.evaluate("scrollY") == 0, key
    page.close()
