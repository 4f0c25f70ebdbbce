"""Plots of training runs, functions and weights, drawn by matplotlib. Each is a figure without global state."""

from viz.plots.differences import plot_difference_error
from viz.plots.function import plot_function
from viz.plots.loss import plot_loss
from viz.plots.neurons import plot_neurons
from viz.plots.surface import plot_decision_surface
from viz.plots.weights import plot_weights

__all__ = [
    "plot_decision_surface",
    "plot_difference_error",
    "plot_function",
    "plot_loss",
    "plot_neurons",
    "plot_weights",
]
