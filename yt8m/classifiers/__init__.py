"""Classifiers of one vector per video. A file here is a `kind` of a model's `classifier`."""
