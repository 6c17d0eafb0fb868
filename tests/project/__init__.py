"""Files that others meet first: automation, citation, pictures, lists of changes."""
