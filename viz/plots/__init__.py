"""Plots of training, functions and weights, by matplotlib."""

from viz.plots.plots import (
    plot_decision_surface,
    plot_difference_error,
    plot_function,
    plot_loss,
    plot_weights,
)

__all__ = [
    "plot_decision_surface",
    "plot_difference_error",
    "plot_function",
    "plot_loss",
    "plot_weights",
]
