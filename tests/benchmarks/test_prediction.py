"""Peers predict what ours do, or are refused; commands by their means count the same videos."""

import numpy as np
import pytest

from benchmarks.baselines import models
from benchmarks.graphs import write_graph
from benchmarks.prediction import write_example
from benchmarks.prediction_peers import PREDICTORS, Example, Predictor, Work, peers
from benchmarks.videos import write_videos
from yt8m.data.records import Records
from yt8m.data.schema import Schema

ENTRIES = {
    "netvlad": ({"kind": "netvlad", "clusters": 8, "hidden": 16}, lambda: models.netvlad(8, 16)),
    "bilstm": ({"kind": "bilstm", "cells": 8}, lambda: models.bilstm(8)),
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("videos")
    return write_videos(folder, 6, Schema(max_frames=5), frames=5)


@pytest.fixture(scope="module")
def examples(manifest, tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    for kind, (entry, _) in ENTRIES.items():
        graph = write_graph(entry, manifest.schema, folder / kind)
        write_example(entry, manifest, graph, folder / f"{kind}.npz")
    return folder


@pytest.mark.parametrize("kind", ENTRIES)
@pytest.mark.parametrize("name", PREDICTORS)
def test_a_peer_with_our_weights_predicts_the_same(name, kind, examples):
    if name == "ONNX Runtime, its LSTM" and kind != "bilstm":
        pytest.skip("only a recurrent model is written operator by operator")
    if "ONNX" in name:
        for package in ("onnx", "onnxruntime", "tf2onnx"):
            pytest.importorskip(package, reason=f"{package} is missing: '.[bench]'")
    path = examples / f"{kind}.npz"
    example = Example.read(path)
    found = Predictor(name, ENTRIES[kind][1], path)(example.frames)
    assert np.ptp(example.predictions) > 1e-3
    np.testing.assert_allclose(found, example.predictions, atol=1e-5)


def test_a_peer_that_predicts_otherwise_is_refused(examples, tmp_path):
    example = Example.read(examples / "netvlad.npz")
    Example(example.weights, example.frames, example.predictions + 0.001).write(tmp_path / "e.npz")
    refused = Predictor("Keras, compiled", ENTRIES["netvlad"][1], tmp_path / "e.npz")
    with pytest.raises(
        ValueError, match=r"Keras, compiled: predictions differ from ours by 0\.001"
    ):
        refused(example.frames)


@pytest.mark.parametrize("what", ["predict", "evaluate", "distil"])
def test_the_work_of_a_command_counts_the_videos(what, manifest, examples, tmp_path):
    path, build = examples / "netvlad.npz", ENTRIES["netvlad"][1]
    settings = {"batch_size": 4, "keep": 900, "out": tmp_path}
    found = peers(["Keras, compiled"], build, path, what, manifest, **settings)
    assert found["Keras, compiled"].way() == 6


def test_distilled_shards_hold_the_peers_predictions(manifest, examples, tmp_path):
    from yt8m.data.survey import build_manifest

    path, build = examples / "netvlad.npz", ENTRIES["netvlad"][1]
    predictor = Predictor("Keras, compiled", build, path)
    Work(predictor, "distil", manifest, 4, 3862 - 1, tmp_path)()
    soft = build_manifest(sorted(tmp_path.iterdir()), manifest.schema, "train", kind="soft_labels")
    batch = Records(manifest, soft_labels=soft).batch(np.arange(6))
    np.testing.assert_allclose(batch.teacher, predictor(batch.frames), atol=1e-3)
