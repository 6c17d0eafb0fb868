"""Log mel spectra of seconds of sound, as VGGish computes them (Hershey et al. 2017,
arXiv:1609.09430; `mel_features.py` in tensorflow/models, research/audioset).

Windows of 25 ms each 10 ms, periodic Hann, magnitudes of a 512-point FFT, 64 triangles of equal
width in mel (HTK's) between 125 and 7,500 Hz, natural logarithm of the sum plus 0.01.
"""

import functools

import numpy as np

RATE = 16_000
WINDOW, HOP, FFT = 400, 160, 512
BANDS = 64
LOWEST_HZ, HIGHEST_HZ = 125.0, 7_500.0
OFFSET = 0.01
SPECTRA = 1 + (RATE - WINDOW) // HOP
"""Windows that lie within one second."""


def seconds_of(sound: np.ndarray, seconds: int) -> np.ndarray:
    """Sound cut into seconds: float32 [samples] -> float32 [T, 16000], with silence at the end."""
    cut = sound[: seconds * RATE].astype(np.float32)
    return np.pad(cut, (0, seconds * RATE - len(cut))).reshape(seconds, RATE)


def log_mel(seconds: np.ndarray) -> np.ndarray:
    """float32 [T, 16000] in [-1, 1] -> float32 [T, SPECTRA, BANDS]."""
    windows = np.lib.stride_tricks.sliding_window_view(seconds, WINDOW, axis=1)[:, ::HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi / WINDOW * np.arange(WINDOW))
    magnitudes = np.abs(np.fft.rfft(windows * hann, FFT))
    return np.log(magnitudes @ triangles() + OFFSET).astype(np.float32)


@functools.cache
def triangles() -> np.ndarray:
    """Weights of the FFT's bins in each band: float64 [FFT / 2 + 1, BANDS]."""
    edges = np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), BANDS + 2)
    bins = mel(np.arange(FFT // 2 + 1) * RATE / FFT)[:, None]
    low, peak, high = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (bins - low) / (peak - low), (high - bins) / (high - peak)
    return np.maximum(0, np.minimum(rising, falling))


def mel(hertz: float | np.ndarray) -> np.ndarray:
    """Frequency in mel: 1127 ln(1 + f / 700)."""
    return 1127 * np.log1p(np.asarray(hertz) / 700)
