"""Layouts of graphs in reading order, as plain geometry: boxes in columns, frames around modules, curves for arrows."""
