"""Imported checkpoints of the original scripts predict the same as the original."""

import json

import numpy as np
import pytest

from tests.tf1.originals import MEMBERS, STAGES, invoke, predicted
from yt8m.data.sampling import FrameSampler

EVERY = pytest.mark.parametrize("name", STAGES)
BEST, SCORES = slice(0, None, 2), slice(1, None, 2)


@EVERY
def test_predictions_match_the_original(checkpoints, graphs, inputs, name):
    stored = np.load(checkpoints / name / "predictions.npz")
    full = predicted(graphs(name), inputs["full_bytes"], inputs["full_num_frames"])
    np.testing.assert_allclose(full, stored["full_predictions"], rtol=0, atol=2e-5)
    mixed = predicted(graphs(name), inputs["mixed_bytes"], inputs["mixed_num_frames"])
    # Videos of 57 and 299 frames are filled up at random there, but for the recurrent models: see
    # `test_padded_videos_are_scored_like_in_the_original`.
    rows = [0, 1, 2, 3] if name.startswith("lstm") else [0, 3]
    np.testing.assert_allclose(mixed[rows], stored["mixed_mean"][rows], rtol=0, atol=2e-5)


def filled_up(graphs, name, frames, num_frames, draw):
    """Predictions on 300 frames per video; a recurrent member of an ensemble sees its own only."""
    chosen = FrameSampler("resampled", 300, seed=1).sample(0, draw, num_frames)
    filled = np.take_along_axis(frames, chosen[..., None], axis=1), np.full_like(num_frames, 300)
    members = MEMBERS if name == "ensemble" else {name: 1.0}
    return sum(
        weight * predicted(graphs(n), *((frames, num_frames) if n.startswith("lstm") else filled))
        for n, weight in members.items()
    )


@pytest.mark.parametrize("name", [n for n in STAGES if not n.startswith("lstm")])
def test_padded_videos_are_scored_like_in_the_original(checkpoints, graphs, inputs, name):
    """Frames past a video's end sampled as in the original; the mean of several samples."""
    draws, standard_errors = 10, 6
    stored = np.load(checkpoints / name / "predictions.npz")
    mixed = inputs["mixed_bytes"], inputs["mixed_num_frames"]
    found = [filled_up(graphs, name, *mixed, draw) for draw in range(draws)]
    difference = np.abs(np.mean(found, axis=0) - stored["mixed_mean"])
    error = stored["mixed_std"] * np.sqrt(1 / 30 + 1 / draws)
    assert (error[[1, 2]].max(axis=1) > 1e-5).all()
    assert (difference <= standard_errors * error + 2e-5).all()


@EVERY
def test_the_submission_matches_the_original(checkpoints, imported, test16, tmp_path, name):
    graph, parquet, csv = imported(name) / STAGES[name], tmp_path / "p.parquet", tmp_path / "s.csv"
    invoke("predict", graph, test16, "--batch-size", 16, "--out", parquet)
    invoke("submit", parquet, "--out", csv)
    expected = (checkpoints / name / "submission.csv").read_text().splitlines()
    found = csv.read_text().splitlines()
    assert found[0] == expected[0]
    assert len(found) == len(expected) == 17
    for ours, theirs in zip(found[1:], expected[1:], strict=True):
        same_up_to_ties(ours, theirs)


def same_up_to_ties(ours, theirs):
    """A line of the CSV; classes whose scores are closer than 1e-6 may change places."""
    (id_, ours), (their_id, theirs) = (line.split(",") for line in (ours, theirs))
    ours, theirs = ours.split(), theirs.split()
    assert id_ == their_id
    scores, their_scores = np.float64(ours[SCORES]), np.float64(theirs[SCORES])
    np.testing.assert_allclose(scores, their_scores, rtol=0, atol=2e-5)
    for label, their_label, score in zip(ours[BEST], theirs[BEST], their_scores, strict=True):
        if label != their_label:
            place = theirs[BEST].index(label) if label in theirs[BEST] else -1
            assert abs(their_scores[place] - score) < 1e-6


def test_an_imported_model_can_be_evaluated_combined_and_distilled(
    imported, graphs, test16, tmp_path
):
    """It is evaluated, put into an ensemble, and used as a teacher."""
    records = ("--records", test16, "--batch-size", 16)
    models = [imported(name) / STAGES[name] for name in ("lstmbidirect", "gateddbof")]
    classes = ("--classes-out", tmp_path / "classes.parquet")
    said = invoke("evaluate", models[0], *records, *classes, "--out", tmp_path / "metrics.json")
    assert "lstmbidirect: GAP" in said and "16 videos, " in said
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert 0 < metrics["gap"] <= 1
    members = [argument for path in models for argument in ("--member", 0.5, path)]
    invoke("ensemble", "both", *members, "--out", tmp_path / "both")
    distil = ("--shards", 0, "--state", tmp_path / "state", "--out", tmp_path / "soft")
    invoke("distil", tmp_path / "both", *records, *distil)
    assert list((tmp_path / "soft").glob("*.tfrecord"))
