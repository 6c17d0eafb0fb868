"""The original's models as slow programs: one video, one frame and one cluster at a time.

A program requests its variables by the original's names, as the original did, which creates them.
Options have the names of the original's flags.
"""

import numpy as np

from tests.reference import layers as slow

RGB, AUDIO, CLASSES, FRAMES = 8, 4, 5, 300


class Variables:
    """Arrays by the original's names, float32; random ones if there is none yet.

    rgb: how many values of a frame are of the first feature. classes: C.
    """

    def __init__(self, arrays=None, rgb=RGB, classes=CLASSES):
        self.arrays = dict(arrays or {})
        self.features = (("video", slice(None, rgb)), ("audio", slice(rgb, None)))
        self.classes = classes
        self._random = np.random.default_rng(0)

    def __call__(self, name, *shape):
        name = f"tower/{name}"
        if name not in self.arrays:
            values = self._random.normal(scale=0.5, size=shape).astype("float32")
            self.arrays[name] = np.abs(values) + 0.3 if name.endswith("variance") else values
        assert self.arrays[name].shape == shape, name
        return self.arrays[name].astype("float64")

    def batch_norm(self, name, size):
        parts = ("gamma", "beta", "moving_mean", "moving_variance")
        return {part: self(f"{name}/{part}", size) for part in parts}

    def normalised(self, values, name):
        return slow.normalised(values, self.batch_norm(name, values.shape[-1]))

    def product(self, values, name, size):
        return values @ self(name, values.shape[-1], size)


def predict(model, flags, v, frames, num_frames):
    """frames: dequantised floats [B, T, F], or [B, F] of a video-level model -> [B, C]."""
    unit = np.apply_along_axis(slow.unit_length, -1, np.asarray(frames, "float64"))
    vector = PROGRAMS[model](v, flags, unit, num_frames)
    is_moe = flags.get("video_level_classifier_model", "MoeModel") == "MoeModel"
    if model == "MoeModel" or (is_moe and model not in ALWAYS_LOGISTIC):
        return _mixture(v, flags, vector)
    return _logistic(v, vector, LAYERS_BEFORE.get(model, 0))


def _netvlad(v, flags, frames, num_frames):
    frames = v.normalised(frames, "input_bn")
    clusters, parts = flags["netvlad_cluster_size"], []
    for (feature, columns), k in zip(v.features, (clusters, clusters // 2), strict=True):
        part, scope = frames[..., columns], f"{feature}_VLAD"
        kernel = v(f"{scope}/cluster_weights", part.shape[-1], k)
        bn = v.batch_norm(f"{scope}/cluster_bn", k)
        centres = None
        if not flags.get("lightvlad"):
            centres = v(f"{scope}/cluster_weights2", 1, part.shape[-1], k)[0]
        parts.append(slow.netvlad(part, num_frames, kernel, bn, centres))
    size, relu = flags["netvlad_hidden_size"], flags.get("netvlad_relu", True)
    hidden = _hidden(v, np.concatenate(parts, axis=1), size, relu)
    if not flags.get("gating"):
        return hidden
    return _gated(v, hidden, flags.get("gating_remove_diag", False))


def _netfv(v, flags, frames, num_frames):
    frames = v.normalised(frames, "input_bn")
    clusters, parts = flags["fv_cluster_size"], []
    for (feature, columns), k in zip(v.features, (clusters, clusters // 2), strict=True):
        part, scope = frames[..., columns], f"{feature}_FV"
        kernel = v(f"{scope}/cluster_weights", part.shape[-1], k)
        roots = v(f"{scope}/covar_weights", part.shape[-1], k)
        bn = v.batch_norm(f"{scope}/cluster_bn", k)
        if flags.get("fv_couple_weights", True):
            centres = flags.get("fv_coupling_factor", 0.01) * kernel
        else:
            centres = v(f"{scope}/cluster_weights2", 1, part.shape[-1], k)[0]
        parts.append(slow.netfv(part, num_frames, kernel, bn, centres, roots))
    size, relu = flags["fv_hidden_size"], flags.get("fv_relu", True)
    hidden = _hidden(v, np.concatenate(parts, axis=1), size, relu)
    # It has the flag `gating_remove_diag`, but does not read it.
    return _gated(v, hidden, False) if flags.get("gating") else hidden


def _soft_dbof(v, flags, frames, num_frames, is_gated=False):
    frames = v.normalised(frames, "input_bn")
    clusters, parts = flags["dbof_cluster_size"], []
    for (feature, columns), k in zip(v.features, (clusters, clusters // 8), strict=True):
        part, scope = frames[..., columns], f"{feature}_DBOF"
        size = part.shape[-1]
        kernel = v(f"{scope}/cluster_weights", size, k)
        bn = v.batch_norm(f"{scope}/cluster_bn", k)
        if is_gated and feature == "video":
            gate = v(f"{scope}/dim_red", k, size), v(f"{scope}/cluster_weights_2", size, k)
            gate_bn = v.batch_norm(f"{scope}/cluster_bn_2", k)
            parts.append(slow.gated_dbof(part, num_frames, kernel, bn, *gate, gate_bn))
        else:
            bag = slow.sum_max_dbof if flags.get("softdbof_maxpool") else slow.soft_dbof
            parts.append(bag(part, num_frames, kernel, bn))
    bag = np.concatenate(parts, axis=1)
    if not flags.get("fc_dimred", True):
        return bag
    return _hidden(v, bag, flags["dbof_hidden_size"], flags.get("dbof_relu", True))


def _gated_dbof(v, flags, frames, num_frames):
    return _soft_dbof(v, flags, frames, num_frames, is_gated=True)


def _dbof(v, flags, frames, num_frames):
    frames, clusters = v.normalised(frames, "input_bn"), flags["dbof_cluster_size"]
    kernel = v("cluster_weights", frames.shape[-1], clusters)
    bn = v.batch_norm("cluster_bn", clusters)
    pooling = {"max": max, "average": np.mean}[flags.get("dbof_pooling_method", "max")]
    bag = slow.dbof(frames, num_frames, kernel, bn, pooling)
    return _hidden(v, bag, flags["dbof_hidden_size"], True)


def _hidden(v, vector, size, relu):
    hidden = v.product(vector, "hidden1_weights", size)
    if relu:
        return np.clip(v.normalised(hidden, "hidden1_bn"), 0, 6)
    return hidden + v("hidden1_biases", size)


def _gated(v, vector, remove_diagonal):
    size = vector.shape[-1]
    weights = v("gating_weights_2", size, size)
    scores = vector @ weights
    if remove_diagonal:
        scores = scores - np.diag(weights) * vector
    return vector * slow.sigmoid(v.normalised(scores, "gating_bn"))


def _lstm(v, scope, cells, video):
    """Outputs h and memories c after each frame of one video."""
    kernel = v(f"{scope}/kernel", video.shape[-1] + cells, 4 * cells)
    bias = v(f"{scope}/bias", 4 * cells)
    h = c = np.zeros(cells)
    outputs, memories = [], []
    for frame in video:
        i, j, f, o = np.split(np.concatenate([frame, h]) @ kernel + bias, 4)
        c = slow.sigmoid(f + 1) * c + slow.sigmoid(i) * np.tanh(j)
        h = slow.sigmoid(o) * np.tanh(c)
        outputs.append(h)
        memories.append(c)
    return np.array(outputs), np.array(memories)


def _lstm_stack(v, flags, frames, num_frames):
    last = []
    for video, n in zip(frames, num_frames, strict=True):
        sequence = video[:n]
        for layer in range(flags["lstm_layers"]):
            scope = f"rnn/multi_rnn_cell/cell_{layer}/basic_lstm_cell"
            sequence, _ = _lstm(v, scope, flags["lstm_cells"], sequence)
        last.append(sequence[-1])
    return np.array(last)


def _lstm_bidirect(v, flags, frames, num_frames):
    cells, cell = flags["lstm_cells"], "multi_rnn_cell/cell_0/basic_lstm_cell"
    last = []
    for video, n in zip(frames, num_frames, strict=True):
        forward, _ = _lstm(v, f"bidirectional_rnn/fw/{cell}", cells // 2, video[:n])
        backward, _ = _lstm(v, f"bidirectional_rnn/bw/{cell}", cells // 2, video[:n][::-1])
        both = np.concatenate([forward, backward[::-1]], axis=1)
        last.append(_lstm(v, f"rnn/{cell}", cells, both)[1][-1])
    return np.array(last)


def _gru(v, scope, cells, video):
    size = video.shape[-1] + cells
    gates = v(f"{scope}/gates/kernel", size, 2 * cells), v(f"{scope}/gates/bias", 2 * cells)
    candidate = v(f"{scope}/candidate/kernel", size, cells), v(f"{scope}/candidate/bias", cells)
    return slow.gru_states(video, *gates, *candidate)


def _gru_last(v, prefix, cells, frames, num_frames):
    cell, last = "multi_rnn_cell/cell_0/gru_cell", []
    for video, n in zip(frames, num_frames, strict=True):
        forward = _gru(v, f"{prefix}bidirectional_rnn/fw/{cell}", cells // 2, video[:n])
        backward = _gru(v, f"{prefix}bidirectional_rnn/bw/{cell}", cells // 2, video[:n][::-1])
        both = np.concatenate([forward, backward[::-1]], axis=1)
        last.append(_gru(v, f"{prefix}rnn/{cell}", cells, both)[-1])
    return np.array(last)


def _gru_bidirect(v, flags, frames, num_frames):
    size = flags["lstm_cells"]
    state = _gru_last(v, "", size, frames, num_frames)
    if not flags.get("gating"):
        return state
    scores = v.product(state, "gating_weights_2", size) + v("gating_biases", size)
    return state * slow.sigmoid(scores)


def _gru_branched(v, flags, frames, num_frames):
    states = []
    for i, (feature, columns) in enumerate(v.features):
        part = v.normalised(frames[..., columns], f"{feature}_input_bn")
        hidden = v.product(part, f"{_fully_connected(i)}/weights", part.shape[-1])
        hidden = np.clip(v.normalised(hidden, f"{feature}_cluster_bn"), 0, 6)
        states.append(_gru_last(v, f"{feature}/", part.shape[-1], hidden, num_frames))
    return np.concatenate(states, axis=1)


def _attention(v, flags, frames, num_frames):
    """Padding up to 300 frames counts."""
    padded = np.zeros((len(frames), FRAMES, frames.shape[-1]))
    for video, own, n in zip(padded, frames, num_frames, strict=True):
        video[:n] = own[:n]
    pooled = []
    for i, (feature, columns) in enumerate(v.features):
        part = v.normalised(padded[..., columns], f"{feature}_input_bn")
        size = part.shape[-1]
        kernel = v(f"{_fully_connected(i)}/weights", size, 2 * size)
        attention = v(f"{_fully_connected(2 + i)}/weights", size, 1)
        bn = v.batch_norm(f"{feature}_cluster_bn", 2 * size)
        everything = np.full(len(part), FRAMES)
        pooled.append(slow.attention_pooling(part, everything, attention, kernel, bn))
    return np.concatenate(pooled, axis=1)


def _mean(v, flags, frames, num_frames):
    return np.stack([video[:n].mean(0) for video, n in zip(frames, num_frames, strict=True)])


def _as_it_is(v, flags, features, num_frames):
    return features


def _fully_connected(number):
    return f"fully_connected_{number}" if number else "fully_connected"


def _logistic(v, vector, layers_before):
    scope = _fully_connected(layers_before)
    return slow.sigmoid(
        v.product(vector, f"{scope}/weights", v.classes) + v(f"{scope}/biases", v.classes)
    )


def _mixture(v, flags, vector):
    mixtures, rank = flags.get("moe_num_mixtures", 2), flags.get("moe_low_rank_gating", -1)
    size, columns = vector.shape[-1], v.classes * (mixtures + 1)
    if rank == -1:
        gates = v("gates/weights", size, columns)
    else:
        gates = v("gates1/weights", size, rank) @ v("gates2/weights", rank, columns)
    experts = (
        v("experts/weights", size, v.classes * mixtures),
        v("experts/biases", v.classes * mixtures),
    )
    found = slow.mixture_of_experts(vector, gates, *experts, v.classes, mixtures)
    if not flags.get("moe_prob_gating"):
        return found
    source = found if flags.get("moe_prob_gating_input", "prob") == "prob" else vector
    weights = v("gating_prob_weights", source.shape[-1], v.classes)
    scores = source @ weights
    if flags.get("gating_remove_diag"):
        scores = scores - np.diag(weights) * found
    return found * slow.sigmoid(v.normalised(scores, "gating_prob_bn"))


PROGRAMS = {
    "NetVLADModelLF": _netvlad,
    "NetFVModelLF": _netfv,
    "SoftDbofModelLF": _soft_dbof,
    "GatedDbofModelLF": _gated_dbof,
    "DbofModel": _dbof,
    "LstmModel": _lstm_stack,
    "Lstmbidirect": _lstm_bidirect,
    "GRUbidirect": _gru_bidirect,
    "GRUbidirect_branchedBN": _gru_branched,
    "attention_frames_v0": _attention,
    "FrameLevelLogisticModel": _mean,
    "LogisticModel": _as_it_is,
    "MoeModel": _as_it_is,
}
"""Programs from frames of unit length to the vector that is classified, by model."""

ALWAYS_LOGISTIC = ("attention_frames_v0", "FrameLevelLogisticModel", "LogisticModel")
LAYERS_BEFORE = {"GRUbidirect_branchedBN": 2, "attention_frames_v0": 4}
"""Number of earlier layers of the classifier's kind, which its name includes."""
