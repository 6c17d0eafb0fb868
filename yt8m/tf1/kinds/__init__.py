"""Mapping of checkpoints to recipes. A file here has the name of its kind in `yt8m.models`.

Each defines `MODELS`, the original's names of the model; `entry(shapes)`, the settings that follow
from variables (others keep their defaults); and `originals(recipe, schema)`, the original's
variables of a model with these settings, and how they map to ours.
"""
