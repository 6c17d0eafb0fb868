"""Estimates of the size, compute and memory of a config's models, without training them."""
