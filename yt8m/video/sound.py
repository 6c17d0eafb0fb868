"""The sound of a video: mono, 16,000 samples a second, from the moment the pictures begin."""

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from yt8m.video.container import decoded, opened, pyav, refusing, sound_in, start_of

if TYPE_CHECKING:
    from av import AudioFrame, AudioStream
    from av.container import InputContainer

RATE = 16_000
"""Samples per second of all extractors of sound."""

TOLERANCE = Fraction(1, 10)
"""Seconds by which a frame of sound may come early or late before it counts as a gap."""


def sound_parts(path: str | Path, samples: int) -> Iterator[np.ndarray]:
    """The first stream of sound in parts: float32 [samples] each, nominally in [-1, 1].

    Sample 0 is heard as the first picture is shown: sound from before is left out, and silence is
    put in where sound begins later or has gaps. All channels have the same weight, so of 5.1 each
    speaker counts a sixth, the one for low frequencies too. The last part is shorter, perhaps
    empty; a file without sound has no part. Memory holds two parts.

    Raises RecordError for a file that cannot be decoded.
    """
    with opened(path) as container:
        stream = sound_in(container)
        if stream is None:
            return
        waiting: list[np.ndarray] = []
        length = 0
        for piece in _pieces(container, stream, path):
            waiting.append(piece)
            length += len(piece)
            while length >= samples:
                whole = np.concatenate(waiting)
                yield whole[:samples]
                waiting, length = [whole[samples:]], length - samples
        if waiting:
            yield np.concatenate(waiting)


def has_sound(path: str | Path) -> bool:
    """Whether a file has sound, silent or not. Raises RecordError as `sound_parts` does."""
    with closing(sound_parts(path, 1)) as parts:
        return next(parts, None) is not None


def _pieces(
    container: "InputContainer", stream: "AudioStream", path: str | Path
) -> Iterator[np.ndarray]:
    """Samples from the first picture on, float32 [n], with silence of up to a second in gaps."""
    length = 0
    for position, samples in _blocks(container, stream, path):
        while length < position:
            silence = np.zeros(min(position - length, RATE), np.float32)
            yield silence
            length += len(silence)
        piece = samples[max(0, length - position) :]
        yield piece
        length += len(piece)


def _blocks(
    container: "InputContainer", stream: "AudioStream", path: str | Path
) -> Iterator[tuple[int, np.ndarray]]:
    """Samples at 16 kHz, float32 [n], and the position of the first, which may be negative."""
    resampler, kind, due, position = None, None, Fraction(0), 0
    begin = start_of(container)
    for frame in decoded(container, stream, path):
        time = due if frame.pts is None else frame.pts * frame.time_base - begin
        changed = kind != (kind := (frame.format.name, frame.layout.name, frame.rate))
        if changed or abs(time - due) > TOLERANCE:
            yield from _mixed(resampler, None, position, path)
            resampler, due, position = _resampler(frame), time, round(time * RATE)
        for block in _mixed(resampler, frame, position, path):
            yield block
            position += len(block[1])
        due += Fraction(frame.samples, frame.rate)
    yield from _mixed(resampler, None, position, path)


def _resampler(frame: "AudioFrame"):
    return pyav().AudioResampler(format="fltp", layout=frame.layout, rate=RATE)


def _mixed(
    resampler, frame: "AudioFrame | None", position: int, path: str | Path
) -> Iterator[tuple[int, np.ndarray]]:
    """What the resampler has ready behind a frame; behind None, the rest that it holds."""
    if resampler is None:
        return
    with refusing(path, "its sound cannot be resampled"):
        ready = resampler.resample(frame)
    for made in ready:
        samples = made.to_ndarray().mean(axis=0, dtype=np.float32)
        yield position, samples
        position += len(samples)
