"""Which frames are taken, what they look like, and files that cannot be read."""

import tracemalloc
from fractions import Fraction

import av
import numpy as np
import pytest

from tests.video.clips import grey, make_clip, number_of, packaged_clips, tone, write_sound
from yt8m.errors import RecordError
from yt8m.video.container import opened
from yt8m.video.frames import RULES, Timed, frames_of


def taken(times, rule, last=Fraction(1, 25)):
    """Numbers of the frames that a rule takes from frames at these times."""
    times = [Fraction(t) for t in times]
    ends = [*times[1:], times[-1] + last]
    timed = [Timed(*both, n) for n, both in enumerate(zip(times, ends, strict=True))]
    return list(RULES[rule](iter(timed)))


def slowly_nearest(times, last=Fraction(1, 25)):
    """For each second before the end, a search among all frames."""
    times = [Fraction(t) for t in times]
    seconds = range(int(np.ceil(times[-1] + last)))
    return [min(range(len(times)), key=lambda n: (abs(times[n] - s), n)) for s in seconds]


def at(rate, frames):
    return [Fraction(n) / Fraction(rate) for n in range(frames)]


IRREGULAR = [0, "0.3", "0.9", "1.05", "3.5", "3.6", "7.2", "8.5"]


@pytest.mark.parametrize(
    "times", [at(25, 100), at(Fraction(30000, 1001), 200), at(24, 1), at("0.4", 9), IRREGULAR]
)
def test_the_nearest_frame_is_that_of_a_search_among_all(times):
    assert taken(times, "nearest") == slowly_nearest(times)


def test_the_nearest_frames_of_100_frames_at_25_a_second():
    assert taken(at(25, 100), "nearest") == [0, 25, 50, 75]
    assert taken(at(25, 101), "nearest") == [0, 25, 50, 75, 100]


def test_of_two_equally_near_frames_the_earlier_is_taken():
    assert taken([0, "0.5", "1.5", "2.5"], "nearest", Fraction(1, 2)) == [0, 1, 2]


def test_googles_rule_takes_the_frame_behind_each_whole_second():
    assert taken(at(25, 100), "google") == [0, 26, 51, 76]


def test_googles_clock_runs_from_the_frame_before_the_one_taken():
    # 0 is taken; 1.05 is a second later, so 3.5 is taken, and is itself a second after 1.05, so 3.6
    # is taken too; 7.2 is a second after 3.5, so 8.5 is taken.
    assert taken(IRREGULAR, "google") == [0, 4, 5, 7]


@pytest.mark.parametrize("rate", [25, Fraction(30000, 1001), 10])
def test_frames_of_a_file_are_those_of_the_rule(tmp_path, rate):
    path = make_clip(tmp_path / "clip.mp4", 75, rate)
    for rule in RULES:
        wanted = [n % 16 for n in taken(at(rate, 75), rule, 1 / Fraction(rate))]
        assert [number_of(p) for p in frames_of(path, 300, rule)] == wanted


def test_frames_at_irregular_times_are_placed_by_their_times(tmp_path):
    times = [Fraction(t) for t in IRREGULAR]
    path = make_clip(tmp_path / "clip.mkv", times)
    found = [number_of(p) for p in frames_of(path, 300)]
    assert found[:8] == slowly_nearest(times)[:8]


def test_the_first_frame_of_a_stream_that_begins_late_is_second_0(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", [5 + t for t in at(25, 50)])
    assert [number_of(p) for p in frames_of(path, 300)] == [0, 25 % 16]


def test_a_video_of_one_frame_has_one_picture(tmp_path):
    assert len(list(frames_of(make_clip(tmp_path / "clip.mp4", 1), 300))) == 1


def test_decoding_stops_behind_the_last_wanted_second(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 250, container_options={"movflags": "faststart"})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    assert len(list(frames_of(path, 3))) == 3
    with pytest.raises(
        RecordError, match=r"clip\.mp4: .*(ends|decoded) after \d\.\d (of 10.0 )?seconds"
    ):
        list(frames_of(path, 300))


def corners(number):
    """Red top left, green top right, blue bottom left, white bottom right."""
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:24, :32, 0] = picture[:24, 32:, 1] = picture[24:, :32, 2] = 255
    picture[24:, 32:] = 255
    return picture


def colours(picture):
    """Names of the colours of the quarters, row by row."""
    height, width = picture.shape[0] // 4, picture.shape[1] // 4
    names = {(1, 0, 0): "red", (0, 1, 0): "green", (0, 0, 1): "blue", (1, 1, 1): "white"}
    places = [(y, x) for y in (height, 3 * height) for x in (width, 3 * width)]
    return " ".join(names[tuple(int(v > 127) for v in picture[place])] for place in places)


def test_pictures_are_red_green_blue(tmp_path):
    (picture,) = frames_of(make_clip(tmp_path / "clip.mp4", 1, picture=corners), 1)
    assert picture.dtype == np.uint8 and picture.shape == (48, 64, 3)
    assert colours(picture) == "red green blue white"


@pytest.mark.parametrize("matrix", ["itu709", "itu601"])
def test_colours_are_those_of_the_matrix_that_the_stream_names(tmp_path, matrix):
    """Another matrix would turn this green by 20 levels or more."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1)
        stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
        stream.options = {"crf": "5"}
        stream.codec_context.colorspace = {"itu709": 1, "itu601": 6}[matrix]
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), (60, 200, 60), np.uint8), "rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=matrix)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    (picture,) = frames_of(path, 1)
    assert np.abs(picture[24, 32].astype(int) - (60, 200, 60)).max() < 6


TURNS = {  # degrees against the clock -> colours
    0: "red green blue white",
    90: "green white red blue",
    180: "white blue green red",
    -90: "blue red white green",
}


@pytest.mark.parametrize("degrees", TURNS)
@pytest.mark.parametrize("resolution", [None, (40, 60)])
def test_turned_pictures_are_shown_upright(tmp_path, degrees, resolution):
    path = make_clip(
        tmp_path / "clip.mp4",
        1,
        picture=corners,
        change=lambda stream: stream.set_display_rotation(degrees),
    )
    (picture,) = frames_of(path, 1, resolution=resolution)
    own = (48, 64) if degrees % 180 == 0 else (64, 48)
    assert picture.shape == (*(resolution or own), 3)
    assert colours(picture) == TURNS[degrees]


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ((-1, 0, 0, 1), "green red white blue"),  # mirrored left to right
        ((1, 0, 0, -1), "blue white red green"),  # upside down in a mirror
        ((0, 1, 1, 0), "red blue green white"),  # rows and columns exchanged
    ],
)
def test_mirrored_pictures_are_shown_as_meant(tmp_path, matrix, expected):
    a, b, c, d = (65536 * v for v in matrix)
    path = make_clip(
        tmp_path / "clip.mp4",
        1,
        picture=corners,
        change=lambda stream: stream.set_display_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30]),
    )
    (picture,) = frames_of(path, 1)
    assert colours(picture) == expected


def test_a_resized_picture_is_the_mean_of_what_it_covers(tmp_path):
    def stripes(number):
        return np.repeat(np.tile(np.uint8([0, 255]), 32)[None, :, None], 48, 0).repeat(3, 2)

    path = make_clip(tmp_path / "clip.mp4", 1, picture=stripes)
    (picture,) = frames_of(path, 1, resolution=(12, 16))
    assert picture.shape == (12, 16, 3)
    assert np.abs(picture[:, 1:-1].astype(int) - 127).max() < 20


@pytest.mark.parametrize("name", ["a b.mp4", "[1]{x}.mp4", "größe 影.mp4", "a:b.mp4", "%03d.mp4"])
def test_any_name_is_read(tmp_path, name):
    assert len(list(frames_of(make_clip(tmp_path / "x.mp4", 1).rename(tmp_path / name), 1))) == 1


HTML = "<!DOCTYPE html>\n<html><body>404</body></html>"
LIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nother.ts\n#EXT-X-ENDLIST\n"
SESSION = (
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=video 5000 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty, 0 bytes"),
        (HTML.encode(), "is a web page or other markup, not a video"),
        (b"hello\n" * 100, "is damaged, truncated or no video"),
        (bytes(5000), "is damaged, truncated or no video"),
    ],
)
def test_a_file_that_is_no_video_is_refused(tmp_path, content, problem):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=rf"clip\.mp4: {problem}"):
        list(frames_of(path, 1))


@pytest.mark.parametrize("text", [LIST, "ffconcat version 1.0\nfile other.ts\n", SESSION])
def test_a_list_of_other_files_or_addresses_is_not_followed(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    make_clip(tmp_path / "other.ts", 25)
    path = tmp_path / "clip.mp4"
    path.write_text(text)
    with pytest.raises(RecordError, match=r"clip\.mp4: is damaged, truncated or no video"):
        list(frames_of(path, 1))


def test_a_file_without_its_index_is_refused(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 100)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(RecordError, match=r"clip\.mp4: is damaged, truncated or no video"):
        list(frames_of(path, 1))


def test_a_truncated_matroska_file_is_refused_at_its_end(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", 100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RecordError, match=r"ends after \d\.\d of 4.0 seconds"):
        list(frames_of(path, 300))


def test_sound_only_is_refused(tmp_path):
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        write_sound(container, stream, tone(1), "mono", 0)
        container.mux(stream.encode(None))
    with pytest.raises(RecordError, match=r"song\.m4a: has no pictures, only sound"):
        list(frames_of(path, 1))


def test_the_cover_of_a_song_is_no_video(tmp_path):
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=48_000, layout="mono")
        cover = container.add_stream("png")
        cover.height, cover.width, cover.pix_fmt = 48, 64, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame.from_ndarray(grey(0), "rgb24")))
        write_sound(container, stream, tone(1), "mono", 0)
        container.mux(stream.encode(None))
    with pytest.raises(RecordError, match="has no pictures, only sound"):
        list(frames_of(path, 1))


@pytest.mark.parametrize("name", ["", "missing.mp4"])
def test_a_folder_or_a_missing_file_is_refused(tmp_path, name):
    with pytest.raises(RecordError, match="cannot be read"):
        list(frames_of(tmp_path / name, 1))


def test_memory_does_not_grow_with_the_video(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", at(1, 120), rate=1, picture=lambda n: grey(n, 240, 320))

    def peak(seconds):
        tracemalloc.start()
        try:
            assert sum(1 for _ in frames_of(path, seconds)) == seconds
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(120) < peak(10) + 240 * 320 * 3


@pytest.mark.parametrize(
    ("name", "rows"), [("bigbuckbunny", 6), ("bikes", 10), ("carphone_pristine", 5)]
)
def test_real_clips_have_a_picture_for_each_second(name, rows):
    """Of 5.28 s at 25 frames a second, 10 s, and 4.004 s at 29.97 frames a second."""
    found = list(frames_of(packaged_clips()[name], 300, resolution=(32, 48)))
    assert len(found) == rows and all(p.shape == (32, 48, 3) for p in found)
    assert all(p.std() > 10 for p in found)


def test_the_real_clip_has_the_rate_that_the_tests_mean():
    with opened(packaged_clips()["carphone_pristine"]) as container:
        assert container.streams.video[0].average_rate == Fraction(30000, 1001)
