"""Slides of a chapter: offline, each fits its window, is large enough to read, and shows its builds one by one."""

from importlib.util import find_spec

import pytest

WIDTH, HEIGHT = 1280, 720
SMALLEST = 0.55  # of the size of text for which slides are written
FITS = """async () => {
  const found = [];
  const isCut = (code) => {
    const text = document.createRange();
    text.selectNodeContents(code);
    const { right } = code.closest("section").getBoundingClientRect();
    return code.scrollWidth > code.clientWidth + 1 || text.getBoundingClientRect().right > right + 1;
  };
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 999);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const shown = [...slide.querySelectorAll("*")].filter((part) => !part.closest("aside") && part.clientWidth);
    const boxes = shown.map((part) => part.getBoundingClientRect());
    found.push({
      text: slide.innerText.slice(0, 60),
      zoom: Number(slide.style.zoom),
      right: Math.max(0, ...boxes.map((box) => box.right)),
      bottom: Math.max(0, ...boxes.map((box) => box.bottom)),
      cut: [...slide.querySelectorAll("pre")].filter(isCut).length,
    });
  }
  return found;
}"""


class Slides:
    """What the fixture `opened` opens: a chapter with long lines of code, in a folder of slides."""

    def __init__(self, path):
        self.path = path

    def save(self, path):
        return self.path


@pytest.fixture(scope="module")
def saved(tmp_path_factory, unable):
    """A function that returns the slides of a chapter."""
    for package in ("nbformat", "nbconvert", "sphinx_revealjs"):
        if not find_spec(package):
            unable("the kit needs the extra teaching: pip install --group test")
    import nbformat

    from notebooks.execute import FOLDER
    from notebooks.kit.slides import save_reveal, save_slides

    folder = tmp_path_factory.mktemp("slides")
    save_reveal(folder)

    def save(name):
        path = folder / f"{name}.html"
        if not path.exists():
            save_slides(nbformat.read(FOLDER / f"{name}.ipynb", as_version=4), path)
        return Slides(path)

    return save


@pytest.fixture
def shown(opened, saved):
    """A function that opens the slides of a chapter."""

    def show(name):
        page = opened(saved(name), WIDTH, HEIGHT)
        page.wait_for_function("Reveal.isReady()")
        page.evaluate("Reveal.configure({ transition: 'none' })")
        return page

    return show


@pytest.fixture
def slides(shown):
    return shown("00_build_value")


@pytest.mark.parametrize("name", ["00_build_value", "03_neuron", "11_language_model"])
def test_every_slide_fits_its_window_and_is_large_enough_to_read(shown, name):
    found = shown(name).evaluate(FITS)
    assert len(found) > 30
    for slide in found:
        assert slide["zoom"] >= SMALLEST, slide
        assert slide["right"] <= WIDTH, slide
        assert slide["bottom"] <= HEIGHT, slide
        assert not slide["cut"], slide


def test_a_picture_fills_the_room_that_its_slide_has_left(shown):
    page = shown("03_neuron")
    page.evaluate("""() => {
      const picture = document.querySelector("img[alt^='A timeline']");
      const { h, v } = Reveal.getIndices(picture.closest("section"));
      Reveal.slide(h, v, 999);
    }""")
    picture = page.locator("section.present img").last
    grown = picture.evaluate("picture => picture.getBoundingClientRect().width / picture.naturalWidth")
    assert 1.2 < grown <= 1.75


def test_code_that_is_too_wide_is_set_smaller(slides):
    slides.evaluate("""() => {
      document.querySelector("section pre").textContent = "x".repeat(120);
      const { h, v } = Reveal.getIndices(document.querySelector("section pre").closest("section"));
      Reveal.slide(h, v, 999);
    }""")
    code = slides.locator("section.present pre").first
    assert code.evaluate("code => code.scrollWidth <= code.clientWidth + 1")


def test_output_that_fits_no_slide_is_wrapped_and_scrolled_and_still_legible(slides):
    slides.evaluate("""() => {
      const code = document.querySelector("section pre");
      code.textContent = `${"x".repeat(3000)}\\n${"0\\n".repeat(200)}`;
      const { h, v } = Reveal.getIndices(code.closest("section"));
      Reveal.slide(h, v, 999);
    }""")
    slide = slides.locator("section.present").last
    code = slide.locator("pre").first
    assert code.evaluate("code => code.scrollWidth <= code.clientWidth + 1")
    assert float(slide.evaluate("slide => slide.style.zoom")) >= SMALLEST
    assert slide.evaluate("slide => slide.getBoundingClientRect().bottom") <= HEIGHT
    assert code.evaluate("code => code.getBoundingClientRect().bottom") > HEIGHT
    code.hover(position={"x": 5, "y": 5})
    slides.mouse.wheel(0, 100_000)
    slides.wait_for_function(
        "most => document.querySelector('section.present pre').getBoundingClientRect().bottom <= most", arg=HEIGHT
    )


def test_an_arrow_key_shows_the_next_build_and_then_the_next_slide(slides):
    steps = 0
    while not slides.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
        before = slides.evaluate("JSON.stringify(Reveal.getIndices())")
        down = "Reveal.availableRoutes().down && !Reveal.availableFragments().next"
        slides.keyboard.press("ArrowDown" if slides.evaluate(down) else "ArrowRight")
        assert slides.evaluate("JSON.stringify(Reveal.getIndices())") != before
        steps += 1
    assert steps > slides.evaluate("Reveal.getTotalSlides()")
