"""Stored numbers of the original program, and our recipes that should reproduce them."""

import json
from dataclasses import asdict, dataclass

import numpy as np

from tests.reference.arrays import our_arrays
from yt8m.classifiers import logistic as logistic_classifier
from yt8m.classifiers import moe as moe_classifier
from yt8m.data.schema import Schema
from yt8m.models import (
    attention,
    bigru,
    bilstm,
    branched_gru,
    dbof,
    gated_dbof,
    logistic,
    lstm,
    moe,
    netfv,
    netvlad,
    soft_dbof,
)

SCHEMA = Schema(classes=25)


@dataclass(frozen=True)
class Case:
    """One stored run: what went in, what came out, and the original's variables."""

    recipe: object
    frames: np.ndarray
    num_frames: np.ndarray
    numbers: dict
    variables: dict


def load(golden, name):
    """The stored run of a model at inference, its frames sampled as the original sampled them."""
    numbers = dict(np.load(golden(f"model_{name}.npz")))
    flags = json.loads(str(numbers["flags_json"]))
    kind = str(numbers["model"])
    if "model_input_raw" in numbers:
        frames = numbers["model_input_raw"][:, None, :]
        num_frames = np.ones(len(frames), np.int32)
    else:
        stored = np.load(golden(str(numbers["input_file"])))
        frames, num_frames = stored["model_input_raw"], stored["num_frames"]
        frames, num_frames = sampled(frames, num_frames, numbers, flags)
    variables = {k[len("var/") :]: v for k, v in numbers.items() if k.startswith("var/")}
    return Case(recipe_of(kind, flags), frames, num_frames, numbers, variables)


def sampled(frames, num_frames, numbers, flags):
    """Frames as the original sampled them, and how many of them are valid."""
    if flags.get("frame_shuffle"):
        order = [shuffled(u, n) for u, n in zip(numbers["uniform"], num_frames, strict=True)]
        return gathered(frames, np.stack(order)), num_frames
    if "uniform" not in numbers:
        return frames, num_frames
    if flags.get("sample_random_frames", True):
        index = numbers["frame_index"]
        if flags.get("sample_all"):
            place = np.arange(index.shape[1])[None, :]
            index = np.where(place < num_frames[:, None], place, index)
    else:
        length = flags["iterations"]
        room = np.maximum(num_frames - length, 0) + 1
        start = (numbers["uniform"][:, 0] * room.astype(np.float32)).astype(np.int32)
        index = start[:, None] + np.arange(length)[None, :]
        index = np.minimum(index, num_frames[:, None] - 1)
    return gathered(frames, index), np.full(len(frames), index.shape[1], np.int32)


def gathered(frames, index):
    return np.stack([video[rows] for video, rows in zip(frames, index, strict=True)])


def shuffled(uniform, num_frames):
    """Valid frames by descending draw, then the padding in order."""
    order = np.argsort(-uniform[:num_frames], kind="stable")
    return np.concatenate([order, np.arange(num_frames, len(uniform))])


def assign_originals(model, recipe, schema, arrays):
    """Set every weight of a model from the original's arrays.

    The counters of batch-norm updates, which the original does not have, are not changed.
    """
    values = our_arrays(recipe, schema, arrays)
    weights = {w.path: w for w in model.weights if not w.path.endswith("/updates")}
    assert weights.keys() == values.keys()
    for path, weight in weights.items():
        assert tuple(weight.shape) == values[path].shape, path
        weight.assign(values[path])


def recipe_of(kind, flags):
    """Our recipe for an original model with these flags, with the original's defaults filled in."""
    return RECIPES[kind](flags)


def _netvlad(flags):
    return netvlad.Recipe(
        clusters=flags["netvlad_cluster_size"],
        hidden=flags["netvlad_hidden_size"],
        relu=flags.get("netvlad_relu", True),
        light=flags.get("lightvlad", False),
        gating=flags.get("gating", False),
        gating_remove_diagonal=flags.get("gating", False)
        and flags.get("gating_remove_diag", False),
        classifier=classifier_of(flags),
    )


def _netfv(flags):
    return netfv.Recipe(
        clusters=flags["fv_cluster_size"],
        hidden=flags["fv_hidden_size"],
        relu=flags.get("fv_relu", True),
        coupled=flags.get("fv_couple_weights", True),
        coupling_factor=flags.get("fv_coupling_factor", 0.01),
        gating=flags.get("gating", False),
        classifier=classifier_of(flags),
    )


def _soft_bag(kind, flags):
    project = flags.get("fc_dimred", True)
    return kind.Recipe(
        clusters=flags["dbof_cluster_size"],
        hidden=flags["dbof_hidden_size"],
        relu=project and flags.get("dbof_relu", True),
        max_pool=flags.get("softdbof_maxpool", False),
        project=project,
        classifier=classifier_of(flags),
    )


def _dbof(flags):
    return dbof.Recipe(
        clusters=flags["dbof_cluster_size"],
        hidden=flags["dbof_hidden_size"],
        pooling=flags.get("dbof_pooling_method", "max"),
        classifier=classifier_of(flags),
    )


def _bilstm(flags):
    return bilstm.Recipe(flags["lstm_cells"], classifier_of(flags))


def _lstm(flags):
    return lstm.Recipe(flags["lstm_cells"], flags["lstm_layers"], classifier_of(flags))


def _bigru(flags):
    return bigru.Recipe(flags["lstm_cells"], flags.get("gating", False), classifier_of(flags))


def _moe(flags):
    return moe.Recipe(**asdict(classifier_of(flags)))


RECIPES = {
    "NetVLADModelLF": _netvlad,
    "NetFVModelLF": _netfv,
    "GatedDbofModelLF": lambda flags: _soft_bag(gated_dbof, flags),
    "SoftDbofModelLF": lambda flags: _soft_bag(soft_dbof, flags),
    "DbofModel": _dbof,
    "Lstmbidirect": _bilstm,
    "LstmModel": _lstm,
    "GRUbidirect": _bigru,
    "GRUbidirect_branchedBN": lambda flags: branched_gru.Recipe(classifier_of(flags)),
    # It asks no flag for its classifier.
    "attention_frames_v0": lambda flags: attention.Recipe(mask_padding=False),
    "MoeModel": _moe,
    "LogisticModel": lambda flags: logistic.Recipe(),
    "FrameLevelLogisticModel": lambda flags: logistic.Recipe(),
}


def classifier_of(flags):
    if flags.get("video_level_classifier_model") == "LogisticModel":
        return logistic_classifier.Recipe()
    gating = "none"
    if flags.get("moe_prob_gating"):
        source = flags.get("moe_prob_gating_input", "prob")
        gating = {"prob": "probabilities", "activation": "activations"}[source]
    return moe_classifier.Recipe(
        mixtures=flags.get("moe_num_mixtures", 2),
        l2=flags.get("moe_l2", 1e-8),
        low_rank=max(flags.get("moe_low_rank_gating", 0), 0),
        gating=gating,
        remove_diagonal=gating == "probabilities" and flags.get("gating_remove_diag", False),
    )
