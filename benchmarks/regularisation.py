"""How each method against overfitting changes the error on new samples.

Run it as `python -m benchmarks.regularisation [--seeds N] [--plot FILE]`. Every seed draws its own 40 noisy moons with
two additional inputs that carry no information, its own initial weights, and 1,000 test samples. The 4-12-1 network has
enough weights to memorise the 40 samples; each method is used alone. Early stopping monitors 100 further samples; the
strengths of the other methods were chosen on other seeds.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nn
from viz.plots.axes import figure_of, styled

IMAGES = Path(__file__).parents[1] / "docs" / "images"
NOISE = 0.3
EPOCHS, RATE = 500, 0.02
FIRST_SEED = 100
PENALTIES = {"L1": (0.01, nn.l1_penalty), "L2": (0.01, nn.l2_penalty)}
METHODS = ("none", "dropout", "L1", "L2", "augmentation", "early stopping")

Errors = Mapping[str, np.ndarray]
"""Share of the test samples classified wrongly: for each method, one entry per seed."""


def samples(count: int, seed: int) -> nn.datasets.Dataset:
    X, y = nn.datasets.moons(count, noise=NOISE, seed=seed)
    idle = np.random.default_rng([seed, 1]).normal(size=(count, 2))
    return nn.datasets.Dataset(np.hstack([X, idle]), y)


def with_penalty(model: nn.MLP, factor: float, penalty: Callable[[nn.MLP], Any]) -> Callable[..., Any]:
    """The mean cross-entropy plus a multiple of a penalty on the weights."""

    def loss(predictions: Any, targets: Any) -> Any:
        return nn.binary_cross_entropy_with_logits(predictions, targets) + factor * penalty(model)

    return loss


def trained(method: str, seed: int) -> nn.MLP:
    """The network of a seed after training with one of the METHODS."""
    X, y = samples(40, seed)
    model = nn.MLP(4, [12, 1], dropout=0.3 if method == "dropout" else 0.0, seed=seed)
    options: dict[str, Any] = {"loss": "binary_cross_entropy_with_logits"}
    if method in PENALTIES:
        options["loss"] = with_penalty(model, *PENALTIES[method])
    elif method == "augmentation":
        X, y = nn.augment(X, y, copies=59, noise=0.5, seed=seed)
    elif method == "early stopping":
        options["validation"] = samples(100, 20_000 + seed)
        options["callbacks"] = [nn.EarlyStopping(patience=10)]
    model.fit(X, y, optimizer=nn.Adam(model.parameters(), lr=RATE), epochs=EPOCHS, progress=False, **options)
    return model


def error_on_new_samples(model: nn.MLP, seed: int) -> float:
    X, y = samples(1000, 10_000 + seed)
    return 1.0 - nn.accuracy(model.predict(X), y, threshold=0.0)


def study(seeds: int) -> Errors:
    chosen = range(FIRST_SEED, FIRST_SEED + seeds)
    return {
        method: np.array([error_on_new_samples(trained(method, seed), seed) for seed in chosen]) for method in METHODS
    }


def table(errors: Errors) -> str:
    """Mean and deviation of each method, and its comparison with no method on the same seeds."""
    lines = [f"{'method':<15}{'test error':>11}{'deviation':>11}{'against none':>14}{'better on':>11}"]
    for method, shares in errors.items():
        saved = errors["none"] - shares
        compared = f"{-saved.mean():>+14.1%}{f'{(saved > 0).sum()} of {len(saved)}':>11}" if method != "none" else ""
        lines.append(f"{method:<15}{shares.mean():>11.1%}{shares.std(ddof=1):>11.1%}{compared}")
    return "\n".join(lines)


def plot(errors: Errors) -> Figure:
    """Plots the error of every seed as a dot, next to mean and standard deviation."""
    ax, colours = styled(None, "light")
    for position, shares in enumerate(errors.values()):
        spread = np.linspace(-0.15, 0.15, len(shares))
        ax.plot(position + spread, shares, "o", color=colours.muted, alpha=0.5, markersize=4)
        deviation = shares.std(ddof=1)
        ax.errorbar(position + 0.3, shares.mean(), deviation, fmt="s", color=colours.positive, capsize=4, linewidth=2)
    ax.axhline(errors["none"].mean(), color=colours.negative, linestyle="--", linewidth=1)
    ax.set_xticks(range(len(errors)), [method.replace(" ", "\n") for method in errors])
    seeds = len(errors["none"])
    ax.set(ylabel="share of test samples wrong", ylim=(0.0, None), title=f"Against over-fitting, over {seeds} seeds")
    ax.grid(axis="y", color=colours.muted, alpha=0.25)
    return figure_of(ax)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20, help="number of data sets and initial weights")
    parser.add_argument("--plot", type=Path, default=IMAGES / "regularisation.svg", help="file to write the plot to")
    options = parser.parse_args()
    errors = study(options.seeds)
    print(table(errors))
    plot(errors).savefig(options.plot, metadata={"Date": None})
    print(f"\nplot: {options.plot}")


if __name__ == "__main__":
    main()
