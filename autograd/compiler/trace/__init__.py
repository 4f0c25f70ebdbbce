"""From a graph to instructions, by running its own operations and rules on symbols."""
