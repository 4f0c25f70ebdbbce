"""Interactive pages of HTML: one steps through a graph, one replays a training run."""
