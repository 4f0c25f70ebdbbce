"""Interactive HTML pages: one steps through a graph, one replays a training run."""
