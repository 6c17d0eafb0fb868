"""How fast the project is, compared with what one would write without it: `make bench`.

One file per area; its `races(folder, scale)` are the rows of the table. `baselines/` holds what a
competent user would write with TensorFlow, numpy and scikit-learn alone.
"""
