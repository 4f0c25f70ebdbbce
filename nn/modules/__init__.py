"""Modules: neurons, layers and networks, and what is computed of them."""
