"""Speed and memory compared with other engines, and studies over many seeds."""
