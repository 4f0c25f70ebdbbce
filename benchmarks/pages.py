"""Speed of the pages in Chromium: of a step of the explorer, an epoch of the replay, and training on the live page.

It needs Chromium and Playwright (`pip install --group browser`). Run it as `python -m benchmarks.pages [--sizes N]
[--runs NAME]`.
"""

import argparse
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nn
import viz
from autograd import topological_order
from benchmarks.render import graph_of
from benchmarks.tables import print_table

SIZES = (100, 300, 1140, 2000)
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

# Presses a key, and reports after how many milliseconds the page has been painted. A browser paints up to once in
# 16.7 ms, so this is the shortest time to be seen.
STEP = """async () => {
    const start = performance.now();
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    await new Promise(requestAnimationFrame);
    await new Promise((done) => setTimeout(done));
    return performance.now() - start;
}"""
# Presses a key, and reports the number of frames in each second of the motion that follows.
FRAMES = """async (time) => {
    const start = performance.now();
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    let frames = 0;
    while (performance.now() < start + time) {
        await new Promise(requestAnimationFrame);
        frames += 1;
    }
    return (1000 * frames) / (performance.now() - start);
}"""
MOTION = 1200  # milliseconds, of a backward step

# Shows some epochs one after the other, one a frame.
EPOCHS = """async (epochs) => {
    const scrubber = document.querySelector("#scrubber");
    for (let epoch = 1; epoch <= epochs; epoch += 1) {
        scrubber.value = String(epoch);
        scrubber.dispatchEvent(new Event("input"));
        await new Promise(requestAnimationFrame);
    }
}"""
# Plays as fast as the page offers, and reports frames per second.
PLAYED = """async (time) => {
    document.querySelector("#first").click();
    const speed = document.querySelector("#speed");
    speed.value = speed.options[speed.options.length - 1].value;
    document.querySelector("#play").click();
    const start = performance.now();
    let frames = 0;
    while (performance.now() < start + time && document.querySelector("#play.playing")) {
        await new Promise(requestAnimationFrame);
        frames += 1;
    }
    return (1000 * frames) / (performance.now() - start);
}"""
RUNS: dict[str, tuple[Callable[[], nn.datasets.Dataset], list[int], str]] = {  # data, sizes of layers, loss
    "XOR": (nn.datasets.xor, [4, 1], "mse_loss"),
    "moons": (nn.datasets.moons, [8, 8, 1], "binary_cross_entropy_with_logits"),
    "circles": (nn.datasets.circles, [8, 1], "binary_cross_entropy_with_logits"),
    "blobs": (partial(nn.datasets.blobs, 150), [8, 3], "cross_entropy"),
}
RECORDED = 200  # epochs
LIVE: dict[str, tuple[Callable[[], nn.datasets.Dataset], list[int]]] = {  # data, sizes of layers
    "XOR, 2-4-1": (nn.datasets.xor, [4, 1]),
    "100 moons, 2-16-16-1": (partial(nn.datasets.moons, 100), [16, 16, 1]),
    "500 moons, 2-8-8-1": (partial(nn.datasets.moons, 500), [8, 8, 1]),
}
# Resolves when the page shows the weights before training and takes input; in milliseconds since it was opened.
INTERACTIVE = """() => new Promise((done) => {
    const isReady = () => document.body.dataset.steps !== undefined;
    const look = () => isReady() ? done(performance.now()) : requestAnimationFrame(look);
    look();
})"""
# Trains as fast as the page can, and reports frames and epochs per second. Only frames that show other weights count.
TRAINED = """async (time) => {
    const { dataset } = document.body;
    document.querySelector("#pace").value = "Infinity";
    document.querySelector("#play").click();
    const [start, first] = [performance.now(), Number(dataset.epoch)];
    let frames = 0;
    let before = dataset.epoch;
    while (performance.now() < start + time) {
        await new Promise(requestAnimationFrame);
        if (dataset.epoch !== before) frames += 1;
        before = dataset.epoch;
    }
    const taken = (performance.now() - start) / 1000;
    document.querySelector("#play").click();
    return [frames / taken, (Number(dataset.epoch) - first) / taken];
}"""


def measured(page: Any, steps: int) -> tuple[list[float], float]:
    """Returns the times of some forward steps, and the frames per second of a backward step, the best of three."""
    last = int(page.get_attribute("#scrubber", "max"))
    page.locator("#scrubber").fill(str(last // 8))
    page.wait_for_timeout(500)
    times = [page.evaluate(STEP) for _ in range(steps)]
    frames = []
    for position in range(last // 2, last // 2 + 3):
        page.locator("#scrubber").fill(str(position))
        page.wait_for_timeout(500)
        frames.append(page.evaluate(FRAMES, MOTION))
    return times, max(frames)


def run_of(name: str) -> nn.History:
    """Runs and records a training run of which the replay shows each epoch."""
    data, sizes, loss = RUNS[name]
    model = nn.MLP(2, sizes, seed=1)
    adam = nn.Adam(model.parameters(), lr=0.02)
    return model.fit(*data(), loss=loss, optimizer=adam, epochs=RECORDED, record=RECORDED, progress=False)


def replayed(page: Any) -> tuple[float, float]:
    """Returns the processor's time on the main thread for an epoch, in milliseconds, and frames per second in play."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(1000 * float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")

    page.evaluate(EPOCHS, RECORDED // 4)  # until JavaScript is compiled
    start = busy()
    page.evaluate(EPOCHS, RECORDED // 2)
    taken = (busy() - start) / (RECORDED // 2)
    return taken, max(page.evaluate(PLAYED, 1000) for _ in range(3))


def live_page(name: str) -> viz.LiveTraining:
    """Makes a page that trains a network."""
    data, sizes = LIVE[name]
    model = nn.MLP(2, sizes, seed=1)
    adam = nn.Adam(model.parameters(), lr=0.02)
    return viz.train(model, *data(), loss="binary_cross_entropy_with_logits", optimizer=adam)


def trained(page: Any, address: str) -> tuple[float, float, float]:
    """Returns after how many ms a page can be used, and the frames and epochs per second in play; best of three."""
    times = []
    for _ in range(3):
        page.goto("about:blank")
        page.goto(address)
        times.append(page.evaluate(INTERACTIVE))
    frames, epochs = max(page.evaluate(TRAINED, 2000) for _ in range(3))
    return min(times), frames, epochs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=20, help="number of steps that are timed")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="approximate numbers of nodes")
    parser.add_argument("--runs", nargs="*", choices=RUNS, default=list(RUNS), help="runs that are replayed")
    parser.add_argument("--live", nargs="*", choices=LIVE, default=list(LIVE), help="runs that train on the live page")
    options = parser.parse_args()

    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, PROGRAMS)))
    rows, replays, live = [], [], []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for size in options.sizes:
            root = graph_of(size)
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(viz.explore(root).save(Path(folder) / "page.html").as_uri())
            times, frames = measured(page, options.steps)
            cells = [f"{sorted(times)[len(times) // 2]:,.0f}", f"{max(times):,.0f}", f"{frames:,.0f}"]
            rows.append([f"{len(topological_order(root)):,}", *cells])
            page.close()
        for name in options.runs:
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(viz.explore_training(run_of(name)).save(Path(folder) / "page.html").as_uri())
            taken, frames = replayed(page)
            replays.append([name, f"{taken:.1f}", f"{frames:.0f}"])
            page.close()
        for name in options.live:
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            file = live_page(name).save(Path(folder) / "page.html")
            ready, frames, epochs = trained(page, file.as_uri())
            live.append([name, f"{ready:.0f}", f"{frames:.0f}", f"{epochs:,.0f}"])
            page.close()
        browser.close()
    print_table("The explorer", ["nodes", "step, ms", "slowest step, ms", "frames per second"], rows)
    print_table("The replay", ["training run", "processor time for an epoch, ms", "frames per second"], replays)
    print_table("The live page", ["training run", "usable after, ms", "frames per second", "epochs per second"], live)


if __name__ == "__main__":
    main()
