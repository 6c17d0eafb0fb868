"""Layers that read frames with a scale and a shift, against those that read normalised frames."""

from functools import partial

import keras
import numpy as np
import pytest

from yt8m.layers.assignment import SoftAssignment
from yt8m.layers.dbof import DBoF, GatedDBoF, SoftDBoF, SumMaxDBoF
from yt8m.layers.netvlad import NetVLAD
from yt8m.layers.normalisation import BatchNorm
from yt8m.layers.standardised import FrameNorm, product, weighted_sums

LAYERS = {
    "assignment": partial(SoftAssignment, 3),
    "netvlad": partial(NetVLAD, 3),
    "light": partial(NetVLAD, 3, light=True),
    "dbof": partial(DBoF, 5),
    "average": partial(DBoF, 5, "average"),
    "soft": partial(SoftDBoF, 4),
    "sum_max": partial(SumMaxDBoF, 4),
    "gated": partial(GatedDBoF, 4),
}


@pytest.fixture
def affine(batch):
    random = np.random.default_rng(1)
    size = batch[0].shape[-1]
    return random.uniform(0.5, 3.0, size), random.normal(size=size)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_a_scale_and_a_shift_give_what_normalised_frames_do(batch, filled, affine, name, training):
    frames, _, mask = batch
    scale, shift = (np.float32(values) for values in affine)
    layer = LAYERS[name]()
    layer.build(frames.shape)
    filled(layer)
    found = layer(frames, mask=mask, scale=scale, shift=shift, training=training)
    expected = layer(frames * scale + shift, mask=mask, training=training)
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("training", [False, True])
def test_frame_norm_is_batch_norm_as_a_scale_and_a_shift(batch, training):
    frames, _, mask = batch
    norm, plain = FrameNorm(), BatchNorm()
    scale, shift = norm(frames, mask=mask, training=training)
    expected = plain(frames, mask=mask, training=training)
    np.testing.assert_allclose(frames * scale + shift, expected, atol=1e-5)
    for ours, theirs in zip(norm.variables, plain.variables, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize("name", ["product", "weighted_sums"])
def test_gradients_by_scale_and_shift_are_those_through_the_frames(batch, affine, name):
    import tensorflow as tf

    frames = np.asarray(batch[0], np.float64)
    scale, shift = (tf.constant(values) for values in affine)
    random = np.random.default_rng(2)
    kernel = random.normal(size=(frames.shape[-1], 3))
    weights = random.uniform(size=(*frames.shape[:2], 3))
    cases = {
        "product": (
            lambda: product(frames, kernel, scale, shift),
            lambda: (frames * scale + shift) @ kernel,
        ),
        "weighted_sums": (
            lambda: weighted_sums(weights, frames, scale, shift),
            lambda: tf.einsum("btk,btf->bfk", weights, frames * scale + shift),
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
