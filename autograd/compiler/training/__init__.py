"""The steps of a training run: sums over the samples of a minibatch, then the update of every parameter."""
