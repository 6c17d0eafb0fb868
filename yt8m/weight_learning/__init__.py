"""Weights of an ensemble's members, learned from their predictions on labelled videos."""
