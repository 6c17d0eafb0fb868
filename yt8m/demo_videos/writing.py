"""Writing a generated clip as an mp4 file: H.264 and AAC, with PyAV.

The same versions of the encoders write the same bytes each time on the same processor.
"""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from yt8m.atomic import replacing
from yt8m.demo_videos import drawing, sounds
from yt8m.demo_videos.clip import Clip
from yt8m.extras import optional_module

if TYPE_CHECKING:
    from av import AudioStream
    from av.container import OutputContainer

PICTURES = {"preset": "veryfast", "crf": "30", "g": str(2 * drawing.RATE), "mbtree": "0"}
"""Options of libx264. g: most pictures between two key frames. With mbtree, on by default, two runs
with the same pictures write different bytes, even in a single thread."""

SOUND_BITS = 48_000
"""Bits per second of sound."""

_BLOCK = 1024
"""Samples of one frame of AAC."""


def encoder_versions() -> dict[str, str]:
    """Versions of PyAV and of FFmpeg's encoders. Raises ConfigError without PyAV."""
    av = _pyav()
    codecs = ".".join(map(str, av.library_versions["libavcodec"]))
    return {"av": av.__version__, "libavcodec": codecs}


def write_clip(clip: Clip, path: Path) -> None:
    """Write a clip, atomically. Raises ConfigError without PyAV."""
    av = _pyav()
    heard = sounds.sound_of_clip(clip)
    with (
        replacing(path) as unfinished,
        unfinished.open("wb") as file,
        av.open(file, "w", format="mp4") as container,
    ):
        stream = container.add_stream("libx264", rate=drawing.RATE, options=PICTURES)
        stream.height, stream.width, stream.pix_fmt = drawing.HEIGHT, drawing.WIDTH, "yuv420p"
        stream.codec_context.thread_count = 1
        if heard is not None:
            sound = container.add_stream("aac", rate=sounds.RATE, layout="mono")
            sound.bit_rate = SOUND_BITS
        for number, picture in enumerate(drawing.pictures_of(clip)):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, drawing.RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if heard is not None:
            _write_sound(container, sound, heard)


def _write_sound(container: "OutputContainer", stream: "AudioStream", samples: np.ndarray) -> None:
    av = _pyav()
    for start in range(0, len(samples), _BLOCK):
        block = av.AudioFrame.from_ndarray(samples[None, start : start + _BLOCK], "fltp", "mono")
        block.sample_rate, block.time_base = sounds.RATE, Fraction(1, sounds.RATE)
        block.pts = start
        container.mux(stream.encode(block))
    container.mux(stream.encode(None))


def _pyav():
    return optional_module("av", "videos", "generating videos")
