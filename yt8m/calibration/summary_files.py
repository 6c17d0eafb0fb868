"""How thresholds were chosen, what they give, and how reliable probabilities are, as JSON."""

from pathlib import Path
from typing import Any

import numpy as np

from yt8m.calibration.reliability import GROUPS, Reliability, reliability
from yt8m.calibration.score_files import Scores
from yt8m.calibration.thresholds import NEVER, Thresholds, at_one_half
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, COUNT, NUMBER, TEXT, Maybe, read_json

_F1 = {"micro": NUMBER, "macro": NUMBER}
_SHAPE = {
    "split": TEXT,
    "graph": TEXT,
    "records": TEXT,
    "videos": COUNT,
    "classes": COUNT,
    "classes_with_positives": COUNT,
    "precision": Maybe(NUMBER),
    "min_positives": COUNT,
    "pooled_threshold": Maybe(NUMBER),
    "own_thresholds": AMOUNT,
    "never_decided": AMOUNT,
    "f1": _F1,
    "f1_at_one_half": _F1,
    "calibration_error": NUMBER,
    "calibration_error_above_lowest": Maybe(NUMBER),
    "reliability": [{"pairs": AMOUNT, "positives": AMOUNT, "probability": Maybe(NUMBER)}],
}


def summary(
    scores: Scores, found: Thresholds, precision: float | None, min_positives: int
) -> dict[str, Any]:
    """The content of `calibration.json`. precision, min_positives: how `found` was chosen."""
    curve = reliability(scores.videos, scores.positives)
    return {
        **vars(scores.origin),
        "videos": int(scores.videos[0].sum()),
        "classes": len(scores.videos),
        "classes_with_positives": int(np.count_nonzero(found.positives)),
        "precision": precision,
        "min_positives": min_positives,
        "pooled_threshold": None if found.pooled == NEVER else float(found.pooled),
        "own_thresholds": int(found.own.sum()),
        "never_decided": int(np.count_nonzero(found.thresholds == NEVER)),
        "f1": found.means(),
        "f1_at_one_half": at_one_half(scores.videos, scores.positives).means(),
        "calibration_error": curve.error(),
        "calibration_error_above_lowest": curve.error(first=1),
        "reliability": [_group(*group) for group in zip(*vars(curve).values(), strict=True)],
    }


def described_thresholds(content: dict[str, Any]) -> str:
    """How the thresholds were chosen and what they give, in a sentence."""
    by = "the best F1" if content["precision"] is None else f"precision {content['precision']:g}"
    f1, half = content["f1"], content["f1_at_one_half"]
    own, never = content["own_thresholds"], content["never_decided"]
    text = (
        f"chosen by {by} on {content['videos']:,} videos of {content['split']}, for {own:,} of "
        f"{content['classes']:,} classes each on its own; F1 is {f1['micro']:.4f} over all "
        f"decisions and {f1['macro']:.4f} as a mean over classes (at 0.5: {half['micro']:.4f} and "
        f"{half['macro']:.4f})"
    )
    return f"{text}; {never:,} classes are never decided" if never else text


def described_reliability(content: dict[str, Any]) -> str:
    """The expected calibration error, in a sentence or two."""
    text = f"The expected calibration error is {content['calibration_error']:.5f} over all pairs of"
    above = content["calibration_error_above_lowest"]
    more = "" if above is None else f", and {above:.4f} over those of at least {1 / GROUPS:g}"
    return f"{text} video and class{more}."


def read_summary(
    path: Path, graph: str | None = None, records: str | None = None
) -> dict[str, Any]:
    """The content of a `calibration.json`.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for anything else, or of another graph or other records.
    """
    content = read_json(path, _SHAPE)
    if len(content["reliability"]) != GROUPS:
        raise ArtefactError(f"{path}: has not {GROUPS} groups of pairs; calibrate again")
    for word, expected in (("graph", graph), ("records", records)):
        if expected not in (None, content[word]):
            raise ArtefactError(f"{path}: is about other {word}; delete it and calibrate again")
    return content


def reliability_in(content: dict[str, Any]) -> Reliability:
    """The reliability in a `calibration.json`."""
    groups = content["reliability"]
    return Reliability(
        np.array([group["pairs"] for group in groups]),
        np.array([group["positives"] for group in groups]),
        np.array([group["probability"] for group in groups], float),
    )


def _group(pairs: int, positives: int, probability: float) -> dict[str, Any]:
    mean = None if np.isnan(probability) else float(probability)
    return {"pairs": int(pairs), "positives": int(positives), "probability": mean}
