"""Modules: neurons, layers and networks, and functions of them."""
