"""How each method against overfitting changes the error on new samples, and what more samples would.

Run it as `python -m benchmarks.regularisation [--seeds N] [--plot FILE]`. Every seed draws its own 40 noisy moons with
two additional inputs that carry no information, its own initial weights, and 1,000 test samples. The 4-12-1 network has
enough weights to memorise the 40 samples; each method is used alone. Early stopping trains on 30 of the 40 samples and
monitors the other 10. The strengths of the other methods were chosen on other seeds.

The last two rows have 100 samples more, so they are not compared with the methods but show what samples are worth: once
early stopping monitors the 100, and once the network trains on all 140 without any method.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import nn
from viz.pictures.palette import palette_named
from viz.plots.axes import figure_of, new_figure, styled

IMAGES = Path(__file__).parents[1] / "docs" / "images"
NOISE = 0.3
EPOCHS, RATE = 500, 0.02
FIRST_SEED = 100
PENALTIES = {"L1": (0.01, nn.l1_penalty), "L2": (0.01, nn.l2_penalty)}
METHODS = ("none", "dropout", "L1", "L2", "augmentation", "early stopping")
SAMPLES, ASIDE, EXTRA = 40, 10, 100
WITH_MORE_SAMPLES = ("early stopping, 100 extra", "trained on all 140")
COPIES, COPY_NOISE = 59, 0.5

Errors = Mapping[str, np.ndarray]
"""Share of the test samples classified wrongly: for each method, one entry per seed."""

Training = tuple[nn.datasets.Dataset, dict[str, Any]]
"""The samples to train on, and further arguments of `fit`."""


def samples(count: int, seed: int) -> nn.datasets.Dataset:
    X, y = nn.datasets.moons(count, noise=NOISE, seed=seed)
    idle = np.random.default_rng([seed, 1]).normal(size=(count, 2))
    return nn.datasets.Dataset(np.hstack([X, idle]), y)


def with_penalty(model: nn.MLP, factor: float, penalty: Callable[[nn.MLP], Any]) -> Callable[..., Any]:
    """The mean cross-entropy plus a multiple of a penalty on the weights."""

    def loss(predictions: Any, targets: Any) -> Any:
        return nn.binary_cross_entropy_with_logits(predictions, targets) + factor * penalty(model)

    return loss


def put_aside(data: nn.datasets.Dataset, count: int, seed: int) -> tuple[nn.datasets.Dataset, nn.datasets.Dataset]:
    """Splits off some samples at random; returns those that are left for training, and those put aside."""
    order = np.random.default_rng(seed).permutation(len(data.y))
    aside, left = order[:count], order[count:]
    return nn.datasets.Dataset(data.X[left], data.y[left]), nn.datasets.Dataset(data.X[aside], data.y[aside])


def stopping_early(data: nn.datasets.Dataset, monitored: nn.datasets.Dataset) -> Training:
    return data, {"validation": monitored, "callbacks": [nn.EarlyStopping(patience=10)]}


def training_for(method: str, seed: int) -> Training:
    """What the network of a seed trains on, and how it is stopped."""
    data, extra = samples(SAMPLES, seed), samples(EXTRA, 20_000 + seed)
    if method == "augmentation":
        return nn.augment(*data, copies=COPIES, noise=COPY_NOISE, seed=seed), {}
    if method == "early stopping":
        return stopping_early(*put_aside(data, ASIDE, seed))
    if method == "early stopping, 100 extra":
        return stopping_early(data, extra)
    if method == "trained on all 140":
        return nn.datasets.Dataset(np.vstack([data.X, extra.X]), np.concatenate([data.y, extra.y])), {}
    return data, {}


def trained(method: str, seed: int) -> nn.MLP:
    """The network of a seed after training with one of the METHODS, or WITH_MORE_SAMPLES."""
    (X, y), options = training_for(method, seed)
    model = nn.MLP(4, [12, 1], dropout=0.3 if method == "dropout" else 0.0, seed=seed)
    loss = with_penalty(model, *PENALTIES[method]) if method in PENALTIES else "binary_cross_entropy_with_logits"
    adam = nn.Adam(model.parameters(), lr=RATE)
    model.fit(X, y, loss=loss, optimizer=adam, epochs=EPOCHS, progress=False, **options)
    return model


def error_on_new_samples(model: nn.MLP, seed: int) -> float:
    X, y = samples(1000, 10_000 + seed)
    return 1.0 - nn.accuracy(model.predict(X), y, threshold=0.0)


def study(seeds: int) -> Errors:
    chosen = range(FIRST_SEED, FIRST_SEED + seeds)
    return {
        method: np.array([error_on_new_samples(trained(method, seed), seed) for seed in chosen])
        for method in (*METHODS, *WITH_MORE_SAMPLES)
    }


def table(errors: Errors) -> str:
    """Mean and deviation of each method, and its comparison with no method on the same seeds, in percentage points."""
    lines = [f"{'method':<26}{'test error':>11}{'deviation':>11}{'against none':>14}{'better on':>11}"]
    for method, shares in errors.items():
        saved = errors["none"] - shares
        row = f"{method:<26}{shares.mean():>11.1%}{100 * shares.std(ddof=1):>8.1f} pp"
        if method != "none":
            row += f"{-100 * saved.mean():>+11.1f} pp{f'{(saved > 0).sum()} of {len(saved)}':>11}"
        lines.append(row)
    return "\n".join(lines)


def plot(errors: Errors) -> Figure:
    """Plots the error of every seed as a dot, next to mean and standard deviation."""
    colours = palette_named("light")
    ax, _ = styled(new_figure(9.0, 4.4, colours).add_subplot(), "light")
    for position, shares in enumerate(errors.values()):
        spread = np.linspace(-0.15, 0.15, len(shares))
        ax.plot(position + spread, 100 * shares, "o", color=colours.muted, alpha=0.5, markersize=4)
        mean, deviation = 100 * shares.mean(), 100 * shares.std(ddof=1)
        color = colours.positive if position < len(METHODS) else colours.muted
        ax.errorbar(position + 0.3, mean, deviation, fmt="s", color=color, capsize=4, linewidth=2)
    ax.axhline(100 * errors["none"].mean(), color=colours.negative, linestyle="--", linewidth=1)
    ax.axvline(len(METHODS) - 0.35, color=colours.muted, linewidth=1)
    ax.text(len(METHODS) - 0.25, 1.0, "with 100 samples more", color=colours.muted)
    ax.set_xticks(range(len(errors)), [method.replace(" ", "\n", 2).replace("\non", " on") for method in errors])
    seeds = len(errors["none"])
    ax.set(ylabel="test samples wrong (%)", ylim=(0.0, None), title=f"Against overfitting, over {seeds} seeds")
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
