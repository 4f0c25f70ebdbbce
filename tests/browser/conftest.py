"""A browser for pages: Chromium, driven by Playwright, offline; any error is a failure."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

REQUIRED = os.environ.get("SCALAR_AUTOGRAD_BROWSER") == "required"
# Debian's package of the browser without its windows takes half as long as the whole one.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def missing():
    """The reason why the tests in this folder cannot run; "" if they can."""
    if not any(map(shutil.which, PROGRAMS)):
        return f"no browser found, none of {', '.join(PROGRAMS)}"
    if not all(map(find_spec, ("playwright", "axe_playwright_python"))):
        return "Playwright or axe is not installed: pip install --group browser"
    return ""


@pytest.fixture(scope="session")
def unable():
    """Reports a reason not to run: fails if these tests are required, otherwise skips them."""
    return pytest.fail if REQUIRED else pytest.skip


@pytest.fixture(scope="session")
def browser(unable):
    if reason := missing():
        unable(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield running
        running.close()


def program():
    return next(filter(None, map(shutil.which, PROGRAMS)))


@pytest.fixture
def browser_with_one_font(browser, tmp_path):
    """A browser on a system that has a single font, which is narrow and has no symbols."""
    from matplotlib import get_data_path

    fonts = tmp_path / "fonts"
    fonts.mkdir()
    shutil.copy(Path(get_data_path(), "fonts", "ttf", "cmr10.ttf"), fonts)
    settings = tmp_path / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>")
    running = browser.browser_type.launch(
        executable_path=program(), args=FLAGS, env={**os.environ, "FONTCONFIG_FILE": str(settings)}
    )
    yield running
    running.close()


@pytest.fixture
def opened(browser, tmp_path):
    """A function that opens a page from disk: opened(explorer, width, height, **options of the context)."""
    contexts, complaints = [], []

    def open_page(explorer, width=1280, height=800, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_offline(True)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        local = ("file:", "blob:")  # a blob is in the memory of the page
        page.on("request", lambda request: request.url.startswith(local) or complaints.append(request.url))
        page.goto(explorer.save(tmp_path / f"page{len(contexts)}.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
