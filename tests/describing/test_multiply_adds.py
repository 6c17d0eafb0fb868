"""Counts of multiply-adds, compared with counts by hand."""

import pytest
import tensorflow as tf

from yt8m.config.training import Training
from yt8m.data.schema import Schema
from yt8m.describing.costs import costs_of
from yt8m.describing.multiply_adds import multiply_adds
from yt8m.errors import ConfigError
from yt8m.recipes import read_recipe

T, RGB, AUDIO, C = 9, 8, 4, 5
F = RGB + AUDIO
SCHEMA = Schema({"rgb": RGB, "audio": AUDIO}, classes=C, max_frames=T)
LENGTHS = T * F  # how long the frames are, which every model reads at unit length


def counted(entry, schema=SCHEMA):
    recipe = read_recipe("yt8m.models", entry, "x")
    return costs_of(recipe, schema, Training(batch_size=2)).multiply_adds


def traced(function, *shapes):
    specs = [tf.TensorSpec(shape) for shape in shapes]
    return tf.function(function, autograph=False).get_concrete_function(*specs).graph


def test_a_logistic_model_has_one_product():
    assert counted({"kind": "logistic"}) == LENGTHS + F * C
    assert counted({"kind": "logistic"}, Schema()) == 300 * 1152 + 1152 * 3862


def test_netvlad_assigns_and_sums_every_frame():
    clusters = RGB * 4 + AUDIO * 2  # sum over features of their size times their clusters
    hidden = 6
    frames = T * clusters + T * clusters  # shares of the clusters; sums weighted by them
    experts = hidden * C * 3 + hidden * C * 2 + C * C  # gates, experts, gating by probabilities
    shift = clusters  # of the input normalisation, times the assignment's kernel
    by_hand = LENGTHS + frames + shift + clusters * hidden + hidden * hidden + experts
    entry = {"kind": "netvlad", "clusters": 4, "hidden": hidden}
    entry["classifier"] = {"kind": "moe", "gating": "probabilities"}
    assert counted(entry) == by_hand


@pytest.mark.parametrize(("max_pool", "project"), [(False, True), (True, True), (True, False)])
def test_a_gated_bag_assigns_frames_once_and_gates_the_first_feature(max_pool, project):
    clusters, hidden = 16, 6
    audio = clusters // 8
    shift = RGB * clusters + AUDIO * audio  # of the input normalisation, times the kernel
    frames = T * shift
    gates = 2 * RGB * clusters
    bag = clusters + (2 * audio if max_pool else audio)
    classified = hidden if project else bag
    projected = bag * hidden if project else 0
    by_hand = LENGTHS + frames + shift + gates + projected + classified * C * 5
    entry = {"kind": "gated_dbof", "clusters": clusters, "hidden": hidden}
    assert counted(entry | {"max_pool": max_pool, "project": project}) == by_hand


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="cuDNN is not counted")
def test_an_lstm_counts_every_frame():
    cells = 6
    lower = 4 * cells * (F + cells)  # four gates read the frame and the state
    upper = 4 * cells * (cells + cells)
    by_hand = LENGTHS + T * (lower + upper) + cells * C
    assert counted({"kind": "lstm", "cells": cells, "layers": 2}) == by_hand


def test_records_of_the_video_layout_are_one_frame():
    schema = Schema({"rgb": RGB}, classes=C, max_frames=T, layout="video")
    assert counted({"kind": "moe", "mixtures": 1}, schema) == RGB + RGB * C * 3


@pytest.mark.parametrize(
    ("function", "shapes", "by_hand"),
    [
        (lambda a, b: tf.matmul(a, b, transpose_a=True), [(7, 2), (7, 3)], 2 * 7 * 3),
        (lambda a, b: tf.matmul(a, b, transpose_a=True), [(4, 7, 2), (4, 7, 3)], 4 * 2 * 7 * 3),
        (lambda a, b: tf.einsum("btgd,btgk->bdk", a, b), [(2, 3, 4, 5), (2, 3, 4, 6)], 720),
        (lambda a, b: tf.nn.conv2d(a, b, 1, "VALID"), [(1, 5, 5, 2), (3, 3, 2, 4)], 9 * 4 * 18),
        (tf.function(lambda a, b: tf.matmul(a, b)), [(2, 7), (7, 3)], 2 * 7 * 3),
    ],
    ids=["matrices", "batches of matrices", "einsum", "convolution", "function in a function"],
)
def test_every_kind_of_product_is_counted(function, shapes, by_hand):
    assert multiply_adds(traced(function, *shapes), frames=1) == by_hand


def test_an_unused_product_does_not_count():
    def function(a):
        tf.matmul(a, a)
        return a + 1.0

    assert multiply_adds(traced(function, (3, 3)), frames=1) == 0


def test_a_size_that_depends_on_values_is_refused():
    graph = traced(lambda a: tf.matmul(tf.boolean_mask(a, a[:, 0] > 0), a), (3, 3))
    with pytest.raises(ConfigError, match="cannot be counted"):
        multiply_adds(graph, frames=1)
