"""A trained graph for notebooks: arrays or a video in, probabilities and names out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from yt8m.data.schema import Batch, Schema
from yt8m.errors import ArrayError, ArtefactError, ConfigError
from yt8m.labelling.label import label_video
from yt8m.labelling.labelled import Labelled
from yt8m.labelling.labeller import Labeller
from yt8m.labelling.windows import Windows
from yt8m.library.arrays import array_errors, videos_of
from yt8m.outputs.array_frames import graph_frames, record_frames
from yt8m.outputs.array_kinds import FEATURES, ArrayKinds
from yt8m.outputs.array_videos import ArrayVideo
from yt8m.outputs.arrays import padded_batches


class Label(NamedTuple):
    """A class that is given to a video.

    Attributes:
        name: of the class.
        probability: 0 to 1.
        index: number of the class, 0 to C - 1.
    """

    name: str
    probability: float
    index: int


class Classifier:
    """A loaded graph; `yt8m.load` returns it.

    Attributes:
        path: the archive or folder.
        size_bytes: bytes on disk of what predicts: the graph, or a model's weights.
        metrics: split -> what was measured there, as `gap` or `map`; empty if nothing is recorded.
    """

    def __init__(
        self,
        path: Path,
        size_bytes: int,
        metrics: Mapping[str, Mapping[str, Any]],
        labeller: Labeller,
        no_videos: str = "",
    ):
        """no_videos: why it cannot label videos here, although it was made from them."""
        self.path = path
        self.size_bytes = size_bytes
        self.metrics = metrics
        self._labeller = labeller
        self._no_videos = no_videos

    def __repr__(self) -> str:
        made = " + ".join(f"{name} {size}" for name, size in self.features.items())
        return (
            f"<Classifier {self.name!r}: {self.schema.classes:,} classes, {made}, "
            f"{self.size_bytes:,} bytes>"
        )

    @property
    def name(self) -> str:
        """The name of the ensemble or model."""
        return self._labeller.graph.name

    @property
    def schema(self) -> Schema:
        """What records of this graph hold: features, number of classes, most frames, layout."""
        return self._labeller.graph.schema

    @property
    def names(self) -> list[str]:
        """The names of the C classes by number; "class 0" and so on if they are unknown."""
        return list(self._labeller.names)

    @property
    def features(self) -> dict[str, int]:
        """Feature -> values per frame as in records, in the order of concatenated arrays."""
        return dict(self.schema.features)

    @property
    def raw_features(self) -> dict[str, int] | None:
        """Feature -> values per frame as the extractor computes them; None if it takes none."""
        projections = self._labeller.projections
        return projections and {name: projections[name].width for name in self.schema.features}

    @property
    def thresholds(self) -> np.ndarray | None:
        """The probability from which each class is given, float32 [C]; None if not calibrated.

        Infinity for a class that is never given.
        """
        found = self._labeller.thresholds
        return None if found is None else found.copy()

    @property
    def fingerprint(self) -> str:
        """Digest of all that its predictions depend on, hexadecimal."""
        return self._labeller.graph.fingerprint

    def predict(
        self,
        videos: ArrayLike | Mapping[str, ArrayLike] | Sequence[Any] | Batch,
        lengths: ArrayLike | None = None,
        *,
        features: str = "auto",
        batch_size: int = 64,
    ) -> np.ndarray:
        """The probability of every class for each video.

        A video is an array [T, F], a row per second, with all features side by side; or a dict with
        an array [T, values] for each feature. Whole numbers are bytes of records. Floats are what
        an extractor computes if the graph takes that (`raw_features`), else dequantised bytes.

        Args:
            videos: one video; a list of videos; a padded array [B, T, F], or a dict of such; or a
                `Batch`. In the video layout without the axis of the frames. A dict of raw features
                may lack one, as a video lacks sound.
            lengths: whole numbers [B], the frames of each video of a padded array; by default T.
            features: "raw" (an extractor's values) or "records", if the type does not tell.
            batch_size: videos in memory at once, on the way through the graph.

        Returns:
            float32 [B, C], in the order of the videos; B is 1 for a single one. Frames after
                `schema.max_frames` do not count, as in training.

        Raises:
            ArrayError: for shapes, types or values that do not suit the graph.
            ConfigError: for `features="raw"` if the graph takes none.
            ArtefactError: if the graph is damaged, or memory is insufficient.

        Examples:
            >>> import numpy as np, yt8m
            >>> classifier = yt8m.load("final.tar.gz")
            >>> classifier.features
            {'rgb': 24, 'audio': 8}
            >>> video = np.random.default_rng(0).integers(0, 256, (9, 32), np.uint8)
            >>> classifier.predict(video).shape
            (1, 6)
            >>> classifier.predict([video, {"rgb": video[:4, :24], "audio": video[:4, 24:]}]).shape
            (2, 6)
        """
        if features not in FEATURES:
            raise ConfigError(f"features: is {features!r}; expected {' or '.join(FEATURES)}")
        if batch_size < 1:
            raise ConfigError(f"batch_size: is {batch_size}; expected 1 or more")
        kinds = ArrayKinds(self.schema, self._labeller.projections, features, 'features="{}"')
        ready = (_ready(video, kinds) for video in videos_of(videos, lengths, kinds))
        found = [np.zeros((0, self.schema.classes), np.float32)]
        for batch in padded_batches(ready, batch_size, self.schema.classes):
            found.append(self._labeller.graph.predict(batch))
            if not np.isfinite(found[-1]).all():
                raise ArtefactError(f"{self.path}: predicts NaN; its weights are damaged")
        return np.concatenate(found)

    def top(self, predictions: ArrayLike, count: int = 5) -> list[Label] | list[list[Label]]:
        """The most probable classes by name.

        Args:
            predictions: floats [C], of one video, or [B, C].
            count: classes per video.

        Returns:
            `Label`s, the most probable first (of equal ones the lower class); for [B, C] a list of
                such lists.

        Raises:
            ArrayError: for another shape, and for NaN.

        Examples:
            >>> import numpy as np, yt8m
            >>> classifier = yt8m.load("final.tar.gz")
            >>> predictions = np.array([0.1, 0.9, 0.2, 0, 0.3, 0])
            >>> [(label.name, label.probability) for label in classifier.top(predictions, 2)]
            [('dog, barking', 0.9), ('tree', 0.3)]
        """
        found = self._of_classes(predictions)
        if found.ndim == 2:
            return [self.top(row, count) for row in found]
        if count < 1:
            raise ArrayError(f"count: is {count}; expected 1 or more")
        best = np.argsort(-found, kind="stable")[:count]
        return [Label(self.names[index], float(found[index]), int(index)) for index in best]

    def decide(self, predictions: ArrayLike) -> np.ndarray:
        """Which classes reach their calibrated thresholds.

        Args:
            predictions: floats [..., C].

        Returns:
            bool of the same shape.

        Raises:
            ConfigError: if the graph has no thresholds.
            ArrayError: for another number of classes, and for NaN.
        """
        thresholds = self._labeller.thresholds
        if thresholds is None:
            raise ConfigError(
                f"{self.path}: has no thresholds; compare with a number of your own, such as "
                "predictions >= 0.5, or archive the graph with calibrated ones"
            )
        return self._of_classes(predictions).astype(np.float32) >= thresholds

    def label(
        self,
        video: str | Path,
        every: int | None = None,
        window: int | None = None,
        seconds: int | None = None,
    ) -> Labelled:
        """The predictions of a video file, also over time, by the very steps of training.

        Args:
            video: a file that FFmpeg decodes, such as .mp4.
            every: also predicts a window that begins every so many seconds.
            window: length of a window in seconds; by default `every`.
            seconds: reads at most so many; by default as many as in training, with `every` 3,600.

        Returns:
            `predictions`: float32 [C], of the first seconds. `seconds`: how many were read.
                `parts`: W pairs, first second of a window and the one after its last. `over_time`:
                float32 [W, C], or None. `absent`: features that the video lacks.

        Raises:
            RecordError: for a file that cannot be decoded, and if the graph was not made from
                videos.
            ConfigError: if its extractor is missing here, with what to install; for windows of less
                than a second, or longer than the videos in training.

        Examples:
            >>> import yt8m
            >>> classifier = yt8m.load("final.tar.gz")
            >>> found = classifier.label("clip.mp4", every=2)
            >>> found.predictions.shape, found.over_time.shape == (len(found.parts), 6)
            ((6,), True)
        """
        if self._no_videos:
            raise ConfigError(self._no_videos)
        if window and not every:
            raise ConfigError("window: needs every, the seconds between the beginnings of windows")
        windows = Windows(every, window or every) if every is not None else None
        return label_video(self._labeller, Path(video).expanduser(), windows, seconds=seconds)

    def _of_classes(self, predictions: ArrayLike) -> np.ndarray:
        found = np.asarray(predictions, float)
        if found.ndim not in (1, 2) or found.shape[-1] != self.schema.classes:
            raise ArrayError(
                f"predictions have shape {list(found.shape)}; expected [{self.schema.classes}], or "
                f"[videos, {self.schema.classes}]"
            )
        if np.isnan(found).any():
            raise ArrayError("predictions contain NaN")
        return found


def _ready(video: ArrayVideo, kinds: ArrayKinds) -> ArrayVideo:
    """With frames as the graph takes them, at most as many as in training."""
    with array_errors():
        frames = record_frames(video, kinds, kinds.schema.max_frames)
        return replace(video, frames=graph_frames(frames, video, kinds))
