"""Contracts of all kinds of models and classifiers."""

import os
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from functools import cache

import keras
import numpy as np
import pytest

from yt8m.data.schema import Schema
from yt8m.models.assemble import build_model
from yt8m.recipes import as_entry, kind_of, kinds, read_recipe, recipe_class
from yt8m.tf1.known import kind_modules, originals

SCHEMA = Schema({"rgb": 8, "audio": 4}, classes=5, max_frames=9)
OUTSIDE = os.environ.get("YT8M_KINDS", "").split()
"""External kinds, such as "my_models.mean_pool"; if any, only these are tested."""
MODELS, CLASSIFIERS = OUTSIDE or kinds("yt8m.models"), kinds("yt8m.classifiers")
PLAIN = [kind for kind in MODELS if kind not in ("branched_gru", "mix_nextvlad")]
"""Those that are no combination of other kinds; the graphs of these take the longest."""


VARIANTS = {
    "netvlad-relu-gated-probabilities": {
        "kind": "netvlad",
        "relu": True,
        "gating_remove_diagonal": True,
        "classifier": {"kind": "moe", "gating": "probabilities", "remove_diagonal": True},
    },
    "netvlad-light-gated-by-activations": {
        "kind": "netvlad",
        "light": True,
        "gating": False,
        "classifier": {"kind": "moe", "gating": "activations", "low_rank": 2, "mixtures": 3},
    },
    "attention-over-padding": {"kind": "attention", "mask_padding": False, "expansion": 1},
    "bigru-gated": {"kind": "bigru", "gating": True},
    "dbof-average-norelu": {"kind": "dbof", "pooling": "average", "relu": False},
    "gated_dbof-relu": {"kind": "gated_dbof", "relu": True},
    "gated_dbof-max": {"kind": "gated_dbof", "max_pool": True},
    "gated_dbof-unprojected": {"kind": "gated_dbof", "project": False},
    "gated_dbof-unprojected-max": {"kind": "gated_dbof", "project": False, "max_pool": True},
    "lstm-alone": {"kind": "lstm", "layers": 1},
    "netfv-relu-coupled": {"kind": "netfv", "relu": True, "coupled": True, "gating": False},
    "netfv-gated-without-diagonal": {"kind": "netfv", "gating_remove_diagonal": True},
    "nextvlad-one-group": {"kind": "nextvlad", "groups": 1, "expansion": 1, "dropout": 0.0},
    "soft_dbof-relu-max": {"kind": "soft_dbof", "relu": True, "max_pool": True},
    "soft_dbof-unprojected": {"kind": "soft_dbof", "project": False},
    "soft_dbof-unprojected-max": {"kind": "soft_dbof", "project": False, "max_pool": True},
}
"""Settings other than the defaults that change the layers of a model."""


def small(recipe):
    """The recipe of a kind with sizes that are small enough for a test."""
    changes = {}
    for f in fields(recipe):
        value = getattr(recipe, f.name)
        if is_dataclass(value):
            changes[f.name] = small(value)
        elif f.name == "gating_reduction":
            changes[f.name] = 2  # leaves enough rectified units that not all of them are dead
        elif isinstance(value, int) and value > 16:
            changes[f.name] = 16
    return replace(recipe, **changes)


def classified_by(recipe, classifier):
    chosen = small(recipe_class("yt8m.classifiers", classifier, "classifier")())
    return replace(recipe, classifier=chosen)


def recipes():
    """Every kind of model, with every kind of classifier if it has the choice; variants."""
    for kind in MODELS:
        recipe = small(recipe_class("yt8m.models", kind, kind)())
        if any(f.name == "classifier" for f in fields(recipe)):
            for classifier in CLASSIFIERS:
                yield pytest.param(classified_by(recipe, classifier), id=f"{kind}-{classifier}")
        else:
            yield pytest.param(recipe, id=kind)
    for name, entry in VARIANTS.items() if not OUTSIDE else ():
        yield pytest.param(small(read_recipe("yt8m.models", entry, name)), id=name)


every_recipe = pytest.mark.parametrize("recipe", list(recipes()))


@cache
def built(recipe):
    """A model with random weights; the same object for all tests, which do not change it."""
    return new_model(recipe)


def new_model(recipe, schema=SCHEMA, **more):
    """Seeded, because with some seeds all of a handful of rectified units are dead."""
    keras.utils.set_random_seed(1)
    return build_model(recipe, schema, **more)


def videos():
    """uint8 [4, 9, 12], garbage past the ends, and int32 [4]."""
    random = np.random.default_rng(7)
    return random.integers(0, 256, (4, 9, 12), np.uint8), np.array([9, 1, 4, 6], np.int32)


def predicted(model, frames, num_frames):
    return np.asarray(model([frames, num_frames]))


@every_recipe
def test_predictions_are_probabilities_a_class(recipe):
    found = predicted(built(recipe), *videos())
    assert found.shape == (4, 5)
    assert found.dtype == np.float32
    assert (found >= 0).all() and (found <= 1).all()
    assert found.std() > 0


@every_recipe
def test_padding_and_the_rest_of_the_batch_do_not_change_predictions(recipe):
    model = built(recipe)
    frames, num_frames = videos()
    together = predicted(model, frames, num_frames)
    longer = np.pad(frames, ((0, 0), (0, 5), (0, 0)), constant_values=200)
    np.testing.assert_allclose(predicted(model, longer, num_frames), together, atol=1e-5)
    for i, n in enumerate(num_frames):
        alone = predicted(model, frames[i : i + 1, :n], num_frames[i : i + 1])
        np.testing.assert_allclose(alone[0], together[i], atol=1e-5)


@every_recipe
def test_bytes_and_dequantised_floats_predict_the_same(recipe):
    model = built(recipe)
    frames, num_frames = videos()
    floats = frames * np.float32(4 / 255) + np.float32(4 / 512 - 2)
    np.testing.assert_allclose(
        predicted(model, floats, num_frames), predicted(model, frames, num_frames), atol=1e-6
    )


@every_recipe
def test_a_video_without_frames_gets_a_finite_prediction(recipe):
    frames, num_frames = videos()
    found = predicted(built(recipe), frames, np.zeros_like(num_frames))
    assert np.isfinite(found).all()


@every_recipe
def test_variables_have_the_same_paths_in_every_build_and_weights_can_be_copied(recipe):
    keras.utils.set_random_seed(2)
    first, second = built(recipe), build_model(recipe, SCHEMA)
    paths = [v.path for v in first.variables]
    assert paths == [v.path for v in second.variables]
    assert len(set(paths)) == len(paths)
    assert all(str(v.dtype).endswith("float32") for v in first.variables)
    expected = predicted(first, *videos())
    assert not np.allclose(predicted(second, *videos()), expected, atol=1e-4)
    second.set_weights(first.get_weights())
    np.testing.assert_allclose(predicted(second, *videos()), expected, atol=1e-6)


@every_recipe
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="uses TensorFlow's tape")
def test_a_gradient_reaches_every_trainable_weight(recipe):
    import tensorflow as tf

    model = built(recipe)
    labels = np.random.default_rng(1).random((4, 5)) < 0.5
    with tf.GradientTape() as tape:
        predictions = model(list(videos()))
        loss = -tf.reduce_sum(tf.math.log(tf.where(labels, predictions, 1 - predictions) + 1e-5))
    weights = model.trainable_variables
    gradients = tape.gradient(loss, [w.value for w in weights])
    without = [
        w.path
        for w, g in zip(weights, gradients, strict=True)
        if g is None or not np.any(np.asarray(tf.convert_to_tensor(g)))
    ]
    assert without == []


@every_recipe
def test_a_training_step_updates_every_moving_statistic(recipe):
    model = built(recipe)
    before = {v.path: np.asarray(v) for v in model.non_trainable_variables}
    found, states = model.stateless_call(
        model.trainable_variables, model.non_trainable_variables, list(videos()), training=True
    )
    assert np.isfinite(np.asarray(found)).all()
    for (path, old), new in zip(before.items(), states, strict=True):
        assert not np.array_equal(old, np.asarray(new)), path


@every_recipe
def test_a_single_feature_is_enough(recipe):
    schema = Schema({"rgb": 8}, classes=5)
    frames, num_frames = videos()
    found = predicted(new_model(recipe, schema), frames[:, :, :8], num_frames)
    assert found.shape == (4, 5)


@every_recipe
def test_a_recipe_survives_the_round_trip_to_its_config_entry(recipe):
    assert read_recipe("yt8m.models", as_entry(recipe), "models.it") == recipe


@every_recipe
def test_the_originals_variables_assign_every_weight_once(recipe):
    if kind_of(recipe) not in kind_modules():
        pytest.skip("the original program has no such model")
    model = built(recipe)
    found = originals(recipe, SCHEMA)
    filled = [path for original in found for path in original.paths]
    weights = [w.path for w in model.weights if not w.path.endswith("/updates")]
    assert sorted(filled) == sorted(weights)
    assert len({o.name for o in found}) == len(found)


def test_recipes_are_read_without_keras():
    names = [m if "." in m else f"yt8m.models.{m}" for m in [*MODELS, "assemble"]]
    names += [f"yt8m.classifiers.{k}" for k in CLASSIFIERS]
    code = f"import sys, {', '.join(names)}; sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@every_recipe
def test_bfloat16_changes_predictions_slightly_and_weights_not_at_all(recipe):
    (exact, *weights), (rounded, *same_weights) = (
        [predicted(model, *videos()), *(w.numpy() for w in model.weights)]
        for model in (built(recipe), new_model(recipe, precision="bfloat16"))
    )
    assert rounded.dtype == np.float32
    assert 0 < np.abs(rounded - exact).max() < 0.03
    for ours, expected in zip(same_weights, weights, strict=True):
        np.testing.assert_array_equal(ours, expected, strict=True)
    assert keras.config.dtype_policy().name == "float32"
