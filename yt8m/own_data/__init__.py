"""A user's own videos: a table of ids, files and labels, and arrays of many formats."""
