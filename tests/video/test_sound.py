"""Sound as mono samples at 16 kHz, in time with the pictures."""

import tracemalloc

import av
import numpy as np
import pytest

from tests.video.clips import RATE as CODED_RATE
from tests.video.clips import make_clip, packaged_clips, tone, write_sound
from tests.video.reading import sound_of
from yt8m.errors import RecordError
from yt8m.video.sound import RATE, has_sound, sound_parts


def clicks(seconds, times, channels=1):
    """Silence with 5 ms of a loud tone at each time: float32 [channels, samples]."""
    sound = np.zeros((channels, round(seconds * CODED_RATE)), np.float32)
    burst = 0.8 * np.sin(2 * np.pi * 2000 * np.arange(240) / CODED_RATE)
    for time in times:
        sound[:, round(time * CODED_RATE) :][:, :240] = burst
    return sound


def heard(sound, level=0.2):
    """Times in seconds at which it becomes loud after 50 ms of silence."""
    loud = np.flatnonzero(np.abs(sound) > level)
    return loud[np.diff(loud, prepend=-RATE) > RATE // 20] / RATE


def test_a_tone_keeps_its_frequency_level_and_length(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", 50, sound=tone(2, hertz=440), sound_codec="flac")
    sound = sound_of(path, 300)
    assert sound.dtype == np.float32 and sound.ndim == 1
    assert len(sound) == 2 * RATE
    spectrum = np.abs(np.fft.rfft(sound[:RATE]))
    assert spectrum.argmax() == 440
    assert np.abs(sound[1000:RATE]).max() == pytest.approx(0.5, abs=0.005)


def test_no_more_than_the_wanted_seconds_are_read(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 50, sound=tone(2))
    assert len(sound_of(path, 1)) == RATE


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_sound_is_in_time_with_the_pictures(tmp_path, suffix):
    path = make_clip(tmp_path / f"clip.{suffix}", 75, sound=clicks(3, [0.5, 2.25]))
    assert heard(sound_of(path, 3)) == pytest.approx([0.5, 2.25], abs=0.005)


def test_sound_that_begins_later_follows_silence(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", 75, sound=clicks(2, [0.5]), sound_start=0.75)
    sound = sound_of(path, 3)
    assert heard(sound) == pytest.approx([1.25], abs=0.03)
    assert not sound[: RATE // 2].any()


def test_sound_from_before_the_pictures_is_left_out(tmp_path):
    times = [1 + n / 25 for n in range(50)]
    path = make_clip(tmp_path / "clip.mkv", times, sound=clicks(3, [0.5, 1.5]))
    assert heard(sound_of(path, 2)) == pytest.approx([0.5], abs=0.03)


def test_a_gap_in_the_sound_is_silence(tmp_path):
    path = tmp_path / "song.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=CODED_RATE, layout="mono")
        write_sound(container, stream, tone(0.5), "mono", 0, "flt")
        write_sound(container, stream, tone(0.5), "mono", 2, "flt")
    sound = sound_of(path, 10)
    assert len(sound) == pytest.approx(2.5 * RATE, abs=40)
    assert np.abs(sound[: RATE // 2 - 40]).max() > 0.4
    assert not sound[RATE // 2 + 40 : 2 * RATE - 40].any()
    assert np.abs(sound[2 * RATE + 40 :]).max() > 0.4


def test_sound_that_begins_hours_later_takes_no_more_memory(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", 25, sound=tone(1), sound_start=20_000)
    tracemalloc.start()
    try:
        sound = sound_of(path, 2)
        assert tracemalloc.get_traced_memory()[1] < 10 * sound.nbytes
    finally:
        tracemalloc.stop()
    assert len(sound) == 2 * RATE and not sound.any()


def test_a_stream_whose_sampling_changes_is_read_through(tmp_path):
    """Two recordings one behind the other, as a broadcast may be."""
    parts = []
    for number, (layout, channels) in enumerate([("mono", 1), ("stereo", 2)]):
        path = tmp_path / f"{number}.ts"
        with av.open(str(path), "w", format="mpegts") as container:
            stream = container.add_stream("aac", rate=CODED_RATE, layout=layout)
            write_sound(container, stream, tone(1, channels=channels), layout, number)
            container.mux(stream.encode(None))
        parts.append(path.read_bytes())
    (tmp_path / "both.ts").write_bytes(b"".join(parts))
    sound = sound_of(tmp_path / "both.ts", 10)
    assert len(sound) == pytest.approx(2 * RATE, abs=3000)
    for start in (0.2, 1.3):
        part = sound[round(start * RATE) :][: RATE // 2]
        assert np.abs(np.fft.rfft(part)).argmax() == 220


@pytest.mark.parametrize(("layout", "channels"), [("stereo", 2), ("5.1", 6)])
def test_all_channels_have_the_same_weight(tmp_path, layout, channels):
    quiet = np.zeros((channels, CODED_RATE), np.float32)
    for channel in range(channels):
        sound = quiet.copy()
        sound[channel] = tone(1, hertz=200 if layout == "5.1" else 440)[0]
        path = make_clip(
            tmp_path / f"{channel}.mkv", 25, sound=sound, layout=layout, sound_codec="flac"
        )
        level = np.abs(sound_of(path, 1)[2000:14000]).max()
        assert level == pytest.approx(0.5 / channels, rel=0.02)


@pytest.mark.parametrize("samples", [1, 1000, 7 * RATE])
def test_parts_of_any_length_are_the_same_sound(samples):
    path = packaged_clips()["bigbuckbunny"]
    found = list(sound_parts(path, samples))
    assert {len(part) for part in found[:-1]} <= {samples} and len(found[-1]) < samples
    np.testing.assert_array_equal(np.concatenate(found), sound_of(path, 300))


def test_sound_that_ends_before_the_pictures_begin_is_there_but_empty(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", [2 + n / 25 for n in range(25)], sound=tone(1))
    assert [len(part) for part in sound_parts(path, RATE)] == [0]
    assert has_sound(path)


def test_no_stream_of_sound_has_no_part(tmp_path):
    for path in (make_clip(tmp_path / "clip.mp4", 5), packaged_clips()["bikes"]):
        assert sound_of(path, 1) is None and not has_sound(path)


def test_the_real_clip_with_six_channels():
    sound = sound_of(packaged_clips()["bigbuckbunny"], 300)
    assert len(sound) == pytest.approx(5.312 * RATE, abs=2)
    assert 0.001 < np.abs(sound).max() <= 1


def test_a_file_that_is_no_video_is_refused(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(bytes(100))
    with pytest.raises(RecordError, match="no video"):
        sound_of(tmp_path / "clip.mp4", 1)
