"""Ensembles of one model of ours with fresh weights, exported as a run exports them."""

from pathlib import Path


def fresh_model(entry: dict, schema):
    """Our model, with the same weights each time."""
    import keras

    from yt8m.models.assemble import build_model
    from yt8m.recipes import read_recipe

    keras.utils.set_random_seed(1)
    return build_model(read_recipe("yt8m.models", entry, "benchmark"), schema)


def write_graph(entry: dict, schema, folder: Path) -> Path:
    """Export an ensemble with the weights of `fresh_model` alone; returns its folder."""
    import numpy as np

    from yt8m.artefacts import WEIGHTS
    from yt8m.serving.ensemble import export_ensemble
    from yt8m.weights import save_weights

    arrays = {v.path: np.asarray(v.numpy()) for v in fresh_model(entry, schema).variables}
    identity = {"name": "benchmark", "recipe": entry, "schema": schema.as_json()}
    save_weights(folder / "stage" / WEIGHTS, arrays, {"kind": "weights", "model": identity})
    export_ensemble("benchmark", {folder / "stage": 1.0}, folder / "ensemble")
    return folder / "ensemble"
