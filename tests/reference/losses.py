"""Losses as slow loops over videos and classes, in float64."""

import numpy as np


def cross_entropy(predictions, labels, epsilon=1e-5):
    videos = []
    for scores, true in zip(predictions.astype(float), labels, strict=True):
        wanted = [p if t else 1.0 - p for p, t in zip(scores, true, strict=True)]
        videos.append(sum(-np.log(p + epsilon) for p in wanted))
    return np.mean(videos)


def hinge(predictions, labels, margin=1.0):
    videos = []
    for scores, true in zip(predictions.astype(float), labels, strict=True):
        sides = [p if t else -p for p, t in zip(scores, true, strict=True)]
        videos.append(sum(max(0.0, margin - side) for side in sides))
    return np.mean(videos)


def softmax(predictions, labels):
    videos = []
    for scores, true in zip(predictions.astype(float), labels, strict=True):
        total = sum(np.exp(scores))
        costs = [-np.log(np.exp(p) / total) for p, t in zip(scores, true, strict=True) if t]
        videos.append(np.mean(costs) if costs else 0.0)
    return np.mean(videos)
