"""Which of our recipes a checkpoint is of. A file here has the name of its kind in `yt8m.models`.

Each defines `MODELS`, the original's names of the model; `entry(shapes)`, the settings that
variables tell (what no variable tells keeps its default); and `originals(recipe, schema)`, the
original's variables of a model with these settings, and where their values go.
"""
