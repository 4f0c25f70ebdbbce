"""Takes pictures of the explorer for people to look at: `python docs/survey.py FOLDER` shows graphs of all sizes.

Each graph is shown on a projector, a laptop and a phone, light and dark. Requires an installed Chromium and the
dependency group `browser`.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pictures import neuron
from playwright.sync_api import Page, sync_playwright

import nn
import viz
from autograd import Value

SIZES = {"1080p": (1920, 1080), "720p": (1280, 720), "phone": (390, 844)}


def logistic() -> Value:
    """Returns the loss of a logistic unit with one input."""
    w, b = Value(0.5, "w", role="parameter"), Value(-0.5, "b", role="parameter")
    x = Value(2.0, "x", role="input")
    loss: Value = nn.binary_cross_entropy((w * x + b).sigmoid(), 1.0)
    return loss


def network(*sizes: int) -> Value:
    """Returns the loss of a network with two inputs for one sample."""
    model = nn.MLP(2, sizes, activation="tanh", seed=0)
    inputs = [Value(0.3, "x1", role="input"), Value(-0.7, "x2", role="input")]
    loss: Value = nn.mse_loss(model(inputs), 0.5)
    return loss


def classifier() -> Value:
    """Returns the cross-entropy of the softmax of three logits."""
    logits = [Value(x, f"z{number}", role="input") for number, x in enumerate((1.2, -0.3, 0.5), 1)]
    loss: Value = nn.cross_entropy(logits, 0)
    return loss


def chain(length: int) -> Value:
    """Returns the end of a chain of so many operations without modules."""
    x = Value(0.1, "x")
    for number in range(length):
        x = x.tanh() if number % 2 else x + 0.1
    return x


def line(count: int) -> Value:
    """Returns the mean squared error of a line over so many samples, as a plain loop records it."""
    w, b = Value(0.5, "w", role="parameter"), Value(0.0, "b", role="parameter")
    random = np.random.default_rng(0)
    samples = enumerate(random.normal(size=count), 1)
    errors = [(w * Value(x, f"x{number}", role="input") + b - 2.0 * x) ** 2 for number, x in samples]
    loss: Value = sum(errors[1:], errors[0]) / len(errors)
    return loss


GRAPHS: dict[str, Callable[[], Value]] = {
    "neuron": neuron,
    "logistic": logistic,
    "2-2-1": lambda: network(2, 1),
    "2-4-1": lambda: network(4, 1),
    "2-16-16-1": lambda: network(16, 16, 1),
    "softmax": classifier,
    "chain-200": lambda: chain(200),
    "1500-nodes": lambda: line(214),
}


def go(page: Page, share: float) -> None:
    """Goes to a step, given as a share of all steps."""
    scrubber = page.locator("#scrubber")
    scrubber.fill(str(round(share * int(scrubber.get_attribute("max") or 0))))
    page.evaluate("document.activeElement.blur()")


def main() -> None:
    """Takes the pictures of all graphs, or of those that were named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--graphs", nargs="+", choices=GRAPHS, default=list(GRAPHS), help="which graphs to show")
    parser.add_argument("--at", type=float, default=0.0, help="the step to show, as a share of all steps from 0 to 1")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        for name in options.graphs:
            address = viz.explore(GRAPHS[name](), title=name).save(Path(folder) / f"{name}.html").as_uri()
            for size, (width, height) in SIZES.items():
                for scheme in ("light", "dark"):
                    page = browser.new_page(
                        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
                    )
                    page.goto(address)
                    go(page, options.at)
                    page.screenshot(path=options.folder / f"{name}-{size}-{scheme}.png", full_page=size == "phone")
                    page.close()
        browser.close()


if __name__ == "__main__":
    main()
