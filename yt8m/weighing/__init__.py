"""Weights of an ensemble's members, learnt from what they predict for videos with labels."""
