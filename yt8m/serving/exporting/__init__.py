"""Graphs for runtimes other than TensorFlow; a file `onnx` or `litert` here is a `--format` of
`yt8m export`.

Each defines `convert(function, inputs, weights, about) -> bytes`; `load(content)`, a function from
arrays by name to predictions; and `MOST_VIDEOS`, the largest batch.
"""
