"""A routine as source code, in Python or JavaScript."""
