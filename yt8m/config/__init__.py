"""The config: settings, defaults and checks. Importing it is cheap; no TensorFlow."""
