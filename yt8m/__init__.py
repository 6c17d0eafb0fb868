"""Train video classifiers on frame-level features, and combine them within a byte budget."""

__version__ = "0.1.0"
