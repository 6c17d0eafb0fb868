"""On-line distillation reaches the objective of a training step, however it is compiled."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from tests.contracts.test_models import SCHEMA, small, videos
from tests.soaking import soak
from yt8m.models.assemble import build_model
from yt8m.models.mix_nextvlad import Recipe
from yt8m.training.step import Objective, TrainingStep

RECIPE = replace(small(Recipe()), l2=0.0, dropout=0.0)
LABELS = np.random.default_rng(2).random((4, SCHEMA.classes)) < 0.4


def losses(recipe, **compiled):
    """(loss against the labels, penalties) of a first step."""
    keras.utils.set_random_seed(1)
    step = TrainingStep(build_model(recipe, SCHEMA), Objective(), 1.0, **compiled)
    return [float(loss) for loss in step(*videos(), LABELS, None, 1e-3, 0)[:2]]


@pytest.mark.parametrize("compiled", [{}, soak({"xla": True}), {"micro_batches": 2}], ids=str)
def test_a_step_minimises_the_distance_of_experts_from_their_mixture(compiled):
    with_distance = losses(RECIPE, **compiled)
    without = losses(replace(RECIPE, distillation=0.0), **compiled)
    assert with_distance[0] == pytest.approx(without[0], rel=1e-5)
    assert with_distance[1] > 1e-4 and without[1] == 0.0


def test_each_expert_is_a_nextvlad_of_its_own():
    keras.utils.set_random_seed(1)
    names = {v.path.split("/")[0] for v in build_model(RECIPE, SCHEMA).variables}
    parts = ("rgb_vlad", "audio_vlad", "hidden", "hidden_normalisation", "hidden_gating")
    experts = {f"expert_{m}_{part}" for m in (1, 2, 3) for part in parts}
    assert names == experts | {"classifier"}
