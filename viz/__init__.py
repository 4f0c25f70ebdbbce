"""Pictures of graphs, networks and training: SVG and PNG with nothing installed beside Python packages."""

from viz.drawing import Drawing, draw, draw_dot
from viz.expression import ExpressionError, parse_expression
from viz.folding import GraphTooLargeError
from viz.formula import latex
from viz.listing import code
from viz.network import draw_network
from viz.plots import plot_decision_surface, plot_function, plot_loss, plot_weights
from viz.render import RenderError

__all__ = [
    "Drawing",
    "ExpressionError",
    "GraphTooLargeError",
    "RenderError",
    "code",
    "draw",
    "draw_dot",
    "draw_network",
    "latex",
    "parse_expression",
    "plot_decision_surface",
    "plot_function",
    "plot_loss",
    "plot_weights",
]
