"""Sources of a dataset's records: one file per kind, with a `Recipe` that is a `Source`."""
