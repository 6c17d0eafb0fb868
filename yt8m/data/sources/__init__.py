"""Where a dataset's records come from: one file a kind, with a `Recipe` that is a `Source`."""
