"""What is compared: graphs with their settings, metrics, bytes and training time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENSEMBLE = "ensemble"
"""Stands for the stage of an ensemble, which has none."""

CHOICES = ("trained", "ema", "quantised", "last", "best")
"""The stages to compare models at: the same for all, or each at its last or best one."""

Metrics = Mapping[str, float | int | None]
"""The content of a metrics file, by name."""


@dataclass(frozen=True)
class Graph:
    """One graph of one run: a model at a stage, or an ensemble.

    run: its label. stage: one of `STAGES`, or `ENSEMBLE`. settings: dotted path -> value (JSON) of
    all that it was made from. digest, records: of the evaluated graph and of the records. videos:
    the file of what each video contributes. size_bytes, seconds: of its weights and of its
    training; None where unknown. also: runs in which a graph with the same settings was made.
    """

    run: str
    name: str
    stage: str
    settings: Mapping[str, Any]
    metrics: Metrics
    digest: str | None
    records: str
    videos: Path
    size_bytes: int | None = None
    seconds: float | None = None
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its name with that of its run; unique among the graphs of a comparison."""
        return f"{self.run}/{self.name}"

    @property
    def gap(self) -> float:
        """Global average precision."""
        return self.metrics["gap"]


@dataclass(frozen=True)
class LeftOut:
    """A graph, or a whole run, that is not compared, and why."""

    label: str
    reason: str
