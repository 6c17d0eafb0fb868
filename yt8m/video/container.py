"""Opening a video file with PyAV, and errors that name the file and what is wrong with it."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from yt8m.errors import RecordError
from yt8m.extras import optional_module
from yt8m.files import open_regular
from yt8m.printable import printable

if TYPE_CHECKING:
    from av import AudioStream, VideoStream
    from av.container import InputContainer
    from av.frame import Frame

FORMATS = (
    "aac,ac3,aiff,asf,avi,caf,dv,eac3,flac,flv,gif,h264,hevc,ivf,live_flv,m4v,matroska,mjpeg,mov,"
    "mp3,mp4,mpeg,mpegts,mpegvideo,mxf,nut,ogg,rm,wav,webm,wtv,yuv4mpegpipe"
)
"""FFmpeg's names of the formats that are read. Not among them: those that name other files or
addresses, which a file from a stranger could have fetched (HLS, DASH, SDP, concat)."""

BUFFER_BYTES = 2**15
"""Read at a time. FFmpeg reads as much again whenever it goes from the pictures to the sound that a
file has beside them: with 2**20, that took a quarter of the time of extraction."""

_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")
_MARKUP = (b"<!doctype", b"<html", b"<?xml")


def pyav():
    """The module `av`. Raises ConfigError if PyAV is not installed."""
    return optional_module("av", "videos", "reading videos")


@contextmanager
def opened(path: str | Path) -> Iterator["InputContainer"]:
    """The file as PyAV's container. Raises RecordError for a file that is not a video or sound.

    FFmpeg reads it through Python's file, so names such as `a:b.mp4` or `%03d.mp4` have no meaning.
    """
    av = pyav()
    try:
        file = open_regular(path)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror or error}).") from None
    with file:
        start = file.read(64)
        file.seek(0)
        if not start:
            raise RecordError(f"{path}: is empty, 0 bytes.")
        try:
            container = av.open(
                file,
                options={"format_whitelist": FORMATS},
                buffer_size=BUFFER_BYTES,
                metadata_errors="replace",
            )
        except (av.error.FFmpegError, ValueError, OSError) as error:
            raise RecordError(f"{path}: {_not_a_video(start, reason(error))}.") from None
        with closing(container):
            yield container


def pictures_in(container: "InputContainer") -> "VideoStream | None":
    """The first stream of moving pictures, if any; the cover of a song is none."""
    av = pyav()
    cover = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & cover), None)


def sound_in(container: "InputContainer") -> "AudioStream | None":
    """The first stream of sound, if any."""
    return next(iter(container.streams.audio), None)


def start_of(container: "InputContainer") -> Fraction:
    """Seconds on the file's clock at which its pictures begin, or its sound without pictures."""
    stream = pictures_in(container) or sound_in(container)
    if stream is None or stream.start_time is None:
        return Fraction(0)
    return stream.start_time * stream.time_base


def length_of(stream: "VideoStream") -> Fraction:
    """Seconds that the file says a stream lasts; 0 if it does not say."""
    if stream.duration is not None:
        return stream.duration * stream.time_base
    if clock := _CLOCK.match(stream.metadata.get("DURATION", "")):  # Matroska's time of its end
        hours, minutes, seconds = clock.groups()
        end = 3600 * int(hours) + 60 * int(minutes) + Fraction(seconds)
        return end - (stream.start_time or 0) * stream.time_base
    return Fraction(0)


def decoded(
    container: "InputContainer",
    stream: "VideoStream | AudioStream",
    path: str | Path,
) -> Iterator["Frame"]:
    """All frames of a stream in order, decoded by one thread.

    Raises RecordError where one cannot be decoded, or only in part. Of several threads, some damage
    is not reported: a picture may be given out before the thread that decodes it has met an error.
    """
    what, context = ("pictures" if stream.type == "video" else "sound"), stream.codec_context
    if stream.type == "video":
        context.thread_count, context.options = 1, {"err_detect": "explode"}
    time, packets = 0.0, container.demux(stream)
    while True:
        with refusing(path, f"its {what} cannot be decoded after {time:.1f} seconds"):
            packet = next(packets, None)
            found = packet.decode() if packet is not None else ()
        if packet is None:
            return
        for frame in found:
            if frame.is_corrupt:
                raise RecordError(f"{path}: its {what} are damaged after {time:.1f} seconds.")
            time = frame.time if frame.time is not None else time
            yield frame


@contextmanager
def refusing(path: str | Path, problem: str) -> Iterator[None]:
    """Turn PyAV's errors into RecordError, with the file, the problem and FFmpeg's reason.

    OSError is that of Python's file, such as for a place before its beginning.
    """
    try:
        yield
    except (pyav().error.FFmpegError, ValueError, OSError) as error:
        raise RecordError(
            f"{path}: {problem} ({reason(error)}); the file is damaged, truncated or of a kind "
            "that is not supported."
        ) from None


def reason(error: Exception) -> str:
    """FFmpeg's own words for an error."""
    return printable(str(getattr(error, "strerror", None) or error))


def _not_a_video(start: bytes, problem: str) -> str:
    if start.lstrip().lower().startswith(_MARKUP):
        return "is a web page or other markup, not a video"
    return f"is damaged, truncated or no video ({problem})"
