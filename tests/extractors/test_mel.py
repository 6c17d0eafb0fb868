"""Log mel spectra against slow loops, and what they say of tones and silence."""

import numpy as np
import pytest

from yt8m.extractors.mel import BANDS, RATE, SPECTRA, log_mel, mel, seconds_of, triangles
from yt8m.extractors.sounds.log_mel import Recipe


def wave(hertz, seconds=1.0):
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


def slow_log_mel(second, spectrum):
    """One spectrum by sums over samples, bins and bands."""
    window = second[160 * spectrum :][:400].astype(np.float64)
    window = window * [0.5 - 0.5 * np.cos(2 * np.pi * n / 400) for n in range(400)]
    edges = np.linspace(1127 * np.log(1 + 125 / 700), 1127 * np.log(1 + 7500 / 700), 66)
    found = np.full(64, 0.01)
    for k in range(257):
        turns = np.exp(-2j * np.pi * k * np.arange(400) / 512)
        magnitude = abs((window * turns).sum())
        place = 1127 * np.log(1 + k * 16000 / 512 / 700)
        for band in range(64):
            low, peak, high = edges[band : band + 3]
            if low < place <= peak:
                found[band] += magnitude * (place - low) / (peak - low)
            elif peak < place < high:
                found[band] += magnitude * (high - place) / (high - peak)
    return np.log(found)


@pytest.mark.parametrize("spectrum", [0, 37, SPECTRA - 1])
def test_spectra_agree_with_loops(spectrum):
    second = np.random.default_rng(0).normal(size=RATE).astype(np.float32) * 0.1 + wave(1000)
    found = log_mel(second[None])
    assert found.shape == (1, 98, 64) and found.dtype == np.float32
    np.testing.assert_allclose(found[0, spectrum], slow_log_mel(second, spectrum), atol=1e-5)


@pytest.mark.parametrize("hertz", [200, 1000, 5000])
def test_a_tone_is_loudest_in_the_band_around_it(hertz):
    edges = np.linspace(mel(125), mel(7500), BANDS + 2)
    loudest = log_mel(wave(hertz)[None])[0].mean(axis=0).argmax()
    assert edges[loudest] < mel(hertz) < edges[loudest + 2]


def test_silence_is_the_logarithm_of_the_offset():
    np.testing.assert_allclose(log_mel(np.zeros((1, RATE), np.float32)), np.log(0.01), rtol=1e-6)


def test_bands_overlap_by_half_and_leave_out_direct_current():
    inside = triangles()[5:226].sum(axis=1)  # bins between the first and the last peak
    np.testing.assert_allclose(inside, 1)
    assert not triangles()[0].any()


def test_sound_is_filled_up_with_silence_or_cut():
    assert seconds_of(wave(440, 1.5), 2).shape == (2, RATE)
    assert not seconds_of(wave(440, 1.5), 2)[1, RATE // 2 :].any()
    assert seconds_of(wave(440, 3), 2).shape == (2, RATE)
    assert not seconds_of(np.zeros(0, np.float32), 3).any()


def test_features_are_means_and_deviations_of_bands():
    sound = np.random.default_rng(0).normal(size=20 * RATE).astype(np.float32) * 0.1
    found = Recipe().load(threads=1)(sound, 20)
    spectra = log_mel(sound[None, 17 * RATE : 18 * RATE])[0]
    assert found.shape == (20, Recipe().size) and found.dtype == np.float32
    np.testing.assert_allclose(found[17, :64], spectra.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(found[17, 64:], spectra.std(axis=0), atol=1e-5)
