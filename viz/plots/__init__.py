"""Plots of training runs, functions, images and weights, drawn by matplotlib. Each is a figure without global state."""

from viz.plots.differences import plot_difference_error
from viz.plots.function import plot_function
from viz.plots.images import plot_images
from viz.plots.landscape import plot_landscape
from viz.plots.loss import plot_loss
from viz.plots.neurons import plot_neurons
from viz.plots.secants import plot_secants
from viz.plots.surface import plot_decision_surface
from viz.plots.weights import plot_weights

__all__ = [
    "plot_decision_surface",
    "plot_difference_error",
    "plot_function",
    "plot_images",
    "plot_landscape",
    "plot_loss",
    "plot_neurons",
    "plot_secants",
    "plot_weights",
]
