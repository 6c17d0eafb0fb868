"""How fast the project is, beside what one would write without it: `make bench`.

One file an area; its `races(folder, scale)` are the rows of the table. `baselines/` holds what a
competent user writes with TensorFlow, numpy and scikit-learn alone.
"""
