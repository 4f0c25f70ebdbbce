"""Pictures of graphs, networks and training: SVG and PNG with nothing installed beside Python packages."""

from viz.drawing import Drawing, draw, draw_dot
from viz.folding import GraphTooLargeError
from viz.network import draw_network
from viz.render import RenderError

__all__ = ["Drawing", "GraphTooLargeError", "RenderError", "draw", "draw_dot", "draw_network"]
