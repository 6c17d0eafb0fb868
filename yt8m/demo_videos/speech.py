"""Speech-like sound: the overtones of a voice, weighted by the formants of changing vowels.

The source-filter model of speech (Fant 1960): pulses of the vocal folds, whose spectrum falls with
frequency, excite the resonances of the mouth. Formants of vowels: Peterson & Barney 1952, men.
"""

import numpy as np

VOWELS = np.array(
    [
        [270, 2290, 3010],
        [390, 1990, 2550],
        [530, 1840, 2480],
        [730, 1090, 2440],
        [570, 840, 2410],
        [300, 870, 2240],
    ],
    float,
)
"""Formants in Hz: float64 [vowels, 3]."""

BANDWIDTHS = np.array([80.0, 100.0, 140.0])
HIGHEST_HZ = 4_000
SYLLABLE_SECONDS = (0.12, 0.28)
PAUSE_SHARE = 0.15
"""Share of syllables that a pause replaces."""

_STEP = 0.01
"""Seconds between two values of pitch, loudness and formants, which are interpolated."""


def speech(rng: np.random.Generator, count: int, rate: int) -> np.ndarray:
    """Syllables of one speaker, with pauses: float64 [count], at `rate` samples a second."""
    steps = int(count / rate / _STEP) + 2
    formants, loudness, pitch = _syllables(rng, steps)
    times, at = np.arange(count) / rate, np.arange(steps) * _STEP
    turns = np.cumsum(np.interp(times, at, pitch)) / rate
    voice = np.zeros(count)
    for overtone in range(1, int(HIGHEST_HZ / pitch.min()) + 1):
        gain = _resonance(overtone * pitch, formants) / overtone
        gain *= overtone * pitch < HIGHEST_HZ
        voice += np.interp(times, at, gain * loudness) * np.sin(2 * np.pi * overtone * turns)
    return voice


def _syllables(rng: np.random.Generator, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Formants [steps, 3], loudness [steps] in [0, 1] and pitch [steps] in Hz."""
    formants, loudness, pitch = np.empty((steps, 3)), np.zeros(steps), np.empty(steps)
    speaker, size = rng.uniform(90, 230), rng.uniform(0.95, 1.2)
    before, start = VOWELS[rng.integers(len(VOWELS))], 0
    while start < steps:
        length = max(2, round(rng.uniform(*SYLLABLE_SECONDS) / _STEP))
        vowel = VOWELS[rng.integers(len(VOWELS))]
        part = slice(start, min(start + length, steps))
        way = np.linspace(0, 1, length)[: part.stop - part.start]
        glide = np.minimum(1, 2.5 * way)[:, None]
        formants[part] = size * (before + glide * (vowel - before))
        if rng.random() >= PAUSE_SHARE or start == 0:
            loudness[part] = rng.uniform(0.5, 1) * np.sin(np.pi * way) ** 0.6
        pitch[part] = speaker * (rng.uniform(0.85, 1.2) + rng.uniform(-0.15, 0.1) * way)
        before, start = vowel, part.stop
    return formants, loudness, pitch


def _resonance(hertz: np.ndarray, formants: np.ndarray) -> np.ndarray:
    """How much the formants amplify a frequency: [steps].

    hertz: [steps]. formants: [steps, 3].
    """
    distance = (hertz[:, None] - formants) / BANDWIDTHS
    return (np.array([1.0, 0.6, 0.3]) / (1 + distance**2)).sum(axis=1) + 0.01
