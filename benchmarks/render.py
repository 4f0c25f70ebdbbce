"""Drawing times: graphs of several sizes as SVG and PNG, warm, and the first picture of a process.

Run it as `python -m benchmarks.render [--rounds N]`.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from autograd import Value
from benchmarks.rounds import best_in_turn, best_of, seconds_of
from benchmarks.tables import print_table

SIZES = (15, 60, 200, 600, 2000)


def graph_of(nodes: int) -> Value:
    """A balanced graph of about the given number of nodes: products of leaves, then the tanh of sums of pairs."""
    layer = [Value(0.1 * k, f"x{k}") * Value(0.5, f"w{k}") for k in range(max(2, nodes // 5))]
    while len(layer) > 1:
        layer = [(a + b).tanh() for a, b in zip(layer[::2], layer[1::2], strict=False)] + layer[len(layer) // 2 * 2 :]
    layer[0].backward()
    return layer[0]


def picture(draw: Callable[[], Any], format: str) -> object:
    """Draws a graph, and returns its picture."""
    return draw().render(format)


def first_picture(format: str, caches: str | None = None) -> float:
    """Returns the time of a process that draws a graph of 13 nodes.

    Arguments:
        format: the format of the picture.
        caches: the folder for what processes keep; by default that of the user.
    """
    code = f"import viz; from benchmarks.render import graph_of; viz.draw(graph_of(15)).render({format!r})"
    environment = os.environ if caches is None else os.environ | {"XDG_CACHE_HOME": caches}
    return seconds_of(lambda: subprocess.run([sys.executable, "-c", code], env=environment, check=True))


def first_picture_ever() -> float:
    """Returns the time if no process has drawn anything before, so that Graphviz has yet to be compiled."""
    with TemporaryDirectory() as caches:
        return first_picture("svg", caches)


def print_first_pictures(rounds: int) -> None:
    processes: dict[str, Callable[[], float]] = {
        "that does nothing": lambda: seconds_of(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)),
        "that draws an SVG": partial(first_picture, "svg"),
        "that draws a PNG": partial(first_picture, "png"),
        "that is the first of all to draw an SVG": first_picture_ever,
    }
    taken = best_in_turn(processes, rounds)
    print_table(
        "First pictures: a process", ["", "ms"], [[name, f"{seconds * 1e3:,.0f}"] for name, seconds in taken.items()]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="number of times each graph is drawn; the best counts")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="approximate numbers of nodes")
    options = parser.parse_args()

    import viz
    from autograd import topological_order

    viz.draw(graph_of(15)).render("png")
    rows = []
    for size in options.sizes:
        root = graph_of(size)
        draw = partial(viz.draw, root, limit=10 * size)
        works: dict[str, Callable[[], object]] = {
            "SVG": partial(picture, draw, "svg"),
            "PNG": partial(picture, draw, "png"),
            "draw": draw,
        }
        taken = best_of(works, options.rounds if size < 1000 else 1)
        figures = [f"{seconds * 1e3:,.1f}" for seconds in taken.values()]
        rows.append([f"{len(topological_order(root)):,}", *figures, f"{len(draw().render()) / 1e3:,.0f}"])
    header = ["nodes", "SVG, ms", "PNG, ms", "of these: draw, ms", "SVG, kB"]
    print_table("Drawing, warm", header, rows)
    print_first_pictures(options.rounds)


if __name__ == "__main__":
    main()
