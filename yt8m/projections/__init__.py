"""From an extractor's values to a record's bytes: projections fitted on the training split.

A file per kind, with a settings class `Recipe` (see `yt8m.protocols.ProjectionRecipe`).
"""
