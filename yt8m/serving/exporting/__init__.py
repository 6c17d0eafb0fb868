"""Graphs for runtimes other than TensorFlow; a file here is a `--format` of `yt8m export`.

Each defines `convert(function, schema) -> bytes`; `predict(content, frames, num_frames)`, which
runs the converted graph; and `MOST_VIDEOS`, the largest batch.
"""
