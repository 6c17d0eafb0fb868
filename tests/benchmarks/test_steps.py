"""The plain models are as large as ours; both take a training step and count its videos."""

import pytest

from benchmarks.baselines import models
from benchmarks.prediction import fresh_graph
from benchmarks.steps import Plain, _batch, _ours, _schema

FRAMES = 3
PAIRS = {
    "netvlad": ({"kind": "netvlad", "clusters": 8, "hidden": 16}, lambda: models.netvlad(8, 16)),
    "gated_dbof": (
        {"kind": "gated_dbof", "clusters": 16, "hidden": 16},
        lambda: models.gated_dbof(16, 16),
    ),
    "bilstm": ({"kind": "bilstm", "cells": 8}, lambda: models.bilstm(8)),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_both_ways_have_equally_many_trainable_weights_and_take_a_step(kind):
    from yt8m.models.assemble import build_model
    from yt8m.recipes import read_recipe

    entry, plain = PAIRS[kind]
    batch = _batch(2, FRAMES)
    ours = build_model(read_recipe("yt8m.models", entry, kind), _schema(FRAMES))
    theirs = plain()
    assert Plain(plain, batch)() == _ours(entry, batch)() == 4
    counts = [sum(v.shape.num_elements() for v in m.trainable_variables) for m in (ours, theirs)]
    assert counts[0] == counts[1]


def test_a_fresh_graph_predicts_probabilities():
    from yt8m.data.schema import Batch

    frames, lengths, labels = _batch(2, FRAMES)
    graph = fresh_graph(PAIRS["netvlad"][0], _schema(FRAMES))
    found = graph.predict(Batch(["a", "b"], frames, lengths, labels))
    assert found.shape == labels.shape and (found >= 0).all() and (found <= 1).all()
