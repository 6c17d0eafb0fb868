"""Layers that read frames with their normalisation, against those that read normalised frames."""

from functools import partial

import keras
import numpy as np
import pytest

from yt8m.layers.assignment import SoftAssignment
from yt8m.layers.dbof import DBoF, GatedDBoF, SoftDBoF, SumMaxDBoF
from yt8m.layers.netfv import NetFV
from yt8m.layers.netvlad import NetVLAD
from yt8m.layers.normalisation import BatchNorm
from yt8m.layers.standardised import Affine, FrameNorm, product, scaled_moments, weighted_sums

LAYERS = {
    "assignment": partial(SoftAssignment, 3),
    "netvlad": partial(NetVLAD, 3),
    "light": partial(NetVLAD, 3, light=True),
    "netfv": partial(NetFV, 3),
    "coupled": partial(NetFV, 3, coupling=0.3),
    "dbof": partial(DBoF, 5),
    "average": partial(DBoF, 5, "average"),
    "soft": partial(SoftDBoF, 4),
    "sum_max": partial(SumMaxDBoF, 4),
    "gated": partial(GatedDBoF, 4),
}


@pytest.fixture
def affine(batch):
    random = np.random.default_rng(1)
    frames, _, mask = batch
    size = frames.shape[-1]
    by_frame = random.uniform(0.5, 2.0, mask.shape) * mask
    scale, shift = random.uniform(0.5, 3.0, size), random.normal(size=size)
    return Affine(by_frame[:, :, None], scale, shift)


def normalised(frames, affine):
    return frames * affine.by_frame * affine.scale + affine.shift


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_a_normalisation_gives_what_normalised_frames_do(batch, filled, affine, name, training):
    frames, _, mask = batch
    layer = LAYERS[name]()
    layer.build(frames.shape)
    filled(layer)
    if "deviation_roots" in (roots := {w.name: w for w in layer.weights}):
        roots["deviation_roots"].assign(np.abs(roots["deviation_roots"]) + 0.5)
    affine = Affine(*(np.float32(values) for values in affine))
    found = layer(frames, mask=mask, affine=affine, training=training)
    expected = layer(normalised(frames, affine), mask=mask, training=training)
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("training", [False, True])
def test_frame_norm_is_batch_norm_of_scaled_frames(batch, affine, training):
    frames, _, mask = batch
    by_frame = np.float32(affine.by_frame)
    norm, plain = FrameNorm(), BatchNorm()
    parts = [frames[:, :, :4], frames[:, :, 4:]]
    scale, shift = norm(parts, by_frame, mask=mask, training=training)
    expected = plain(frames * by_frame, mask=mask, training=training)
    np.testing.assert_allclose(frames * by_frame * scale + shift, expected, atol=2e-5)
    for ours, theirs in zip(norm.variables, plain.variables, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("mean", [0, 100])
def test_moments_of_bytes_lose_less_than_the_epsilon_of_batch_norm_can_show(mean):
    random = np.random.default_rng(4)
    values = np.float32(np.clip(random.normal(mean, 20, (8, 300, 64)).round(), -127, 128))
    values[:, :, 0] = 100.0  # a constant
    by_frame = 1 / np.linalg.norm(values, axis=-1, keepdims=True)
    found = scaled_moments([values[:, :, :40], values[:, :, 40:]], by_frame)
    exact = np.float64(values) * np.float64(by_frame)
    np.testing.assert_allclose(found[0], exact.mean((0, 1)), atol=1e-6)
    np.testing.assert_allclose(found[1], exact.var((0, 1)), atol=1e-6)
    assert found[2] == 8 * 300


@pytest.mark.parametrize("name", ["product", "weighted_sums"])
def test_gradients_by_scale_and_shift_are_those_through_the_frames(batch, affine, name):
    import tensorflow as tf

    frames = np.asarray(batch[0], np.float64)
    scale, shift = (tf.constant(values) for values in affine[1:])
    by_frame = affine.by_frame
    random = np.random.default_rng(2)
    kernel = random.normal(size=(frames.shape[-1], 3))
    weights = random.uniform(size=(*frames.shape[:2], 3))
    cases = {
        "product": (
            lambda: product(frames, kernel, Affine(by_frame, scale, shift)),
            lambda: (frames * by_frame * scale + shift) @ kernel,
        ),
        "weighted_sums": (
            lambda: weighted_sums(weights, frames, Affine(by_frame, scale, shift)),
            lambda: tf.einsum("btk,btf->bfk", weights, frames * by_frame * scale + shift),
        ),
    }
    (found, by_ours), (expected, by_frames) = (
        _with_gradients(function, [scale, shift]) for function in cases[name]
    )
    np.testing.assert_allclose(found, expected, atol=1e-12)
    for ours, plain in zip(by_ours, by_frames, strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-10)


def _with_gradients(function, sources):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(sources)
        values = function()
        loss = tf.reduce_sum(keras.ops.square(values))
    return values, tape.gradient(loss, sources)
