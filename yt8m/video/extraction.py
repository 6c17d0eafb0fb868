"""From one video file to the features of its seconds.

A thread decodes the next pictures while the network computes: FFmpeg and the network's library
both release Python's lock; another decodes the sound. However long the video, at most AHEAD + 1
batches of pictures and a few parts of sound are in memory, besides the features.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from yt8m.ahead import ahead
from yt8m.errors import RecordError
from yt8m.protocols import ImageExtractor, SoundExtractor
from yt8m.video.frames import Rule, frames_of
from yt8m.video.hearing import SECONDS, Hearing
from yt8m.video.sound import RATE, has_sound, sound_parts

IMAGES, SOUND = "rgb", "audio"
"""Names of the features, as YouTube-8M's."""

BATCH = 8
"""Pictures that a network gets at once; one at a time if it takes any size."""

AHEAD = 2
"""Batches that are decoded before the network wants them."""


@dataclass(frozen=True)
class Extractors:
    """Loaded networks, to be used for many videos. sound: None extracts pictures only.

    images: uint8 [n, h, w, 3] -> float32 [n, F]. sound: (float32 [samples], seconds T) ->
    float32 [T, A].
    """

    images: Callable[[np.ndarray], np.ndarray]
    resolution: tuple[int, int] | None
    sound: Callable[[np.ndarray, int], np.ndarray] | None

    @classmethod
    def load(
        cls, images: ImageExtractor, sound: SoundExtractor | None, threads: int
    ) -> "Extractors":
        """The networks of two recipes; threads: of each, 0 for one per core."""
        return cls(images.load(threads), images.resolution, sound and sound.load(threads))


@dataclass(frozen=True)
class Extracted:
    """What is known of a video of T seconds."""

    features: dict[str, np.ndarray | None]
    """IMAGES: float16 [T, F]; SOUND: float16 [T, A], None without sound or its extractor."""

    has_sound: bool
    """Whether the file has a stream of sound, silent or not."""


def extract(
    path: str | Path, extractors: Extractors, max_frames: int, rule: Rule = "nearest"
) -> Extracted:
    """The features of a video's seconds, of the first `max_frames` at most.

    Where the sound ends before the pictures, the rest is silence. Raises RecordError for a file
    that cannot be decoded, or whose features are not finite in float16.
    """
    pictures = frames_of(path, max_frames, rule, extractors.resolution)
    batches = ahead(_batches(pictures, BATCH if extractors.resolution else 1), AHEAD)
    parts = ahead(_sound_parts(path, extractors), 1)
    with closing(batches), closing(parts):
        hearing = Hearing(parts, extractors.sound)
        rgb, seconds = [], 0
        for batch in batches:
            rgb.append(_float16(extractors.images(batch), path, IMAGES, seconds))
            seconds += len(batch)
            hearing.proceed(seconds)
        heard = hearing.finish(seconds)
    audio = None if heard is None else _float16(heard, path, SOUND)
    features = {IMAGES: np.concatenate(rgb), SOUND: audio}
    return Extracted(features, heard is not None if extractors.sound else has_sound(path))


def _batches(pictures: Iterator[np.ndarray], size: int) -> Iterator[np.ndarray]:
    """Pictures as uint8 [n, h, w, 3], n at most `size`."""
    with closing(pictures):
        while batch := list(islice(pictures, size)):
            yield np.stack(batch)


def _sound_parts(path: str | Path, extractors: Extractors) -> Iterator[np.ndarray]:
    """Parts of the sound as `Hearing` takes them; none if nothing is computed from it."""
    if extractors.sound:
        yield from sound_parts(path, SECONDS * RATE)


def _float16(values: np.ndarray, path: str | Path, feature: str, first: int = 0) -> np.ndarray:
    """first: the second of the first row, for the message."""
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float16)
    if not np.isfinite(rounded).all():
        second = first + int(np.argmin(np.isfinite(rounded).all(axis=1)))
        raise RecordError(
            f"{path}: the features {feature} of second {second} are not finite as float16, "
            f"whose largest number is {np.finfo(np.float16).max:.0f}."
        )
    return rounded
