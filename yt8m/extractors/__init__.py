"""Networks and formulae that turn pictures and sound into features, one vector a second.

A file in `images/` or `sounds/` is a `kind`. They import TensorFlow, Keras, LiteRT and onnxruntime
only inside functions.
"""
