"""From videos and feature files to names of classes with probabilities, also over time."""
