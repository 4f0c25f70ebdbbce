"""Fuzzing: the property tests of the suite, run on new examples for as long as they are told to."""
