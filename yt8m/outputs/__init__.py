"""What becomes of predictions: scores, tables of the best classes, and labels for students."""
