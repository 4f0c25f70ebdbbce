"""From straight-line code back to a loop: a loss over many samples as a routine for one, run on all."""
