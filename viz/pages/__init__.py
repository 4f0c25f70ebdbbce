"""Pages of HTML that step through a graph or replay a training run."""
