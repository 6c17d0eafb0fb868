"""Damaged videos are refused, also where the decoder mends them."""

import av
import numpy as np
import pytest

from tests.video.clips import make_clip
from yt8m.errors import RecordError
from yt8m.video.container import decoded, opened, pictures_in
from yt8m.video.frames import frames_of


def noise(number):
    """A picture whose every block needs bytes of its own."""
    return np.random.default_rng(number).integers(0, 256, (48, 64, 3), np.uint8)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Clips of 2 s, by codec, and the places of their packets: first byte, bytes."""
    folder, found = tmp_path_factory.mktemp("clips"), {}
    for codec, suffix in [("libx264", "mp4"), ("mpeg4", "mp4"), ("mpeg2video", "mkv")]:
        path = folder / f"{codec}.{suffix}"
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=25)
            stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
            for number in range(50):
                frame = av.VideoFrame.from_ndarray(noise(number), "rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        found[codec] = path, packets_of(path)
    return found


def packets_of(path):
    """First byte, and bytes, of each packet of pictures."""
    with av.open(str(path)) as container:
        return [(p.pos, p.size) for p in container.demux(video=0) if p.size]


def is_refused(path):
    try:
        with opened(path) as container:
            for _ in decoded(container, pictures_in(container), path):
                pass
    except RecordError as error:
        assert str(error).startswith(f"{path}: its pictures ")
        return True
    return False


def reported(path):
    """How many pictures FFmpeg says that it mended; None if it cannot decode one of them."""
    try:
        with av.open(str(path)) as container:
            context = container.streams.video[0].codec_context
            context.thread_count, context.options = 1, {"err_detect": "explode"}
            return sum(frame.is_corrupt for frame in container.decode(video=0))
    except av.error.FFmpegError:
        return None


@pytest.mark.parametrize("codec", ["libx264", "mpeg4", "mpeg2video"])
def test_whatever_damage_the_decoder_reports_is_refused(clips, tmp_path, codec):
    path, packets = clips[codec]
    content, damaged = path.read_bytes(), tmp_path / path.name
    assert not is_refused(path)
    random, refused = np.random.default_rng(0), 0
    for number in range(24):
        changed = bytearray(content)
        # The last packets too, whose errors come when the file has ended.
        start, size = packets[-1 - number // 3 if number < 12 else random.integers(len(packets))]
        changed[start + random.integers(size // 4, size)] ^= random.integers(1, 256)
        damaged.write_bytes(changed)
        assert is_refused(damaged) == (reported(damaged) != 0)
        refused += is_refused(damaged)
    assert refused > 2


def test_one_thread_decodes_pictures(clips):
    """Of several, FFmpeg does not always report what it mended."""
    path, _ = clips["libx264"]
    with opened(path) as container:
        stream = pictures_in(container)
        next(decoded(container, stream, path))
        assert stream.codec_context.thread_count == 1


def test_a_picture_that_the_decoder_mended_is_refused(tmp_path):
    path = make_clip(tmp_path / "good.mp4", 50, picture=noise)
    packets = packets_of(path)
    content, damaged, random = path.read_bytes(), tmp_path / "clip.mp4", np.random.default_rng(0)
    for _ in range(200):
        changed = bytearray(content)
        start, size = packets[random.integers(len(packets))]
        changed[start + random.integers(size // 4, size)] ^= random.integers(1, 256)
        damaged.write_bytes(changed)
        if reported(damaged):
            break
    assert reported(damaged)
    with pytest.raises(RecordError, match=r"clip\.mp4: its pictures are damaged after \d\.\d sec"):
        list(frames_of(damaged, 300))


def test_a_damaged_picture_is_refused_where_it_is_reached(tmp_path):
    path = make_clip(tmp_path / "clip.mp4", 100, picture=noise)
    start, size = packets_of(path)[60]
    content = bytearray(path.read_bytes())
    content[start + size // 2 : start + size] = bytes(size - size // 2)
    path.write_bytes(content)
    pictures = frames_of(path, 300)
    assert next(pictures).shape == (48, 64, 3)
    with pytest.raises(
        RecordError, match=r"clip\.mp4: its pictures (cannot be|are damaged) .*2\.\d"
    ):
        list(pictures)


def nut(path):
    """A video whose index, at the end, has its size."""
    with av.open(str(path), "w", format="nut") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
        for number in range(50):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noise(number), "rgb24")))
        container.mux(stream.encode(None))
    return path


def test_a_file_whose_index_is_cut_off_is_named(tmp_path):
    """FFmpeg looks for places before its beginning then, which is an error of Python's file."""
    content, cut = nut(tmp_path / "whole.nut").read_bytes(), tmp_path / "cut.nut"
    problems = set()
    for percent in range(5, 100, 4):
        cut.write_bytes(content[: len(content) * percent // 100])
        with pytest.raises(RecordError, match=r"cut\.nut: ") as refused:
            list(frames_of(cut, 300))
        problems.add("Invalid argument" in str(refused.value))
    assert problems == {True, False}
