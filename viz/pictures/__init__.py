"""Static pictures of computation graphs and networks, drawn by Graphviz."""
