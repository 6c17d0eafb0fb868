"""Byte budgets met by design: each variable in the bits that its effect on predictions deserves."""
