"""The evaluation of a model's stage as work that the process of another command may do."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.origins import weights_file
from yt8m.parent import VARIABLE
from yt8m.state import state_key
from yt8m.weights import read_header

METRICS = "metrics"
OUTPUTS = {"classes": "classes.parquet", "videos": "videos.parquet", METRICS: "metrics.json"}
"""Outputs of an evaluation, and the names of their files while they wait; the last one is written
last."""

Write = Callable[[Path, Mapping[str, Path]], None]
"""Evaluates the graph in a folder and writes files, by the names of `OUTPUTS`."""


@dataclass(frozen=True)
class Evaluation:
    """An evaluation of the stage of a model in the folder `graph`.

    settings: what its result depends on besides the weights and the code, JSON values.
    write: evaluates. files: where its own command puts outputs, by the names of `OUTPUTS`.
    """

    graph: Path
    settings: tuple[Any, ...]
    state: Path
    write: Write
    files: Mapping[str, Path] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Model and stage, such as `vlad/ema`."""
        return f"{self.graph.parent.name}/{self.graph.name}"

    @property
    def title(self) -> str:
        """What it is, for messages."""
        return f"evaluate {self.name}"

    def key(self) -> str:
        """Also of the run, since jobs of the same run have the same code."""
        header, weights = read_header(weights_file(self.graph))
        run = os.environ.get(VARIABLE, f"process {os.getpid()}")
        return state_key(header, weights, *self.settings, run)

    def make(self, folder: Path) -> None:
        """Evaluate. Raises ArtefactError if the graph is damaged or was made for other records."""
        self.write(self.graph, {name: folder / file for name, file in OUTPUTS.items()})

    def is_whole(self, folder: Path) -> bool:
        """Whether the metrics, which are written last, are there."""
        return (folder / OUTPUTS[METRICS]).is_file()

    def put_in_place(self, folder: Path) -> None:
        """Copy the outputs, the metrics last."""
        for name in (name for name in OUTPUTS if name in self.files):
            with replacing(self.files[name]) as temporary:
                shutil.copyfile(folder / OUTPUTS[name], temporary)


def digest_of_file(path: Path | None) -> str | None:
    """SHA-256 of a small file; None if there is none."""
    return None if path is None else hashlib.sha256(path.read_bytes()).hexdigest()
