"""Uses of predictions: metrics, tables of the most probable classes, soft labels for students."""
