"""Keras layers, one idea a file. All honour the mask: padding does not change the answer."""
