import json

import numpy as np
import pytest

from tests.calibration.scored import counted, invented
from tests.reference import calibration as reference
from yt8m.calibration.reliability import GROUPS, reliability
from yt8m.calibration.summary_files import (
    described_thresholds,
    read_summary,
    reliability_in,
    summary,
)
from yt8m.calibration.thresholds import choose_thresholds
from yt8m.errors import ArtefactError
from yt8m.json_files import write_json


def test_reliability_is_that_of_a_plain_loop_to_within_a_bin():
    scores, labels = invented(3)
    found = counted(scores, labels)
    curve = reliability(found.videos, found.positives)
    group = np.minimum((scores * GROUPS).astype(int), GROUPS - 1)
    assert curve.pairs.tolist() == [(group == g).sum() for g in range(GROUPS)]
    assert curve.positives.tolist() == [labels[group == g].sum() for g in range(GROUPS)]
    for g in np.flatnonzero(curve.pairs):
        assert curve.probability[g] == pytest.approx(scores[group == g].mean(), rel=1 / 64)
    pairs = scores.ravel().tolist(), labels.ravel().tolist()
    for first in (0, 1):
        expected = reference.calibration_error(*pairs, GROUPS, first)
        assert curve.error(first) == pytest.approx(expected, abs=scores.mean() / 64)


def test_calibrated_probabilities_have_almost_no_error_and_overconfident_ones_have():
    rng = np.random.default_rng(0)
    scores = rng.random((4000, 5)).astype("float32")
    for power, error in ((1, 0.0), (2, 0.17)):  # the mean of p - p^2 is 1 / 6
        found = counted(scores, rng.random(scores.shape) < scores**power, 4000)
        assert reliability(found.videos, found.positives).error() == pytest.approx(error, abs=0.02)


def test_a_summary_survives_the_round_trip_and_others_are_refused(tmp_path):
    path, scores = tmp_path / "calibration.json", counted(*invented(4))
    found = choose_thresholds(scores.videos, scores.positives, 0.8, 3)
    made = summary(scores, found, 0.8, 3)
    write_json(path, made)
    assert read_summary(path, "g", "r") == made
    assert (made["split"], made["videos"], made["classes"]) == ("validate", 120, 12)
    assert "chosen by precision 0.8 on 120 videos of validate" in described_thresholds(made)
    assert f"{made['never_decided']} classes are never decided" in described_thresholds(made)
    curve = reliability_in(made)
    assert curve.error() == made["calibration_error"]
    with pytest.raises(ArtefactError, match="is about other graph; delete it"):
        read_summary(path, graph="another")
    path.write_text(json.dumps({**made, "reliability": made["reliability"][:3]}))
    with pytest.raises(ArtefactError, match="has not 16 groups"):
        read_summary(path)
