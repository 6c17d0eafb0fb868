"""Sounds of generated clips, told apart by simple measures."""

import numpy as np
import pytest

from tests.demo_videos.clips import heard
from yt8m.demo_videos.clip import Clip, Sound
from yt8m.demo_videos.sounds import HISS, KINDS, RATE, render, sound_of_clip

SEEDS = range(6)


def spectra(samples: np.ndarray) -> np.ndarray:
    """Power in windows of 64 ms: [windows, bins]."""
    windows = samples[: len(samples) // 2048 * 2048].reshape(-1, 2048)
    return np.abs(np.fft.rfft(windows * np.hanning(2048))) ** 2


def peaks(samples: np.ndarray) -> np.ndarray:
    """Strongest frequency of each window, in Hz."""
    return spectra(samples).argmax(axis=1) * RATE / 2048


def flatness(samples: np.ndarray) -> float:
    """Geometric by arithmetic mean of the power between 100 Hz and 8 kHz: 1 for white noise."""
    power = spectra(samples).mean(axis=0)[7:512]
    return float(np.exp(np.log(power).mean()) / power.mean())


def loudness(samples: np.ndarray) -> np.ndarray:
    """Root mean square in windows of 64 ms."""
    return np.sqrt(spectra(samples).sum(axis=1))


def rendered(kind: str) -> list[np.ndarray]:
    return [render(Sound(kind, 0.0, 3.0, 0.1, seed))[RATE // 8 : -RATE // 8] for seed in SEEDS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_has_its_length_and_level_and_begins_softly(kind):
    samples = render(Sound(kind, 1.0, 3.0, 0.1, 0))
    assert samples.dtype == np.float32 and len(samples) == 2 * RATE
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1, rel=0.1)
    assert abs(samples[0]) < 1e-3 and abs(samples[-1]) < 1e-3


def test_a_tone_keeps_its_pitch():
    assert all(np.ptp(peaks(samples)) == 0 for samples in rendered("tone"))


def test_a_siren_has_a_pitch_that_changes_by_at_least_a_third():
    for samples in rendered("siren"):
        assert peaks(samples).max() > 1.3 * peaks(samples).min()


def test_noise_has_no_pitch():
    assert min(map(flatness, rendered("noise"))) > 0.15
    for kind in ("tone", "siren", "speech-like"):
        assert max(map(flatness, rendered(kind))) < 0.05


def test_speech_has_syllables_and_pauses():
    for samples in rendered("speech-like"):
        assert np.quantile(loudness(samples), 0.1) < 0.3 * np.quantile(loudness(samples), 0.9)
    for samples in (*rendered("tone"), *rendered("siren")):
        assert np.quantile(loudness(samples), 0.1) > 0.7 * np.quantile(loudness(samples), 0.9)


def test_sounds_add_up_over_a_faint_hiss():
    both, first = sound_of_clip(heard("tone", "noise")), sound_of_clip(heard("tone"))
    silent = sound_of_clip(Clip(heard("tone").shots, (), seed=0))
    assert np.std(silent) == pytest.approx(HISS, rel=0.05)
    second = render(heard("tone", "noise").sounds[1])
    np.testing.assert_allclose(both, first + second, atol=1e-6)


def test_a_clip_without_sounds_is_not_a_silent_one():
    assert sound_of_clip(Clip(heard().shots, None, seed=0)) is None
