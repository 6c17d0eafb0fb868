"""From frame-level video features to one classifier that fits a byte budget."""

__version__ = "0.1.0"
