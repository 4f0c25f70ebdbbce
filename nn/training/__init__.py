"""Training a model on samples, eager or compiled, and its history."""

from nn.training.history import History

__all__ = ["History"]
