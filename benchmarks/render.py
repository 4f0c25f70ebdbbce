"""Drawing times: graphs of several sizes to SVG and PNG, cold and warm.

Run it as `python benchmarks/render.py [--rounds N]`.
"""

import argparse
import time
from collections.abc import Callable

from autograd import Value

SIZES = (15, 60, 200, 600, 2000)


def graph_of(nodes: int) -> Value:
    """A balanced graph of about that many nodes: products of leaves, summed in pairs, squashed."""
    layer = [Value(0.1 * k, f"x{k}") * Value(0.5, f"w{k}") for k in range(max(2, nodes // 5))]
    while len(layer) > 1:
        layer = [(a + b).tanh() for a, b in zip(layer[::2], layer[1::2], strict=False)] + layer[len(layer) // 2 * 2 :]
    layer[0].backward()
    return layer[0]


def best(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each is drawn; the best counts")
    rounds = parser.parse_args().rounds

    import viz
    from autograd import topological_order

    start = time.perf_counter()
    viz.draw(graph_of(15)).render()
    print(f"first picture of a process: {time.perf_counter() - start:.2f} s\n")
    print(f"{'nodes':>6} {'draw':>10} {'to SVG':>10} {'to PNG':>10}   SVG size")
    for size in SIZES:
        root = graph_of(size)
        count = len(topological_order(root))
        drawing = viz.draw(root, limit=10 * size)
        times = (
            best(lambda root=root, size=size: viz.draw(root, limit=10 * size), rounds),
            best(drawing.render, rounds),
            best(lambda drawing=drawing: drawing.render("png"), rounds if size < 1000 else 1),
        )
        figures = " ".join(f"{seconds * 1e3:7.1f} ms" for seconds in times)
        print(f"{count:>6} {figures}   {len(drawing.render()) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
