"""Takes the README's pictures of the explorer and the replay in a browser: `python docs/screenshots.py`.

Requires an installed Chromium and the dependency group `browser`.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from pictures import FOLDER, unit
from PIL import Image
from playwright.sync_api import Page, sync_playwright

import nn
import viz

# GitHub shows pictures 830 CSS pixels wide: text of 12 pixels on the page is then 11 pixels high.
WIDTH = 900
SECONDS = 1.6  # for each step of the moving picture
COLORS = {"png": 256, "gif": 96}


def chain_rule(page: Page) -> Iterator[Image.Image]:
    """Goes through both passes of a unit, one step at a time, and yields each."""
    while True:
        yield screenshot(page)
        if page.locator("#next").is_disabled():
            return
        page.keyboard.press("ArrowRight")


def halfway(page: Page) -> Iterator[Image.Image]:
    """Goes to the middle of the training run on XOR, and shows the sample (1, 1)."""
    page.locator("#scrubber").fill("48")
    page.select_option("#sample", "3")
    page.evaluate("document.activeElement.blur()")
    yield screenshot(page)


def screenshot(page: Page) -> Image.Image:
    """Returns what a page shows."""
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def training() -> nn.History:
    """Runs and records the training run of the README."""
    X, y = nn.datasets.xor()
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
    adam = nn.Adam(model.parameters(), lr=0.05)
    return model.fit(X, y, loss="binary_cross_entropy", optimizer=adam, epochs=300, record=200, progress=False)


def save_still(image: Image.Image, path: Path) -> None:
    """Writes a picture as PNG."""
    image.quantize(COLORS["png"], dither=Image.Dither.NONE).save(path, optimize=True)


def save_moving(images: list[Image.Image], path: Path) -> None:
    """Writes pictures as one that moves, with one palette: what does not change is stored once.

    The palette is that of all pictures together, so that no colour is lost that only some of them have.
    """
    width, height = images[0].size
    together = Image.new("RGB", (width, height * len(images)))
    for index, image in enumerate(images):
        together.paste(image, (0, index * height))
    palette = together.quantize(COLORS["gif"])
    first, *others = (image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images)
    durations = [1000 * SECONDS] * len(others) + [3000 * SECONDS]
    first.save(path, save_all=True, append_images=others, duration=durations, loop=0)


def main() -> None:
    """Writes every picture, light and dark: the last one of a page, and if there are several, also a moving one."""
    shown: dict[str, tuple[viz.Explorer | viz.Replay, int, Callable[[Page], Iterator[Image.Image]]]] = {
        "explorer": (viz.explore(unit(), title="One neuron"), 720, chain_rule),
        "replay": (viz.explore_training(training(), title="A network learns XOR"), 800, halfway),
    }
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        for name, (explorer, height, act) in shown.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": WIDTH, "height": height},
                    device_scale_factor=2,
                    color_scheme=scheme,
                    reduced_motion="reduce",
                )
                page.goto(explorer.save(Path(folder) / f"{name}.html").as_uri())
                images = list(act(page))
                save_still(images[2 * len(images) // 3], FOLDER / f"{name}-{scheme}.png")
                if len(images) > 1:
                    save_moving(images, FOLDER / f"{name}-{scheme}.gif")
        browser.close()


if __name__ == "__main__":
    main()
