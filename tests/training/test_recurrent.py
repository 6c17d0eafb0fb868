"""Recurrent models can be trained with a mixture of experts; the original's crashed."""

import keras
import numpy as np
import pytest

from yt8m.classifiers import moe
from yt8m.data.schema import Schema
from yt8m.models import bigru, bilstm, branched_gru, lstm
from yt8m.models.assemble import build_model
from yt8m.training.step import Objective, TrainingStep

SCHEMA = Schema({"rgb": 6, "audio": 4}, classes=5, max_frames=9)
EXPERTS = moe.Recipe(gating="probabilities")
RECIPES = {
    "bigru": bigru.Recipe(6, gating=True, classifier=EXPERTS),
    "bilstm": bilstm.Recipe(6, classifier=EXPERTS),
    "branched_gru": branched_gru.Recipe(classifier=EXPERTS),
    "lstm": lstm.Recipe(6, classifier=EXPERTS),
}


@pytest.mark.parametrize("kind", RECIPES)
def test_a_few_videos_are_memorised_and_every_weight_changes(kind):
    keras.utils.set_random_seed(1)
    model = build_model(RECIPES[kind], SCHEMA)
    before = {v.path: v.numpy() for v in model.variables}
    step = TrainingStep(model, Objective(), clip_norm=1.0)
    random = np.random.default_rng(2)
    frames = random.integers(0, 256, (8, 9, 10), np.uint8)
    num_frames = np.array([9, 1, 4, 6, 9, 2, 7, 3], np.int32)
    labels = random.random((8, 5)) < 0.4
    losses = [float(step(frames, num_frames, labels, None, 0.02, n)[0]) for n in range(150)]
    assert losses[11] < 0.9 * losses[0]
    assert min(losses[-10:]) < 0.05 * losses[0]
    still = [v.path for v in model.variables if np.array_equal(v.numpy(), before[v.path])]
    assert still == []
