"""From videos and feature files to names of classes with probabilities, also over time."""

SUFFIXES = (".jsonl", ".csv", ".parquet")
"""Endings of files of labels, by which their format is chosen."""
