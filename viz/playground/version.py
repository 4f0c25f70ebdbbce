"""The version of Pyodide that the playground bundles; noxfile.py reads it too, so this module imports nothing."""

__all__ = ["PYODIDE"]

PYODIDE = "314.0.0"
"""Its version on npm; it runs CPython 3.14."""
