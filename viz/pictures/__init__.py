"""Pictures of graphs and networks."""
