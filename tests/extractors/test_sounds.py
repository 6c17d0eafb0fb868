"""What all extractors of sound have in common, and the default one."""

import numpy as np
import pytest

from tests.extractors.made import SOUNDS
from yt8m.extractors.mel import RATE
from yt8m.extractors.sounds.speech_embedding import Recipe as SpeechEmbedding
from yt8m.recipes import kinds


@pytest.fixture(scope="module", params=kinds("yt8m.extractors.sounds"))
def recipe(request, tmp_path_factory):
    return SOUNDS[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def extract(recipe):
    return recipe.load(threads=1)


def sounds(seconds):
    """A tone that changes each second, and noise."""
    times = np.arange(round(seconds * RATE)) / RATE
    tones = np.sin(2 * np.pi * (300 + 200 * times.astype(int)) * times)
    noise = np.random.default_rng(0).normal(size=len(times))
    return (0.3 * tones + 0.05 * noise).astype(np.float32)


def test_there_is_a_vector_of_the_stated_size_for_each_second(recipe, extract):
    found = extract(sounds(3), 3)
    assert found.shape == (3, recipe.size) and found.dtype == np.float32
    assert np.isfinite(found).all()
    assert all(np.abs(found[a] - found[b]).max() > 1e-3 for a, b in [(0, 1), (1, 2), (0, 2)])


def test_a_row_depends_on_its_second_only(extract):
    sound = sounds(20)
    whole = extract(sound, 20)
    for second in (0, 7, 19):
        alone = extract(sound[second * RATE :][:RATE], 1)[0]
        np.testing.assert_allclose(whole[second], alone, atol=1e-4, rtol=1e-4)


def test_missing_sound_is_silence_and_further_sound_is_not_used(extract):
    sound = sounds(2.5)
    silence = extract(np.zeros(0, np.float32), 1)[0]
    found = extract(sound, 4)
    np.testing.assert_allclose(found[3], silence, atol=1e-5)
    np.testing.assert_allclose(extract(sound, 2), found[:2], atol=1e-5)
    assert np.abs(found[2] - silence).max() > 1e-3


def test_speech_embeddings_are_those_of_the_models_own_package():
    """Of a sound that repeats each 10 ms, where all windows see the same, wherever they begin."""
    from pyopen_wakeword import OpenWakeWordFeatures

    times = np.arange(12 * RATE) / RATE
    tones = ((400, 0.2), (1100, 0.1), (2300, 0.05))
    sound = sum(level * np.sin(2 * np.pi * hertz * times) for hertz, level in tones)
    coded = np.round(sound * 32_767).astype("<i2")
    streaming = OpenWakeWordFeatures.from_builtin()
    chunks = [chunk.tobytes() for chunk in np.split(coded, 150)]
    theirs = [v[0, 0, -1] for chunk in chunks for v in streaming.process_streaming(chunk)]
    ours = SpeechEmbedding().load(threads=1)((coded / 32_767).astype(np.float32), 12)
    assert np.abs(ours[9]).max() > 10
    np.testing.assert_allclose(ours[9], theirs[-1], atol=0.01)
