"""What is known of a video after it went through the graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from yt8m.labelling.windows import Part


@dataclass(frozen=True)
class Labelled:
    """T seconds of one video, and its predictions: probabilities, float32.

    id: its name. place: its file. Bytes of either that are not UTF-8 are escaped.
    predictions: [C], from the first seconds, as many as in training.
    parts: W windows, in seconds; over_time: [W, C], their predictions.
    thumbnails: second -> small picture, as JPEG. absent: features that the video lacks.
    length: seconds of the whole file, if no more than T were to be read and it says so.
    """

    id: str
    place: str
    seconds: int
    predictions: np.ndarray
    parts: tuple[Part, ...] = ()
    over_time: np.ndarray | None = None
    thumbnails: Mapping[int, bytes] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    length: int | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the file is known to go on after the T seconds."""
        return self.length is not None and self.length > self.seconds
