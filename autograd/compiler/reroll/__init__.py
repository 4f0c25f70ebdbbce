"""From straight lines back to repetition: a loss over many samples as one sample, run on all."""
