"""From probabilities to decisions: a threshold for each class, and how well probabilities agree
with the shares of videos that have the label.
"""
