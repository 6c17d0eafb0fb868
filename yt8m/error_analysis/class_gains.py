"""What each stage on the way to an ensemble changes for each class, as a Parquet file.

A row per stage and class: graph, stage, class, name, positives, average_precision; and what it is
compared with: before_graph, before_stage, gain, which are null for a first stage. The schema's
metadata has the `split`, and the digests of `graph` (of the ensemble) and of `records`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from yt8m.metrics.origin import Origin
from yt8m.metrics.tables import write_table

ENSEMBLE = "ensemble"
"""The stage of an ensemble."""


@dataclass(frozen=True)
class ClassStage:
    """Average precision of each class, float64 [C], of a graph at a stage.

    before: what it was made from, or, for an ensemble, its best member.
    """

    graph: str
    stage: str
    average_precision: np.ndarray
    before: "ClassStage | None" = None

    @property
    def is_ensemble(self) -> bool:
        """Whether it is not a stage of a model."""
        return self.stage == ENSEMBLE

    @property
    def gain(self) -> np.ndarray | None:
        """Difference of average precision to the stage before: float64 [C]."""
        return self.before and self.average_precision - self.before.average_precision


@dataclass(frozen=True)
class ClassGains:
    """Stages in the order in which they are made, the ensemble last. names: of the C classes.
    positives: videos of the split with each, int64 [C].
    """

    origin: Origin
    names: Sequence[str]
    positives: np.ndarray
    stages: Sequence[ClassStage]

    def write(self, path: Path) -> None:
        """Write the file atomically; equal content gives equal bytes."""
        table = pa.concat_tables([self._rows(stage) for stage in self.stages])
        write_table(path, table, self.origin)

    def _rows(self, stage: ClassStage) -> pa.Table:
        classes, before = len(self.names), stage.before
        same = {"graph": stage.graph, "stage": stage.stage}
        same |= {"before_graph": before and before.graph, "before_stage": before and before.stage}
        texts = {word: pa.array([text] * classes, pa.string()) for word, text in same.items()}
        gain = pa.nulls(classes, pa.float64()) if before is None else pa.array(stage.gain)
        return pa.table(
            {
                "graph": texts["graph"],
                "stage": texts["stage"],
                "class": pa.array(np.arange(classes), pa.int32()),
                "name": pa.array(self.names, pa.string()),
                "positives": pa.array(self.positives, pa.int64()),
                "average_precision": pa.array(stage.average_precision, pa.float64()),
                "before_graph": texts["before_graph"],
                "before_stage": texts["before_stage"],
                "gain": gain,
            }
        )
