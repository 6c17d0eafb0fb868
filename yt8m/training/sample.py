"""GAP and loss of a model on a fixed sample of videos of a labelled split."""

from collections.abc import Callable

import numpy as np

from yt8m.data.manifest import Manifest
from yt8m.data.order import batches
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.cross_entropy import losses

SEED = 0
"""One for all models, so that their measurements are of the same videos."""

Predict = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(frames [B, T, F], num_frames int32 [B]) -> probabilities, float32 [B, C]."""


def sampled(total: int, videos: int) -> np.ndarray:
    """Ascending indices of `videos` of `total` records, or of all if there are fewer: int64 [n].

    They are spread evenly over all shards, and depend on these two numbers only.
    """
    if videos >= total:
        return np.arange(total)
    chosen = np.random.default_rng(SEED).choice(total, videos, replace=False, shuffle=False)
    return np.sort(chosen)


class Sample:
    """A sample of a split. Its records are read anew by each measurement, in `batch_size`.

    Raises ArtefactError if none of its videos has a label.
    """

    def __init__(self, manifest: Manifest, videos: int, batch_size: int):
        self.manifest = manifest
        self._records, self._batch_size = Records(manifest), batch_size
        self._order = sampled(len(self._records), videos)
        if not any(batch.labels.any() for batch in self._batches()):
            raise ArtefactError(
                f"split {manifest.split}: none of the {len(self._order)} videos to validate on has "
                "a label; name a labelled split as training.validate.split"
            )

    def measure(self, predict: Predict) -> dict[str, float]:
        """The columns `VALIDATION` of a training history: as of an evaluation, with all frames."""
        metrics = Metrics(self.manifest.schema.classes)
        for batch in self._batches():
            predictions = predict(batch.frames, batch.num_frames)
            metrics.add(predictions, batch.labels, losses(predictions, batch.labels))
        found = metrics.result()
        return {"validation_loss": found.loss, "validation_gap": found.gap}

    def _batches(self):
        return batches(self._records, self._batch_size, self._order)
