"""Training a model on samples, eager or compiled, and what comes of it."""

from nn.training.history import History

__all__ = ["History"]
