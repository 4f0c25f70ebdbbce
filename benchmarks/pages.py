"""Speed of the explorer in Chromium: the time of a step, and frames per second while its numbers are in motion.

It needs Chromium and Playwright (`pip install --group browser`). Run it as `python -m benchmarks.pages [--sizes N]`.
"""

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import viz
from autograd import topological_order
from benchmarks.render import graph_of
from benchmarks.tables import print_table

SIZES = (100, 300, 1140, 2000)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=20, help="number of steps that are timed")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="approximate numbers of nodes")
    options = parser.parse_args()

    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, PROGRAMS)))
    rows = []
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
        browser.close()
    print_table("The explorer", ["nodes", "step, ms", "slowest step, ms", "frames per second"], rows)


if __name__ == "__main__":
    main()
