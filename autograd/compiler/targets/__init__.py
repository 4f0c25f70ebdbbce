"""The targets: they run a routine on samples."""
