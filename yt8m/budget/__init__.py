"""Fitting ensembles into byte budgets: more bits for variables with more effect on predictions."""
