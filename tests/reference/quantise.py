"""Slow and plain: nearest centres and optimal clusters by comparing all."""

import numpy as np


def nearest(values, centres):
    """argmin over all distances in float64; the lowest index among equals."""
    centres = np.asarray(centres, np.float64)
    return [int(np.argmin(np.abs(np.float64(value) - centres))) for value in np.ravel(values)]


def least_error(values, clusters):
    """The least sum of squared distances to that many means: every start of every last cluster."""
    values = np.sort(np.asarray(values, np.float64))
    count = len(values)
    costs = [
        [
            np.square(values[i:j] - values[i:j].mean()).sum() if i < j else 0
            for j in range(count + 1)
        ]
        for i in range(count + 1)
    ]
    least = [costs[0][end] for end in range(count + 1)]
    for _ in range(clusters - 1):
        least = [min(least[i] + costs[i][end] for i in range(end + 1)) for end in range(count + 1)]
    return least[count]


def pack(codes, bits):
    """The codes as one whole number, its lowest byte first, 8 codes filling `bits` bytes."""
    number = sum(int(code) << (bits * place) for place, code in enumerate(codes))
    return list(number.to_bytes(-(-len(codes) // 8) * bits, "little"))


def bfloat16(values):
    """The nearer of the adjacent bfloat16 values; of two equally near ones, the even one."""
    rounded = []
    for value in values.tolist():
        low = int(np.float32(value).view(np.uint32)) >> 16
        below, above = (np.uint32(half << 16).view(np.float32).item() for half in (low, low + 1))
        nearer = abs(value - below) - abs(above - value)
        rounded.append(low if nearer < 0 or (nearer == 0 and low % 2 == 0) else low + 1)
    return rounded
