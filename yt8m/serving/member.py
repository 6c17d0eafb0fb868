"""A model's stored weights and what they belong to."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.artefacts import WEIGHTS, schema_in
from yt8m.compression.storage import Encoded
from yt8m.data.schema import Schema
from yt8m.weights import load_weights


@dataclass(frozen=True)
class Member:
    """A model's weights as they are stored (codes stay codes) and what they belong to.

    stored: variable path -> float32 array or `Encoded`. identity: name, recipe and schema.
    digest: of the weights file's content.
    """

    stored: dict[str, np.ndarray | Encoded]
    identity: dict[str, Any]
    digest: str

    @property
    def name(self) -> str:
        """The model's name."""
        return self.identity["name"]

    @property
    def schema(self) -> Schema:
        """What the records that it reads hold."""
        return Schema.from_json(self.identity["schema"])


def load_member(stage: Path) -> Member:
    """Read a model's stage folder (or a weights file). Raises ArtefactError."""
    path = stage / WEIGHTS if stage.is_dir() else stage
    stored, header = load_weights(path, kind="weights")
    schema_in(header["model"], path)
    return Member(stored, header["model"], hashlib.sha256(path.read_bytes()).hexdigest())
