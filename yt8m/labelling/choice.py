"""Which classes are given to a video or a part of it, by their probabilities."""

from dataclasses import dataclass

import numpy as np

from yt8m.errors import ConfigError
from yt8m.labelling.labelled import Labelled
from yt8m.labelling.windows import Part

DEFAULT_TOP_K = 5


@dataclass(frozen=True)
class Label:
    """A class and its probability."""

    index: int
    probability: float


@dataclass(frozen=True)
class Choice:
    """Gives the classes that reach their threshold, at most `top_k`, the most probable first.

    thresholds: float32 [C], or one for all classes; None gives any class.
    top_k: None gives all.
    Raises ConfigError for a threshold outside 0 to 1.
    """

    thresholds: np.ndarray | float | None = None
    top_k: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.thresholds, float) and not 0 <= self.thresholds <= 1:
            raise ConfigError(f"--threshold: is {self.thresholds:g}; expected 0 to 1")

    @property
    def bound(self) -> int | None:
        """Most labels: without a threshold, few by default."""
        return self.top_k or (DEFAULT_TOP_K if self.thresholds is None else None)

    def of(self, predictions: np.ndarray) -> list[Label]:
        """The labels for probabilities, float32 [C]; of equal ones the lower class first."""
        order = np.argsort(-predictions, kind="stable")
        reached = self.reached(predictions)
        best = [index for index in order if reached[index]][: self.bound]
        return [Label(int(index), float(predictions[index])) for index in best]

    def reached(self, predictions: np.ndarray) -> np.ndarray:
        """Whether each class reaches its threshold: [..., C] -> bool [..., C]."""
        bar = np.float32(0 if self.thresholds is None else self.thresholds)
        return predictions >= bar

    def rows(self, video: Labelled) -> list[int]:
        """The classes that are given to a video or any part, the largest probability first."""
        every = [video.predictions, *([] if video.over_time is None else video.over_time)]
        given = {label.index for predictions in every for label in self.of(predictions)}
        peaks = np.max(every, axis=0)
        return sorted(given, key=lambda index: (-peaks[index], index))[: self.bound]

    def when(self, video: Labelled, index: int) -> list[Part]:
        """The seconds in which a class reaches its threshold, joined where windows touch.

        Without a threshold, the window in which it is most probable.
        """
        if self.thresholds is None:
            return [video.parts[int(np.argmax(video.over_time[:, index]))]]
        joined: list[Part] = []
        for row in np.flatnonzero(self.reached(video.over_time)[:, index]):
            start, end = video.parts[row]
            if joined and start <= joined[-1][1]:
                start = joined.pop()[0]
            joined.append((start, end))
        return joined
