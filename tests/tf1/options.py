"""The options of the original that change a model, and checkpoints made with them."""

from itertools import product

import numpy as np

from tests.reference.programs import ALWAYS_LOGISTIC, AUDIO, RGB
from tests.tf1.checkpoints import write_checkpoint
from yt8m.serving.graph import load_graph
from yt8m.tf1.importing import import_checkpoint

LOGISTIC = {"video_level_classifier_model": "LogisticModel"}
BY_ACTIVATIONS = {"moe_prob_gating": True, "moe_prob_gating_input": "activation"}
CLASSIFIERS = [
    {},
    LOGISTIC,
    {"moe_num_mixtures": 3, "moe_low_rank_gating": 2},
    {"moe_prob_gating": True},
    {"gating_remove_diag": True},
    {"moe_prob_gating": True, "gating_remove_diag": True},
    BY_ACTIVATIONS,
]

YES_NO = (True, False)
BAG = {
    "dbof_cluster_size": [16],
    "dbof_hidden_size": [6],
    "dbof_relu": YES_NO,
    "softdbof_maxpool": YES_NO,
    "fc_dimred": YES_NO,
}
OPTIONS = {
    "NetVLADModelLF": {
        "netvlad_cluster_size": [4],
        "netvlad_hidden_size": [6],
        "netvlad_relu": YES_NO,
        "lightvlad": YES_NO,
        "gating": YES_NO,
    },
    "NetFVModelLF": {
        "fv_cluster_size": [4],
        "fv_hidden_size": [6],
        "fv_relu": YES_NO,
        "fv_couple_weights": YES_NO,
        "fv_coupling_factor": [0.25],
        "gating": YES_NO,
    },
    "SoftDbofModelLF": BAG,
    "GatedDbofModelLF": BAG,
    "DbofModel": {
        "dbof_cluster_size": [7],
        "dbof_hidden_size": [6],
        "dbof_pooling_method": ("max", "average"),
    },
    "LstmModel": {"lstm_cells": [6], "lstm_layers": (1, 2, 3)},
    "Lstmbidirect": {"lstm_cells": (6, 7)},
    "GRUbidirect": {"lstm_cells": (6, 7), "gating": YES_NO},
    "GRUbidirect_branchedBN": {},
    "attention_frames_v0": {},
    "FrameLevelLogisticModel": {},
    "LogisticModel": {},
    "MoeModel": {},
}
"""Options that change a model's variables or predictions, with values, by model."""

LOGISTIC_ONLY = ("DbofModel", "GRUbidirect_branchedBN")
"""Models that crashed with a mixture of experts."""
NO_CHOICE = (*ALWAYS_LOGISTIC, *LOGISTIC_ONLY)


def variants(model):
    """Every combination of a model's own options."""
    options = OPTIONS[model]
    for values in product(*options.values()):
        flags = dict(zip(options, values, strict=True))
        if flags.get("dbof_relu") and not flags.get("fc_dimred", True):
            continue  # the flag changes nothing then
        yield flags


def combinations():
    """Every combination of a model's options, and every classifier with the first and the last.

    Recurrent models take longer: they have two classifiers.
    """
    for model in OPTIONS:
        found = list(variants(model))
        classifiers = [LOGISTIC] if model in NO_CHOICE else CLASSIFIERS
        if "lstm_cells" in found[0]:
            classifiers = [LOGISTIC, {"moe_prob_gating": True, "gating_remove_diag": True}]
        for flags in found:
            yield model, flags | classifiers[0]
        for flags, classifier in product((found[0], found[-1]), classifiers[1:]):
            yield model, flags | classifier


def videos(model):
    """float32 [4, 9, F] and int32 [4]; for a model of videos one vector each."""
    random = np.random.default_rng(3)
    num_frames = np.array([9, 1, 4, 6], np.int32)
    frames = random.uniform(-2, 2, (4, 9, RGB + AUDIO)).astype("float32")
    if model in ("LogisticModel", "MoeModel"):
        return frames[:, 0], np.ones(4, np.int32)
    return frames, num_frames


def write(folder, model, variables):
    is_video = model in ("LogisticModel", "MoeModel")
    return write_checkpoint(
        folder,
        variables.arrays | {"global_step": np.int32(9)},
        model=model,
        feature_sizes=f"{RGB}, {AUDIO}",
        feature_names="mean_rgb, mean_audio" if is_video else "rgb, audio",
        frame_features=not is_video,
    )


def imported(folder, choices, frames, num_frames, stage="trained"):
    """Predictions of the checkpoint in `folder/theirs`, imported."""
    import_checkpoint(folder / "theirs", folder / "ours", choices)
    graph = load_graph(folder / "ours" / stage)
    frames = frames if frames.ndim == 3 else frames[:, None]
    return graph.function(frames, num_frames)
