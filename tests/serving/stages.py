"""Models with random weights at a stage."""

from dataclasses import replace

import numpy as np
import tensorflow as tf

from tests.small import write_model_config
from yt8m.artefacts import CONFIG, WEIGHTS
from yt8m.config.steps import Quantisation
from yt8m.json_files import write_json
from yt8m.models.assemble import build_model
from yt8m.origins import Origin, header_of
from yt8m.recipes import as_entry
from yt8m.weights import save_weights

WEIGHTS_OF = {"vlad": 0.5, "bag": 0.3, "memory": 0.2}


def write_stage(folder, name, seed=0, **sizes):
    """A model with random weights and statistics as `folder/name/trained`."""
    config = write_model_config(folder / name, name)
    recipe = replace(config.recipe, **sizes)
    config = replace(config, recipe=recipe, quantise=Quantisation(min_elements=20))
    write_json(folder / name / CONFIG, config.entry())
    tf.keras.utils.set_random_seed(seed)
    model = build_model(config.recipe, config.schema)
    rng = np.random.default_rng(seed)
    arrays = {v.path: np.asarray(v.numpy()) for v in model.variables}
    for path, values in arrays.items():
        if path.endswith(("moving_variance", "gamma")):
            arrays[path] = rng.uniform(0.5, 2, values.shape).astype("f4")
        elif path.endswith(("moving_mean", "beta", "bias")):
            arrays[path] = rng.normal(0, 0.5, values.shape).astype("f4")
    header = header_of(config.identity, Origin("trained"))
    save_weights(folder / name / "trained" / WEIGHTS, arrays, header)
    return folder / name / "trained"


def write_kind(folder, kind, recipe, schema):
    """A model of this recipe with random weights, as a stage folder."""
    tf.keras.utils.set_random_seed(1)
    model = build_model(recipe, schema)
    arrays = {v.path: np.asarray(v.numpy()) for v in model.variables}
    identity = {"name": kind, "recipe": as_entry(recipe), "schema": schema.as_json()}
    save_weights(folder / WEIGHTS, arrays, {"kind": "weights", "model": identity})
    return folder
