"""Graphs: everything that predicts, from a model at a stage to an ensemble on disk."""
