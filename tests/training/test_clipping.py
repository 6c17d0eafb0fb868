"""Gradients of several devices summed, then clipped variable by variable."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.data.schema import Schema
from yt8m.recipes import recipe_class
from yt8m.tf1.known import kind_modules, originals
from yt8m.training.clipping import clip_by_norm, clip_groups


def test_summed_and_clipped_gradients_match_the_original(golden):
    stored = np.load(golden("gradients.npz"))
    numbers = range(3)
    summed = [stored[f"tower0_grad{i}"] + stored[f"tower1_grad{i}"] for i in numbers]
    clipped = clip_by_norm([tf.constant(g) for g in summed], ["a", "b", "c"], 1.0)
    for i in numbers:
        np.testing.assert_allclose(summed[i], stored[f"combined{i}"], rtol=1e-6)
        np.testing.assert_allclose(clipped[i], stored[f"clipped{i}"], rtol=1e-6)


def test_a_short_gradient_is_unchanged_and_a_long_one_is_scaled_to_the_norm():
    short, long = tf.constant([0.3, 0.4]), tf.constant([3.0, 4.0])
    found = clip_by_norm([short, long], ["short", "long"], 1.0)
    np.testing.assert_allclose(found[0], [0.3, 0.4])
    np.testing.assert_allclose(found[1], [0.6, 0.8])


def test_the_matrices_of_a_recurrent_cell_are_clipped_as_one():
    groups = clip_groups(["a/lstm_cell/kernel", "a/lstm_cell/recurrent_kernel", "b/kernel"])
    found = clip_by_norm([tf.constant([3.0]), tf.constant([4.0]), tf.constant([3.0])], groups, 1.0)
    np.testing.assert_allclose(np.concatenate(found), [0.6, 0.8, 1.0])


@pytest.mark.parametrize("kind", kind_modules())
def test_the_groups_match_the_variables_of_the_original(kind):
    found = originals(recipe_class("yt8m.models", kind, kind)(), Schema())
    groups = [set(clip_groups(original.paths)) for original in found]
    assert all(len(group) == 1 for group in groups)
    assert len(set.union(*groups)) == len(found)
