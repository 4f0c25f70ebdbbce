"""Graphs of any engine compared node by node, and engines checked against the laws of differentiation."""
