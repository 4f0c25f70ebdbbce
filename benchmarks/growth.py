"""How the cost of training grows with the inputs: networks N-100-20-1, up to that of the lectures on digits.

Run it as `python -m benchmarks.growth [--rounds N]` with llvmlite and matplotlib installed. Each size is trained in a
process of its own, on 500 samples in minibatches of 32, as by `benchmarks/networks.py`. The plots are written to
docs/images.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.networks import OURS, Cost, Network, add_options, best_alone
from benchmarks.tables import print_table
from viz.pictures.palette import palette_named
from viz.plots.axes import Plot, new_figure, styled

IMAGES = Path(__file__).parents[1] / "docs" / "images"
INPUTS = (16, 64, 256, 1024, 4096)
HIDDEN = (100, 20, 1)
SAMPLES = 500


def parameters(inputs: int) -> int:
    sizes = (inputs, *HIDDEN)
    return sum((before + 1) * after for before, after in zip(sizes, HIDDEN, strict=False))


def print_growth(costs: dict[int, Cost]) -> None:
    rows = [
        [
            f"{inputs:,}",
            f"{parameters(inputs):,}",
            f"{cost.first:.2f}",
            f"{cost.memory / 1e6:,.0f}",
            f"{cost.epoch * 1e3:,.2f}",
        ]
        for inputs, cost in costs.items()
    ]
    header = ["inputs", "parameters", "first epoch, s", "memory, MB", "ms per epoch"]
    print_table("Growth with the inputs: networks N-100-20-1, 500 samples in minibatches of 32", header, rows)


def plot(costs: dict[int, Cost], palette: str) -> Plot:
    """Plots the first epoch, the memory and a later epoch against the inputs; dots are measured, lines join them."""
    colours = palette_named(palette)
    figure = new_figure(9.0, 3.0, colours)
    panels: dict[str, Sequence[float]] = {
        "first epoch, s": [cost.first for cost in costs.values()],
        "memory, MB": [cost.memory / 1e6 for cost in costs.values()],
        "later epoch, ms": [cost.epoch * 1e3 for cost in costs.values()],
    }
    for place, (title, figures) in enumerate(panels.items(), 1):
        ax, _ = styled(figure.add_subplot(1, len(panels), place), palette)
        ax.loglog([*costs], figures, "o-", color=colours.positive)
        ax.set(title=title, xlabel="inputs", ylim=(min(figures) / 3, max(figures) * 3))
        ax.set_xticks([*costs], [f"{inputs:,}" for inputs in costs])
        ax.yaxis.set_major_formatter("{x:,g}")
        ax.minorticks_off()
        ax.grid(color=colours.muted, alpha=0.25)
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--inputs", type=int, nargs="+", default=INPUTS, help="the numbers of inputs")
    parser.add_argument("--images", type=Path, default=IMAGES, help="the folder for the plots")
    options = parser.parse_args()
    costs = {
        inputs: best_alone(Network((inputs, *HIDDEN), SAMPLES, (OURS,)), [OURS], options)[OURS]
        for inputs in options.inputs
    }
    print_growth(costs)
    for palette in ("light", "dark"):
        plot(costs, palette).savefig(options.images / f"growth-{palette}.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
