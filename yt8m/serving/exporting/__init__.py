"""Graphs for other runtimes than TensorFlow; the word on the command line is the file's name here.

Each defines `convert(function, schema) -> bytes`, `predict(content, frames, num_frames)`, which
runs what was converted, and `MOST_VIDEOS`, that it takes at once.
"""
