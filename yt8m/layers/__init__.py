"""Keras layers, one idea per file. All respect the mask: padding never changes the result."""
