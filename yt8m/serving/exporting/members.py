"""The members of an ensemble, read from its graph, which stores them encoded."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from yt8m.artefacts import GRAPH, read_ensemble
from yt8m.compression.storage import Encoded, storage_module
from yt8m.serving.member import Member
from yt8m.serving.plain_names import plain_name

KEYS = {
    "at_load": "stored/{member}/.ATTRIBUTES/{variable}_{part}",
    "per_call": "stored/{member}/_arrays/{variable}/{part}/.ATTRIBUTES/VARIABLE_VALUE",
}
"""Names of arrays in the graph's checkpoint, by `decode`: see `yt8m.serving.graph_weights`."""


def members_in(folder: Path) -> tuple[list[Member], list[float]]:
    """The members of the ensemble in `folder`, and their weights. Raises ArtefactError."""
    with plain_name(folder) as plain:
        return _members(plain, read_ensemble(folder))


def _members(folder: Path, described: dict) -> tuple[list[Member], list[float]]:
    reader = tf.train.load_checkpoint(str(folder / GRAPH / "variables" / "variables"))
    key = KEYS[described.get("decode", "per_call")]
    members = []
    for number, one in enumerate(described["members"]):
        stored = {}
        # Sorted by name, as in a weights file.
        rows = sorted(one["variables"], key=lambda row: row["variable"])
        for place, row in enumerate(rows):

            def array(part: str, number=number, place=place) -> np.ndarray:
                return reader.get_tensor(key.format(member=number, variable=place, part=part))

            stored[row["variable"]] = _value(row, array)
        identity = {"name": one["name"], "recipe": one["recipe"], "schema": described["schema"]}
        members.append(Member(stored, identity, one["digest"]))
    return members, [one["weight"] for one in described["members"]]


def _value(row: dict, array) -> np.ndarray | Encoded:
    if row["storage"] == "float32":
        return array("values")
    parts = {part: array(part) for part in storage_module(row["storage"]).PARTS}
    return Encoded(row["storage"], tuple(row["shape"]), parts)
