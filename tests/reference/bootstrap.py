"""Slow and plain: metrics of resamples, each computed anew from the videos that were drawn."""

import numpy as np

from tests.reference import metrics


def resampled(predictions, labels, draws, top_k=20):
    """How far the metrics of each resample are from those of all videos: metric -> [R].

    draws: with one group per video.
    """
    whole = metrics.metrics(predictions, labels, top_k)
    place = np.argsort(draws.groups)  # the video of each group
    found = []
    for times in draws.times:
        videos = np.repeat(place, times)
        found.append(metrics.metrics(predictions[videos], labels[videos], top_k))
    words = ("gap", "perr", "hit_at_one")
    return {word: np.array([one[word] - whole[word] for one in found]) for word in words}
