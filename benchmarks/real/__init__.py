"""The parts of `make prove-real`."""
