"""The sound of a generated clip: tones, sirens, noise and speech-like sound over a faint hiss."""

import numpy as np

from yt8m.demo_videos.clip import Clip, Sound
from yt8m.demo_videos.speech import speech

RATE = 32_000
"""Samples per second."""

HISS = 0.002
FADE_SECONDS = 0.05


def sound_of_clip(clip: Clip) -> np.ndarray | None:
    """All samples: float32 [n] in [-1, 1]; None for a clip without sound."""
    if clip.sounds is None:
        return None
    rng = np.random.default_rng(clip.seed)
    samples = HISS * rng.standard_normal(round(clip.seconds * RATE), np.float32)
    for sound in clip.sounds:
        start = round(sound.start * RATE)
        heard = render(sound)[: len(samples) - start]
        samples[start : start + len(heard)] += heard
    return samples.clip(-1, 1)


def render(sound: Sound) -> np.ndarray:
    """One sound from its start to its end, at its level: float32 [n]."""
    rng = np.random.default_rng(sound.seed)
    samples = KINDS[sound.kind](rng, round((sound.end - sound.start) * RATE))
    samples *= sound.level / np.sqrt(np.mean(samples**2))
    ramp = np.linspace(0, 1, round(FADE_SECONDS * RATE), dtype=np.float32)
    samples[: len(ramp)] *= ramp
    samples[-len(ramp) :] *= ramp[::-1]
    return samples.astype(np.float32)


def tone(rng: np.random.Generator, count: int) -> np.ndarray:
    """A steady tone with a few weaker overtones: float64 [count]."""
    hertz, fall = rng.uniform(250, 1200), rng.uniform(1, 2.5)
    turns = hertz / RATE * np.arange(count)
    return sum(np.sin(2 * np.pi * k * turns) / k**fall for k in (1, 2, 3)) / 2


def siren(rng: np.random.Generator, count: int) -> np.ndarray:
    """A tone that rises and falls, or changes between two pitches: float64 [count]."""
    low = rng.uniform(400, 700)
    high, period = low * rng.uniform(1.4, 2.0), rng.uniform(0.6, 2.0)
    wave = np.sin(2 * np.pi * (np.arange(count) / RATE / period + rng.random()))
    if rng.random() < 0.5:
        wave = np.clip(20 * wave, -1, 1)
    hertz = low + (high - low) * (wave + 1) / 2
    turns = np.cumsum(hertz) / RATE
    return np.sin(2 * np.pi * turns) + 0.3 * np.sin(4 * np.pi * turns)


def noise(rng: np.random.Generator, count: int) -> np.ndarray:
    """Noise between white and pink, which swells and ebbs like rain or surf: float64 [count]."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= np.maximum(hertz, 50) ** -rng.uniform(0.0, 0.6)
    swell = 1 + 0.4 * np.sin(2 * np.pi * rng.uniform(0.1, 0.4) * np.arange(count) / RATE)
    return np.fft.irfft(spectrum, count) * swell


def _speech(rng: np.random.Generator, count: int) -> np.ndarray:
    return speech(rng, count, RATE)


KINDS = {"tone": tone, "siren": siren, "noise": noise, "speech-like": _speech}
