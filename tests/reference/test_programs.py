"""The programs reproduce the original's stored runs, so that other tests can rely on them."""

import json

import numpy as np
import pytest

from tests.goldens import names
from tests.reference.originals import load
from tests.reference.programs import Variables, predict

RGB, CLASSES = 1024, 25


@pytest.mark.parametrize("name", names("model_"))
def test_a_program_predicts_the_same_as_the_original(golden, name):
    case = load(golden, name)
    model, flags = str(case.numbers["model"]), json.loads(str(case.numbers["flags_json"]))
    variables = Variables(case.variables, RGB, CLASSES)
    frames = case.frames[:1]  # it takes its time
    frames = frames[:, 0] if name.startswith("video") else frames
    found = predict(model, flags, variables, frames, case.num_frames[:1])
    assert variables.arrays.keys() == case.variables.keys()
    np.testing.assert_allclose(found, case.numbers["predictions"][:1], rtol=0, atol=1e-5)
