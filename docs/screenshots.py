"""Takes the README's screenshots of the explorer and the replay in a browser: `python docs/screenshots.py`.

Requires an installed Chromium and the dependency group `browser`.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from pictures import FOLDER, network, neuron
from playwright.sync_api import Page, sync_playwright

import nn
import viz


def chain_rule(page: Page) -> None:
    """Steps to the middle of the backward pass of a neuron."""
    for _ in range(12):
        page.keyboard.press("ArrowRight")


def paths(page: Page) -> None:
    """Goes to the end of the backward pass of a network folded to its neurons, and shows the paths from an input."""
    page.keyboard.press("End")
    page.select_option("#layout", label="1 level open")
    page.locator(".box.input", has_text="x2").press("Enter")
    page.evaluate("document.activeElement.blur()")


def halfway(page: Page) -> None:
    """Goes to the middle of the training run on XOR, and shows the sample (1, 1)."""
    page.locator("#scrubber").fill("24")
    page.select_option("#sample", "3")
    page.evaluate("document.activeElement.blur()")


def training() -> nn.History:
    """Runs and records the training run of the README."""
    X, y = nn.datasets.xor()
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
    adam = nn.Adam(model.parameters(), lr=0.05)
    return model.fit(X, y, optimizer=adam, epochs=300, record=200, progress=False)


def main() -> None:
    """Writes every screenshot, light and dark."""
    X, y = nn.datasets.xor()
    loss = nn.mse_loss(network()(X[1]), y[1])
    loss.label = "loss"
    shown: dict[str, tuple[viz.Explorer | viz.Replay, Callable[[Page], None]]] = {
        "explorer": (viz.explore(neuron(), title="One neuron and its squared error"), chain_rule),
        "explorer-network": (viz.explore(loss, title="A network that has learned XOR"), paths),
        "replay": (viz.explore_training(training(), title="A network learns XOR"), halfway),
    }
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        for name, (explorer, act) in shown.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": 1440, "height": 810},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                )
                page.goto(explorer.save(Path(folder) / f"{name}.html").as_uri())
                act(page)
                page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main()
