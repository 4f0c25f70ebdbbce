"""Exercises: graphs with numbers to fill in, as pages, as sheets of paper, and checked in notebooks."""
