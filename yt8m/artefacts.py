"""Names of the files in a model's or an ensemble's folder, and readers of an ensemble's files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.json_files import (
    AMOUNT,
    DIGEST,
    MAPPING,
    NUMBER,
    TEXT,
    Fits,
    Maybe,
    expect,
    one_of,
    read_json,
)
from yt8m.member_weights import sum_problem
from yt8m.printable import shortened

CONFIG = "config.json"
WEIGHTS = "weights.safetensors"
HISTORY = "history.csv"
SIZES = "sizes.json"
GRAPH = "graph"
GRAPH_FILES = (
    "graph/saved_model.pb",
    "graph/variables/variables.data-00000-of-00001",
    "graph/variables/variables.index",
)
ENSEMBLE = "ensemble.json"
LABELS = "labels.csv"
PREPROCESSING = "preprocessing"
PROJECTIONS = f"{PREPROCESSING}/projections.safetensors"
EXTRACTION = f"{PREPROCESSING}/extraction.json"
BESIDE = (LABELS, PROJECTIONS, EXTRACTION)
"""Files beside the graph of an ensemble whose dataset comes from arrays or videos."""

FINGERPRINT = "fingerprint.json"
PLAN = "plan.json"
SIZE = "size.json"
MEMBER_WEIGHTS = "weights.json"
THRESHOLDS = "thresholds.csv"
CALIBRATION = "calibration.json"
RUN = "run.json"
DIGESTS = "SHA256SUMS"
ENSEMBLE_FORMAT = 4

_VARIABLE = {
    "variable": TEXT,
    "shape": [AMOUNT],
    "elements": AMOUNT,
    "stored_as": TEXT,
    "size_bytes": AMOUNT,
}
_NAME = Fits(
    lambda value: isinstance(value, str) and re.fullmatch(r"\w[\w .-]*", value) is not None,
    "a name: a letter, digit or _, then letters, digits, _, spaces, . and -",
)
"""Name of an ensemble or a member. Wider than in a config: imported ones keep theirs."""
_WEIGHT = Fits(lambda value: NUMBER.test(value) and value >= 0, "a finite number of 0 or more")
_ENSEMBLE = {
    "name": _NAME,
    "schema": MAPPING,
    "code": TEXT,
    "decode": Maybe(one_of("at_load", "per_call")),
    "beside": Maybe({file: Maybe(DIGEST) for file in BESIDE}),
    "preprocessing": Maybe({"projections": {str: DIGEST}, "extraction": Maybe(MAPPING)}),
    "raw_bytes": Maybe(AMOUNT),
    "members": [
        {
            "name": _NAME,
            "weight": _WEIGHT,
            "recipe": MAPPING,
            "digest": TEXT,
            "variables": [_VARIABLE],
        }
    ],
}


def distilled_shard(number: str, total: str) -> str:
    """Name of a shard of soft labels. number, total: five digits each, or a wildcard."""
    return f"shard-{number}-of-{total}.tfrecord"


def read_ensemble(folder: Path) -> dict[str, Any]:
    """An ensemble's `ensemble.json`: name, schema, digest of the exported code, when variables are
    decoded (by default `per_call`), the members with weights and variables, and the digests of the
    graph's files.

    If its dataset comes from arrays or videos, also `beside`, the digests of the files in `BESIDE`;
    `preprocessing`, the digests of the projections and what identifies the extraction; and
    `raw_bytes`, the bytes of the projections in the graph, unless it takes bytes only.

    Raises ArtefactError if it is missing, damaged or of another format, or its members' weights do
    not sum to 1.
    """
    path = Path(folder) / ENSEMBLE
    described = read_json(path, MAPPING)
    found = described.get("format")
    if found != ENSEMBLE_FORMAT:
        raise ArtefactError(
            f"{path}: has format {shortened(found)}; this version reads {ENSEMBLE_FORMAT}; "
            "export it again"
        )
    expect(described, _ENSEMBLE, path)
    if problem := sum_problem([member["weight"] for member in described["members"]]):
        raise ArtefactError(f"{path}: {problem}; export it again")
    schema_in(described, path)
    return described


def check_name(name: str) -> None:
    """Raises ArtefactError unless this is a valid name of an ensemble or a member."""
    expect(name, _NAME, "an ensemble", "name")


def schema_in(content: Mapping[str, Any], path: Path) -> Schema:
    """The schema in an artefact's content. Raises ArtefactError if it is invalid."""
    try:
        return Schema.from_json(content["schema"])
    except ValueError as error:
        raise ArtefactError(f"{path}: schema: {error}") from None


def read_fingerprint(path: Path) -> dict[str, Any]:
    """An ensemble's `fingerprint.json`: `digest`, `teacher` (a digest without code), and content.

    Raises ArtefactError for anything else.
    """
    return read_json(path, {"digest": TEXT, "teacher": TEXT})


@dataclass(frozen=True)
class MemberWeights:
    """Learned weights of an ensemble's members: model -> weight, and model -> digest."""

    weights: Mapping[str, float]
    digests: Mapping[str, str] = field(default_factory=dict)


def read_member_weights(path: Path) -> MemberWeights:
    """Weights written by `yt8m learn-weights`. Raises ArtefactError for anything else."""
    found = read_json(path, {"weights": {str: NUMBER}, "digests": {str: TEXT}})
    return MemberWeights(found["weights"], found["digests"])
