"""What runs a routine on samples."""
