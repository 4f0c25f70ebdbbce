"""Layouts of graphs in reading order, as plain geometry: boxes in columns, frames around modules, curves for arrows."""

from viz.layout.geometry import Layout, Path, Point, Rectangle, Shape, Wire
from viz.layout.place import lay_out, turned

__all__ = ["Layout", "Path", "Point", "Rectangle", "Shape", "Wire", "lay_out", "turned"]
