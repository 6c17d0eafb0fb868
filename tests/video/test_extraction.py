"""From a video to features: real and made clips, errors, memory."""

import threading
import tracemalloc

import numpy as np
import pytest

from tests.video.clips import make_clip, number_of, packaged_clips, tone
from yt8m.errors import RecordError
from yt8m.extractors.images.efficientnet_lite0 import Recipe as EfficientNet
from yt8m.extractors.sounds.log_mel import Recipe as LogMel
from yt8m.extractors.sounds.speech_embedding import Recipe as SpeechEmbedding
from yt8m.video.extraction import BATCH, IMAGES, SOUND, Extractors, extract
from yt8m.video.frames import frames_of
from yt8m.video.hearing import SECONDS
from yt8m.video.sound import RATE, sound_parts

CLIPS = packaged_clips()
ROWS = {"bigbuckbunny": 6, "bikes": 10, "carphone_pristine": 5, "carphone_distorted": 5}


@pytest.fixture(scope="module")
def default():
    return Extractors.load(EfficientNet(), SpeechEmbedding(), threads=1)


def numbers(pictures):
    """An extractor of one value, the frame's number, and the size of the batch."""
    return np.float32([[number_of(p), len(pictures)] for p in pictures])


def levels(sound, seconds):
    """An extractor of one value, the loudest sample."""
    filled = np.pad(sound, (0, max(0, seconds * 16_000 - len(sound))))
    return np.abs(filled[: seconds * 16_000].reshape(seconds, 16_000)).max(axis=1, keepdims=True)


SMALL = Extractors(numbers, (24, 32), levels)


@pytest.mark.parametrize("name", ROWS)
def test_real_clips_are_extracted(default, name):
    found = extract(CLIPS[name], default, 300)
    rgb, audio = found.features[IMAGES], found.features[SOUND]
    assert rgb.shape == (ROWS[name], 1280) and rgb.dtype == np.float16
    assert np.isfinite(rgb).all() and rgb.std() > 0.1
    assert found.has_sound == (name == "bigbuckbunny")
    if found.has_sound:
        assert audio.shape == (ROWS[name], 96) and audio.dtype == np.float16
        assert np.isfinite(audio).all() and audio.std() > 0.1
    else:
        assert audio is None


def test_features_are_those_of_pictures_and_sound_one_by_one(default):
    path = CLIPS["bigbuckbunny"]
    found = extract(path, default, 300)
    pictures = list(frames_of(path, 300, resolution=(224, 224)))
    alone = np.concatenate([default.images(p[None]) for p in pictures])
    np.testing.assert_allclose(found.features[IMAGES], alone, atol=5e-3)
    (sound,) = sound_parts(path, 300 * RATE)
    heard = default.sound(sound, len(pictures))
    np.testing.assert_allclose(found.features[SOUND], heard, rtol=1e-3, atol=1e-2)


def test_pictures_come_in_order_and_in_batches(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 19, rate=1, sound=tone(3))
    found = extract(path, SMALL, 300)
    rows, sizes = found.features[IMAGES].T
    assert rows.tolist() == [n % 16 for n in range(19)]
    assert sizes.tolist() == [BATCH] * 16 + [3] * 3
    loudest = found.features[SOUND][:, 0]
    assert (loudest[:3] > 0.4).all() and (loudest[4:] == 0).all()  # the codec may smear second 3


def test_googles_rule_is_a_choice(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 80)
    assert extract(path, SMALL, 300, "google").features[IMAGES][:, 0].tolist() == [0, 10, 3, 12]


def test_no_more_than_the_wanted_seconds_are_extracted(tmp_path):
    found = extract(make_clip(tmp_path / "clip.mp4", 10, rate=1, sound=tone(10)), SMALL, 4)
    assert {len(v) for v in found.features.values()} == {4}


def test_sound_that_is_not_wanted_is_known_but_not_extracted(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 25, sound=tone(1))
    found = extract(path, Extractors(numbers, None, None), 300)
    assert found.features[SOUND] is None and found.has_sound


def test_pictures_of_their_own_size_come_one_at_a_time(tmp_path):
    shapes = []

    def sizes(pictures):
        shapes.append(pictures.shape)
        return numbers(pictures)

    extract(make_clip(tmp_path / "clip.mp4", 3, rate=1), Extractors(sizes, None, None), 300)
    assert shapes == [(1, 48, 64, 3)] * 3


def test_a_truncated_video_is_an_error_and_no_thread_is_left(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", 200, sound=tone(8))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RecordError, match=r"clip\.mkv"):
        extract(path, SMALL, 300)
    assert not [t for t in threading.enumerate() if t.name.startswith(("ahead", "sound"))]


def test_an_error_of_a_network_ends_the_decoder(tmp_path):
    def fails(pictures):
        raise ArithmeticError("in the network")

    path = make_clip(tmp_path / "clip.mp4", 60, rate=1)
    with pytest.raises(ArithmeticError, match="in the network"):
        extract(path, Extractors(fails, (24, 32), None), 300)
    assert not [t for t in threading.enumerate() if t.name.startswith("ahead")]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e5])
def test_features_beyond_float16_are_an_error(tmp_path, value):
    def wrong(pictures):
        return np.where(numbers(pictures) == 2, np.float32(value), 0)

    path = make_clip(tmp_path / "clip.mp4", 5, rate=1)
    with pytest.raises(
        RecordError, match=r"clip\.mp4: the features rgb of second 2 are not finite"
    ):
        extract(path, Extractors(wrong, (24, 32), None), 300)


def peak(path, extractors, seconds):
    """Bytes at the peak of an extraction."""
    tracemalloc.start()
    try:
        found = extract(path, extractors, seconds).features
        assert {len(each) for each in found.values() if each is not None} == {seconds}
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_pictures_are_never_all_in_memory(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 300, rate=1)
    whole = 300 * 240 * 320 * 3
    assert peak(path, Extractors(numbers, (240, 320), None), 300) < 0.3 * whole


def test_the_sound_is_never_whole_in_memory(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 300, rate=1, sound=tone(300))
    whole = 300 * RATE * np.dtype(np.float32).itemsize
    assert peak(path, Extractors(numbers, (24, 32), levels), 300) < 0.5 * whole


def test_sound_in_parts_gives_the_features_of_the_whole_to_the_bit(tmp_path):
    seconds = 2 * SECONDS + 7
    path = make_clip(tmp_path / "clip.mp4", seconds, rate=1, sound=tone(seconds - 3, hertz=441))
    sound = LogMel().load(1)
    found = extract(path, Extractors(numbers, (24, 32), sound), 300).features[SOUND]
    (whole,) = sound_parts(path, 300 * RATE)
    np.testing.assert_array_equal(found, sound(whole, seconds).astype(np.float16))
    assert len({row.tobytes() for row in found[:-4]}) == len(found) - 4


def test_log_mel_needs_no_weights(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 50, sound=tone(2))
    found = extract(path, Extractors(numbers, (24, 32), LogMel().load(1)), 300)
    assert found.features[SOUND].shape == (2, 128)
