"""Damaged videos: whether they are refused, and their pictures, do not depend on threads."""

from hashlib import sha256

import av
import numpy as np
import pytest

from tests.video.clips import make_clip
from yt8m.errors import RecordError
from yt8m.video.container import decoded, opened, pictures_in
from yt8m.video.frames import frames_of

THREADS = (1, 2, 4, 0)


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


def outcome(path, threads):
    """A digest of all pictures; None for a file that is refused."""
    digest = sha256()
    try:
        with opened(path) as container:
            for frame in decoded(container, pictures_in(container), path, threads):
                digest.update(frame.to_ndarray().tobytes())
    except RecordError as error:
        assert str(error).startswith(f"{path}: its pictures ")
        return None
    return digest.hexdigest()


@pytest.mark.parametrize("codec", ["libx264", "mpeg4", "mpeg2video"])
def test_what_becomes_of_a_damaged_video_does_not_depend_on_threads(clips, tmp_path, codec):
    path, packets = clips[codec]
    content, damaged = path.read_bytes(), tmp_path / path.name
    outcomes = {outcome(path, threads) for threads in THREADS}
    assert len(outcomes) == 1 and None not in outcomes
    random, refused = np.random.default_rng(0), 0
    for number in range(24):
        changed = bytearray(content)
        # The last packets too, whose errors come when the file has ended.
        start, size = packets[-1 - number // 3 if number < 12 else random.integers(len(packets))]
        changed[start + random.integers(size // 4, size)] ^= random.integers(1, 256)
        damaged.write_bytes(changed)
        outcomes = {outcome(damaged, threads) for threads in THREADS}
        assert len(outcomes) == 1, (number, outcomes)
        refused += outcomes == {None}
    assert refused > 2


def mended(path):
    """Whether FFmpeg decodes everything, but says that it put something in."""
    try:
        with av.open(str(path)) as container:
            context = container.streams.video[0].codec_context
            context.thread_count, context.options = 1, {"err_detect": "explode"}
            return sum(frame.is_corrupt for frame in container.decode(video=0)) > 0
    except av.error.FFmpegError:
        return False


def test_a_picture_that_the_decoder_mended_is_refused(tmp_path):
    path = make_clip(tmp_path / "good.mp4", 50, picture=noise)
    packets = packets_of(path)
    content, damaged, random = path.read_bytes(), tmp_path / "clip.mp4", np.random.default_rng(0)
    for _ in range(200):
        changed = bytearray(content)
        start, size = packets[random.integers(len(packets))]
        changed[start + random.integers(size // 4, size)] ^= random.integers(1, 256)
        damaged.write_bytes(changed)
        if mended(damaged):
            break
    assert mended(damaged)
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
