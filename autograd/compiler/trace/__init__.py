"""From a graph to instructions: its own operations and rules, carried out on symbols."""
