"""Ensembles of one model of ours with fresh weights, exported as a run exports them."""

from pathlib import Path


def fresh_model(entry: dict, schema):
    """Our model, with the same weights each time."""
    import keras

    from yt8m.models.assemble import build_model
    from yt8m.recipes import read_recipe

    keras.utils.set_random_seed(1)
    return build_model(read_recipe("yt8m.models", entry, "benchmark"), schema)


def write_graph(entry: dict, schema, folder: Path, encoded: bool = False) -> Path:
    """Export an ensemble with the weights of `fresh_model` alone; returns its folder.

    encoded: with codes of 8 bits for the large weights.
    """
    import numpy as np

    from yt8m.artefacts import WEIGHTS
    from yt8m.config.steps import Quantisation
    from yt8m.quantisation import quantise_stage
    from yt8m.serving.ensemble import export_ensemble
    from yt8m.weights import save_weights

    arrays = {v.path: np.asarray(v.numpy()) for v in fresh_model(entry, schema).variables}
    identity = {"name": "benchmark", "recipe": entry, "schema": schema.as_json()}
    save_weights(folder / "stage" / WEIGHTS, arrays, {"kind": "weights", "model": identity})
    stage = folder / "stage"
    if encoded:
        quantise_stage(stage / WEIGHTS, Quantisation(), stage := folder / "encoded")
    export_ensemble("benchmark", {stage: 1.0}, folder / "ensemble")
    return folder / "ensemble"
