"""Layers as slow loops over videos, frames and clusters, in float64."""

import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def softmax(x):
    powers = np.exp(x - x.max())
    return powers / powers.sum()


def unit_length(x):
    return x / np.sqrt(max(np.sum(x * x), 1e-12))


def normalised(x, bn):
    """Batch normalisation at inference. bn: gamma, beta, moving_mean, moving_variance."""
    return (x - bn["moving_mean"]) / np.sqrt(bn["moving_variance"] + 1e-3) * bn["gamma"] + bn[
        "beta"
    ]


def netvlad(frames, num_frames, kernel, bn, centres):
    """centres: [F, K], or None for the light variant."""
    videos = []
    for video, n in zip(frames, num_frames, strict=True):
        columns = np.zeros(kernel.shape)
        for frame in video[:n]:
            shares = softmax(normalised(frame @ kernel, bn))
            for k, share in enumerate(shares):
                centre = 0.0 if centres is None else centres[:, k]
                columns[:, k] += share * (frame - centre)
        columns = np.stack([unit_length(column) for column in columns.T], axis=1)
        videos.append(unit_length(columns.reshape(-1)))
    return np.stack(videos)


def netfv(frames, num_frames, kernel, bn, centres, deviation_roots):
    """First order, then second order, K running fastest in both."""
    deviations = deviation_roots**2 + 1e-6
    videos = []
    for video, n in zip(frames, num_frames, strict=True):
        first, second = np.zeros(kernel.shape), np.zeros(kernel.shape)
        for frame in video[:n]:
            shares = softmax(normalised(frame @ kernel, bn))
            for k, share in enumerate(shares):
                distance = (frame - centres[:, k]) / deviations[:, k]
                first[:, k] += share * distance
                second[:, k] += share * (distance**2 - 1)
        first = np.stack([unit_length(column) for column in first.T], axis=1)
        orders = [unit_length(first.reshape(-1)), unit_length(second.reshape(-1))]
        videos.append(np.concatenate(orders))
    return np.stack(videos)


def dbof(frames, num_frames, kernel, bn, pooling):
    """pooling: what makes one number of a list of them."""
    videos = []
    for video, n in zip(frames, num_frames, strict=True):
        units = [np.clip(normalised(frame @ kernel, bn), 0, 6) for frame in video[:n]]
        videos.append([pooling([unit[k] for unit in units]) for k in range(kernel.shape[1])])
    return np.array(videos)


def sum_max_dbof(frames, num_frames, kernel, bn):
    """Sums, then the largest."""
    videos = []
    for video, n in zip(frames, num_frames, strict=True):
        shares = [softmax(normalised(frame @ kernel, bn)) for frame in video[:n]]
        sums = [sum(share[k] for share in shares) for k in range(kernel.shape[1])]
        largest = [max(share[k] for share in shares) for k in range(kernel.shape[1])]
        videos.append(np.concatenate([unit_length(np.array(v)) for v in (sums, largest)]))
    return np.stack(videos)


def nextvlad(frames, num_frames, clusters, groups, w):
    """w: `widening`, `attention` (kernel, bias), `assignment`, `bn`, `centres`, `vlad_bn`."""
    size = len(w["centres"])
    videos = []
    for video, n in zip(frames, num_frames, strict=True):
        columns = np.zeros((size, clusters))
        for frame in video[:n]:
            wide = frame @ w["widening"][0] + w["widening"][1]
            scores = normalised(wide @ w["assignment"], w["bn"])
            for g in range(groups):
                part = wide[g * size : (g + 1) * size]
                attention = sigmoid(wide @ w["attention"][0][:, g] + w["attention"][1][g])
                shares = softmax(scores[g * clusters : (g + 1) * clusters])
                for k in range(clusters):
                    columns[:, k] += attention * shares[k] * (part - w["centres"][:, k])
        columns = np.stack([unit_length(column) for column in columns.T], axis=1)
        videos.append(normalised(columns.reshape(-1), w["vlad_bn"]))
    return np.stack(videos)


def soft_dbof(frames, num_frames, kernel, bn):
    return np.stack(
        [
            unit_length(sum(softmax(normalised(frame @ kernel, bn)) for frame in video[:n]))
            for video, n in zip(frames, num_frames, strict=True)
        ]
    )


def gated_dbof(frames, num_frames, kernel, bn, gate_down, gate_up, gate_bn):
    videos = []
    for video, n in zip(frames, num_frames, strict=True):
        shares = [softmax(normalised(frame @ kernel, bn)) for frame in video[:n]]
        largest = unit_length(np.max(shares, axis=0))
        gates = sigmoid(normalised(largest @ gate_down @ gate_up, gate_bn))
        videos.append(unit_length(gates * np.sum(shares, axis=0)))
    return np.stack(videos)


def mixture_of_experts(inputs, gates, experts, bias, classes, mixtures):
    """Probability of each class, one class and one expert at a time."""
    predictions = np.zeros((len(inputs), classes))
    for video, x in enumerate(inputs):
        for c in range(classes):
            first = c * (mixtures + 1)
            weights = softmax(x @ gates[:, first : first + mixtures + 1])
            for m in range(mixtures):
                column = c * mixtures + m
                expert = sigmoid(x @ experts[:, column] + bias[column])
                predictions[video, c] += weights[m] * expert
    return predictions


def lstm_memory(frames, num_frames, kernel, recurrent, bias):
    """The final cell state. Columns in Keras's order: input, forget, candidate, output."""
    memories = []
    for video, n in zip(frames, num_frames, strict=True):
        h = c = np.zeros(len(recurrent))
        for frame in video[:n]:
            i, f, g, o = np.split(frame @ kernel + h @ recurrent + bias, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        memories.append(c)
    return np.stack(memories)


def lstm_outputs(video, kernel, recurrent, bias):
    """The output h after each frame of one video. Columns in Keras's order."""
    h, c, outputs = np.zeros(len(recurrent)), np.zeros(len(recurrent)), []
    for frame in video:
        i, f, g, o = np.split(frame @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.array(outputs)


def gru_states(video, gates_kernel, gates_bias, candidate_kernel, candidate_bias):
    """The state after each frame of one video. Gates: reset, then update."""
    state, states = np.zeros(len(candidate_bias)), []
    for frame in video:
        gates = sigmoid(np.concatenate([frame, state]) @ gates_kernel + gates_bias)
        reset, update = np.split(gates, 2)
        seen = np.concatenate([frame, reset * state])
        candidate = np.tanh(seen @ candidate_kernel + candidate_bias)
        state = update * state + (1 - update) * candidate
        states.append(state)
    return np.array(states)


def attention_pooling(frames, num_frames, attention, kernel, bn):
    videos = []
    for video, n in zip(frames, num_frames, strict=True):
        shares = softmax(np.array([frame @ attention[:, 0] for frame in video[:n]]))
        hidden = [np.clip(normalised(frame @ kernel, bn), 0, 6) for frame in video[:n]]
        videos.append(sum(share * h for share, h in zip(shares, hidden, strict=True)))
    return np.stack(videos)


def moments(frames, num_frames):
    """Mean, biased and unbiased variance of the frames that exist, over all videos."""
    rows = np.concatenate([v[:n] for v, n in zip(frames, num_frames, strict=True)])
    return rows.mean(0), rows.var(0), rows.var(0, ddof=1) if len(rows) > 1 else rows.var(0)
