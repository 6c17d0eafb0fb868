"""Contracts of the training of all kinds of models."""

import numpy as np
import pytest
import tensorflow as tf

from tests.contracts.test_models import MODELS, SCHEMA, every_recipe, new_model, small, videos
from yt8m.config.training import Averaging
from yt8m.recipes import recipe_class
from yt8m.training.losses import cross_entropy
from yt8m.training.state import State
from yt8m.training.step import Objective, TrainingStep

LABELS = np.random.default_rng(2).random((4, SCHEMA.classes)) < 0.4


@pytest.fixture
def learn():
    """A function that takes one step and returns the batch's loss before it.

    It is not compiled, which would take longer than the step of a tiny model.
    """

    def loss_of(step, position):
        tf.config.run_functions_eagerly(True)
        loss, l2_loss, _ = step(*videos(), LABELS, None, 1e-3, position)
        tf.config.run_functions_eagerly(False)
        return float(loss) + float(l2_loss)

    yield loss_of
    tf.config.run_functions_eagerly(False)


def training_step(recipe):
    return TrainingStep(new_model(recipe), Objective(), 1.0, Averaging(memory_steps=10))


def everything(step):
    """Everything that a step reads or writes, in a fixed order."""
    variables = [*step.model.variables, *step.adam.first, *step.adam.second, *step.averages]
    return [np.asarray(v) for v in variables]


@every_recipe
def test_a_step_lowers_the_loss_of_its_batch(recipe, learn):
    step = training_step(recipe)
    moving = [np.asarray(v) for v in step.model.non_trainable_variables]
    before = learn(step, 0)
    # What is not trained as it was: a dropout leaves out the same values again.
    predictions, _, losses = step.model.stateless_call(
        step.model.trainable_variables, moving, videos(), training=True, return_losses=True
    )
    after = float(cross_entropy(predictions, LABELS.astype("float32"))) + float(sum(losses))
    assert after < before


@pytest.mark.parametrize("kind", MODELS)
def test_training_resumes_from_a_saved_state_as_if_it_had_not_stopped(kind, learn, tmp_path):
    recipe = small(recipe_class("yt8m.models", kind, kind)())
    state = State(tmp_path, "run", seconds=600)
    undisturbed, resumed = training_step(recipe), training_step(recipe)
    learn(undisturbed, 0)
    state.save(undisturbed, 1, [])
    position, _ = state.restore(resumed)
    for step in (undisturbed, resumed):
        learn(step, position)
    for expected, found in zip(everything(undisturbed), everything(resumed), strict=True):
        np.testing.assert_array_equal(found, expected)
