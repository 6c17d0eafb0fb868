"""Plain models and peers are ours in other words: the same weights, losses and predictions."""

import pytest

from benchmarks.baselines import models
from benchmarks.steps import ByKeras, Ours, Plain, _batch
from benchmarks.weights import weights_of

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
    entry, plain = PAIRS[kind]
    batch = _batch(2, FRAMES)
    ours, theirs = Ours(entry, batch), Plain(plain, batch)
    assert theirs() == ours() == 4
    both = (ours.step.model, theirs.step.model)
    counts = [sum(v.shape.num_elements() for v in m.trainable_variables) for m in both]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind, jit", [("netvlad", True), ("gated_dbof", False), ("bilstm", False)])
def test_keras_has_our_losses_with_our_weights(kind, jit):
    """The loss of the second step depends on the gradients of the first, clipped, and on Adam."""
    entry, build = PAIRS[kind]
    batch = _batch(4, FRAMES)
    ours = Ours(entry, batch)
    peer = ByKeras(build, batch, jit, weights_of(ours.step.model))
    before, after = ours.losses()
    assert after < before
    assert list(peer.losses()) == pytest.approx([before, after], rel=1e-4)
