"""What is known of a video after it went through the graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from yt8m.labelling.windows import Part


@dataclass(frozen=True)
class Labelled:
    """One video of T seconds, and its predictions: probabilities, float32.

    id: its name. place: its file. predictions: [C], from the first seconds, as many as in training.
    parts: W windows, in seconds; over_time: [W, C], their predictions.
    thumbnails: second -> small picture, as JPEG. absent: features that the video lacks.
    """

    id: str
    place: str
    seconds: int
    predictions: np.ndarray
    parts: tuple[Part, ...] = ()
    over_time: np.ndarray | None = None
    thumbnails: Mapping[int, bytes] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
