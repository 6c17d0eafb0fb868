"""How fast the project is, compared with what one would write without it: `make bench`.

One file per area; its `races(folder, scale)` are the rows of the table. `baselines/` holds what one
writes at first with TensorFlow, numpy and scikit-learn alone; `peers/` the strongest that a
competent user has without this project.
"""
