"""Our models with the original's weights predict the same as the original."""

import keras
import numpy as np
import pytest

from tests.goldens import names
from tests.reference.arrays import original_arrays
from tests.reference.originals import SCHEMA, assign_originals, load
from yt8m.models.assemble import build_model

NAMES = names("model_")


@pytest.fixture(scope="module", params=NAMES)
def case_and_model(request, golden):
    case = load(golden, request.param)
    model = build_model(case.recipe, SCHEMA)
    assign_originals(model, case.recipe, SCHEMA, case.variables)
    return case, model


def test_predictions_and_their_loss_match_the_original(case_and_model):
    case, model = case_and_model
    body = model.body
    probe = keras.Model(body.inputs, [body.output, body.get_layer("classifier").input])
    parts, scale, mask = model.reading(case.frames, case.num_frames)
    # `predict_on_batch` compiles: 300 steps of an LSTM take seconds without.
    predictions, pooled = probe.predict_on_batch([*parts, scale, mask])
    np.testing.assert_allclose(predictions, case.numbers["predictions"], rtol=0, atol=2e-5)
    labels, error = case.numbers["labels"], 1e-5
    loss = -np.where(labels, np.log(predictions + error), np.log(1 - predictions + error))
    np.testing.assert_allclose(loss.sum(1).mean(), case.numbers["label_loss"], rtol=2e-4)
    if "classifier_input" in case.numbers:
        stored = case.numbers["classifier_input"]
        np.testing.assert_allclose(pooled, stored, rtol=0, atol=1e-4)


def test_the_penalty_matches_the_original(case_and_model):
    case, model = case_and_model
    found = sum(float(loss) for loss in model.losses)
    np.testing.assert_allclose(found, case.numbers["reg_loss"], rtol=1e-5)


def test_weights_convert_back_to_the_original_unchanged(case_and_model):
    case, model = case_and_model
    weights = {w.path: np.asarray(w) for w in model.weights}
    found = original_arrays(case.recipe, SCHEMA, weights)
    assert set(found) == set(case.variables)
    for name, array in case.variables.items():
        np.testing.assert_allclose(found[name], array, rtol=0, atol=1e-6, err_msg=name)
