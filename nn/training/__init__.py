"""Training a model on samples, eager or compiled, and what comes of it."""
