"""A model's stored weights and the model that they belong to."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.artefacts import schema_in
from yt8m.compression.storage import Encoded
from yt8m.data.schema import Schema
from yt8m.origins import check_place, origin_of, weights_file
from yt8m.recipes import read_recipe
from yt8m.weights import load_weights, read_header


@dataclass(frozen=True)
class Member:
    """A model's weights as stored (encoded variables stay encoded), and its identity.

    stored: variable path -> float32 array or `Encoded`. identity: name, recipe and schema.
    digest: of the weights' content only. header: of their file.
    """

    stored: dict[str, np.ndarray | Encoded]
    identity: dict[str, Any]
    digest: str
    header: dict[str, Any] = field(default_factory=dict)

    @property
    def digests(self) -> tuple[str | None, ...]:
        """Its digest, and that of the weights that it was made from."""
        return self.digest, origin_of(self.header).source

    @property
    def name(self) -> str:
        """The model's name."""
        return self.identity["name"]

    @property
    def schema(self) -> Schema:
        """The schema of the records that it reads."""
        return Schema.from_json(self.identity["schema"])

    def recipe(self) -> Any:
        """Its recipe. Raises ConfigError if this version does not have it."""
        return read_recipe("yt8m.models", self.identity["recipe"], self.name)

    def model(self):
        """Its `keras.Model`, with fresh weights."""
        from yt8m.models.assemble import build_model

        return build_model(self.recipe(), self.schema)


def load_member(stage: Path) -> Member:
    """Read a model's stage folder (or a weights file).

    Raises ArtefactError, also for weights in a folder where they do not belong.
    """
    path = weights_file(stage)
    stored, header = load_weights(path, kind="weights")
    schema_in(header["model"], path)
    check_place(path, header)
    return Member(stored, header["model"], read_header(path)[1], header)
