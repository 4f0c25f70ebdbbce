"""Static pictures of computation graphs and networks, laid out by Graphviz."""
