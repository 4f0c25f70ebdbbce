"""How often networks with one hidden layer learn XOR, by activation and width.

Run it as `python -m benchmarks.xor_success [--seeds N] [--plot FILE]`. Every seed draws its own initial weights. All
networks train by plain gradient descent on the four samples; a success classifies all four correctly at the end.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import nn
from viz.plots.axes import figure_of, legend, styled

IMAGES = Path(__file__).parents[1] / "docs" / "images"
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu")
WIDTHS = (2, 3, 4, 6, 8)
EPOCHS, RATE = 5000, 0.5

Rates = Mapping[tuple[str, int], float]
"""Share of successes by activation and width."""


def solved(activation: str, width: int, seed: int) -> bool:
    """Whether a 2-width-1 network with that seed learns XOR."""
    X, y = nn.datasets.xor()
    model = nn.MLP(2, [width, 1], activation=activation, seed=seed)
    descent = nn.SGD(model.parameters(), lr=RATE)
    model.fit(X, y, loss="binary_cross_entropy_with_logits", optimizer=descent, epochs=EPOCHS, progress=False)
    return nn.accuracy(model.predict(X), y, threshold=0.0) == 1.0


def success(activation: str, width: int, seeds: int) -> float:
    return float(np.mean([solved(activation, width, seed) for seed in range(seeds)]))


def table(rates: Rates, widths: Sequence[int]) -> str:
    header = f"{'activation':<12}" + "".join(f"{f'2-{width}-1':>8}" for width in widths)
    rows = [f"{name:<12}" + "".join(f"{rates[name, width]:>8.0%}" for width in widths) for name in ACTIVATIONS]
    return "\n".join([header, *rows])


def plot(rates: Rates, widths: Sequence[int], seeds: int) -> Figure:
    """Plots the share of successes against the width, one line per activation, with standard errors."""
    ax, colours = styled(None, "light")
    styles = ((colours.positive, "o-"), (colours.negative, "s--"), (colours.text, "^-."), (colours.muted, "D:"))
    for shift, (name, (colour, style)) in enumerate(zip(ACTIVATIONS, styles, strict=True)):
        share = np.array([rates[name, width] for width in widths])
        error = np.sqrt(share * (1.0 - share) / seeds)
        positions = np.array(widths) + 0.06 * (shift - 1.5)  # side by side, so that no marker covers another
        ax.errorbar(positions, share, error, fmt=style, color=colour, label=name, capsize=3)
    ax.set(xlabel="hidden neurons", ylabel="share that learns XOR", ylim=(0.0, 1.05), xticks=widths)
    ax.set_title(f"XOR from {seeds} random starts")
    ax.grid(color=colours.muted, alpha=0.25)
    legend(ax, colours, loc="lower right")
    return figure_of(ax)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100, help="number of random starts for each network")
    parser.add_argument("--plot", type=Path, default=IMAGES / "xor-success.svg", help="file to write the plot to")
    options = parser.parse_args()
    rates = {(name, width): success(name, width, options.seeds) for name in ACTIVATIONS for width in WIDTHS}
    print(f"share of {options.seeds} random starts that learn XOR in {EPOCHS:,} epochs, learning rate {RATE:g}\n")
    print(table(rates, WIDTHS))
    plot(rates, WIDTHS, options.seeds).savefig(options.plot, metadata={"Date": None})
    print(f"\nplot: {options.plot}")


if __name__ == "__main__":
    main()
