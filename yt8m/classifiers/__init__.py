"""Classifiers of one vector a video. A file here is a `kind` of a model's `classifier`."""
