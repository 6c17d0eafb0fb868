"""The sound of a video: mono, 16,000 samples a second, from the moment the pictures begin."""

from collections.abc import Iterator
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


def sound_of(path: str | Path, seconds: int) -> np.ndarray | None:
    """The first stream of sound: float32 [n], n at most 16,000 a second, nominally in [-1, 1].

    Sample 0 is heard as the first picture is shown: sound from before is left out, and silence is
    put in where sound begins later or has gaps. All channels have the same weight, so of 5.1 each
    speaker counts a sixth, the one for low frequencies too. None for a file without sound.

    Raises RecordError for a file that cannot be decoded.
    """
    with opened(path) as container:
        stream = sound_in(container)
        if stream is None:
            return None
        pieces, length, wanted = [], 0, seconds * RATE
        for position, samples in _blocks(container, stream, path):
            silence = np.zeros(max(0, min(position, wanted) - length), np.float32)
            pieces += [silence, samples[max(0, length - position) :]]
            length += len(silence) + len(pieces[-1])
            if length >= wanted:
                break
    return np.concatenate(pieces)[:wanted] if pieces else None


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
