"""All metrics over a stream of batches, in memory that does not grow with the number of videos."""

from array import array
from collections.abc import Mapping
from functools import reduce
from operator import add

import numpy as np

from yt8m.errors import ArtefactError, ConfigError, RecordError
from yt8m.metrics.entries import Entries
from yt8m.metrics.perr import hits_at_equal_recall
from yt8m.metrics.ranking import top_k as best_of
from yt8m.metrics.result import ClassTable, Result
from yt8m.metrics.video_scores import VideoScores


class Metrics:
    """Accumulates predictions batch by batch, and computes the metrics of all of them.

    The result depends neither on the size nor on the order of the batches.

    classes: number of classes C. top_k: entries per video that count for GAP and MAP; all of them
    if there are fewer classes. Raises ConfigError for a top_k below 1.
    """

    def __init__(self, classes: int, top_k: int = 20):
        if top_k < 1:
            raise ConfigError(f"top_k: is {top_k}; expected 1 or more")
        self.classes = classes
        self.top_k = top_k
        self._videos = 0
        self._labelled = 0
        self._best_hits = 0
        self._positives = np.zeros(classes, np.int64)
        # PERR's precisions are fractions h / n: summed as integers for each n, they are exact.
        self._equal_recall_hits = np.zeros(classes + 1, np.int64)
        self._loss_sums = array("d")  # of each batch, in order: the order of a sum shapes its bits
        self._loss_videos = 0
        self._entries = Entries()

    def add(
        self,
        predictions: np.ndarray,
        labels: np.ndarray,
        losses: np.ndarray | float | None = None,
    ) -> VideoScores:
        """Add a batch of B videos; returns what each of them contributes, for those who keep it.

        predictions: probabilities, float32 [B, C]. labels: bool [B, C]; a row without labels
        counts as a miss. losses: float [B], or the batch's mean.

        Raises ArtefactError for an array of the wrong shape or dtype, or with values that are not
        finite.
        """
        self._check(predictions, labels, losses)
        # Labels are sparse: finding the true ones takes less time than summing all.
        videos_of, classes_of = np.divmod(np.flatnonzero(labels), self.classes)
        counts = np.bincount(videos_of, minlength=len(labels))
        classes, probabilities = best_of(predictions, max(self.top_k, int(counts.max(initial=0))))
        hits = np.take_along_axis(labels, classes, axis=1)

        self._best_hits += int(hits[:, :1].sum())
        equal_recall_hits = hits_at_equal_recall(probabilities, hits, counts)
        np.add.at(self._equal_recall_hits, counts, equal_recall_hits)
        self._positives += np.bincount(classes_of, minlength=self.classes)
        best = slice(self.top_k)
        scores = VideoScores(counts, probabilities[:, best], hits[:, best], equal_recall_hits)
        self._entries.append(classes[:, best], scores.scores, scores.hits)
        if losses is not None:
            total = np.sum(np.broadcast_to(losses, len(labels)), dtype=np.float64)
            self._loss_sums.append(float(total))
            self._loss_videos += len(labels)
        self._videos += len(labels)
        self._labelled += int(np.count_nonzero(counts))
        return scores

    def result(self) -> Result:
        """The metrics of the videos so far; more may be added afterwards.

        Raises RecordError if no video has a label.
        """
        positives = int(self._positives.sum())
        if positives == 0:
            raise RecordError(
                f"none of the {self._videos} evaluated videos has a label, so there is nothing to "
                "compare with; evaluate a split with labels, or only predict on this one"
            )
        table = self._class_table()
        present = int(np.count_nonzero(self._positives))
        label_counts = np.maximum(np.arange(self.classes + 1), 1)
        return Result(
            gap=self._entries.precision_sum() / positives,
            map=float(table.average_precision.mean()),
            map_present=float(table.average_precision.sum() / present),
            perr=float((self._equal_recall_hits / label_counts).sum() / self._videos),
            hit_at_one=self._best_hits / self._videos,
            loss=reduce(add, self._loss_sums) / self._loss_videos if self._loss_videos else None,
            videos=self._videos,
            videos_without_labels=self._videos - self._labelled,
            positives=positives,
            classes_with_positives=present,
            top_k=min(self.top_k, self.classes),
            classes=table,
        )

    def state(self) -> dict[str, np.ndarray]:
        """All that the result depends on, of the videos so far, by name."""
        numbers = [self._videos, self._labelled, self._best_hits, self._loss_videos]
        return {
            "numbers": np.array(numbers, np.int64),
            "positives": self._positives,
            "equal_recall_hits": self._equal_recall_hits,
            "loss_sums": np.array(self._loss_sums, np.float64),
            "entries": self._entries.keys(),
        }

    def add_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Add the videos of another one, with the same classes and `top_k`, from its `state`.

        The result is the same, to the bit, as if the same batches had been added here.
        """
        videos, labelled, best_hits, loss_videos = state["numbers"].tolist()
        self._videos += videos
        self._labelled += labelled
        self._best_hits += best_hits
        self._loss_videos += loss_videos
        self._positives += state["positives"]
        self._equal_recall_hits += state["equal_recall_hits"]
        self._loss_sums.extend(state["loss_sums"].tolist())
        self._entries.extend(state["entries"])

    def _class_table(self) -> ClassTable:
        sums, retrieved = self._entries.precision_sums_by_class(self.classes)
        precision = sums / np.maximum(self._positives, 1)
        return ClassTable(self._positives.copy(), precision, retrieved)

    def _check(self, predictions: np.ndarray, labels: np.ndarray, losses) -> None:
        if predictions.ndim != 2 or predictions.shape[1] != self.classes:
            raise ArtefactError(
                f"predictions have shape {predictions.shape}; expected [videos, {self.classes}]"
            )
        if predictions.dtype != np.float32:
            raise ArtefactError(f"predictions are {predictions.dtype}; expected float32")
        if labels.shape != predictions.shape or labels.dtype != bool:
            raise ArtefactError(
                f"labels are {labels.dtype} {labels.shape}; expected bool {predictions.shape}"
            )
        self._refuse_not_finite(predictions, "prediction")
        if losses is not None:
            losses = np.asarray(losses)
            if losses.shape not in ((), (len(labels),)):
                raise ArtefactError(f"losses have shape {losses.shape}; expected ({len(labels)},)")
            self._refuse_not_finite(losses, "loss")

    def _refuse_not_finite(self, values: np.ndarray, what: str) -> None:
        # A finite sum proves that all values are finite, and is faster than checking each of them.
        with np.errstate(over="ignore", invalid="ignore"):
            total = values.sum()
        if np.isfinite(total) or np.isfinite(values).all():
            return
        at = tuple(np.argwhere(~np.isfinite(values))[0])
        video = self._videos + (at[0] if at else 0)
        of_class = f", class {at[1]}" if len(at) == 2 else ""
        raise ArtefactError(
            f"video {video} (counted from 0){of_class}: its {what} is {values[at]}; "
            "the graph's weights or the video's features are damaged"
        )
