"""Training a model on samples: the loop, eager or compiled, and what it reports."""
