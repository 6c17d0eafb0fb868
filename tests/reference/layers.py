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


def moments(frames, num_frames):
    """Mean, biased and unbiased variance of the frames that exist, over all videos."""
    rows = np.concatenate([v[:n] for v, n in zip(frames, num_frames, strict=True)])
    return rows.mean(0), rows.var(0), rows.var(0, ddof=1) if len(rows) > 1 else rows.var(0)
