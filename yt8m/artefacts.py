"""Names of the files in a model's or an ensemble's folder, and how a model's config is read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.config.settings import Averaging, Quantisation, Training
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.recipes import read_recipe, read_settings

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
FINGERPRINT = "fingerprint.json"
PLAN = "plan.json"
SIZE = "size.json"
MEMBER_WEIGHTS = "weights.json"
RUN = "run.json"
DIGESTS = "SHA256SUMS"
ENSEMBLE_FORMAT = 3


@dataclass(frozen=True)
class ModelConfig:
    """A model's `config.json`: everything that a step needs to know about it.

    Words that the step does not depend on may be missing there; they have their defaults here.
    """

    name: str
    recipe: Any
    schema: Schema
    training: Training
    ema: Averaging
    quantise: Quantisation
    teacher: str | None
    teacher_weight: float
    entry: dict[str, Any]

    @property
    def identity(self) -> dict[str, Any]:
        """What a weights file says about the model that it belongs to."""
        return {word: self.entry[word] for word in ("name", "recipe", "schema")}


def write_json(path: Path, value: Any) -> None:
    """Sorted keys, so that equal content is equal bytes."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")


def read_json(path: Path) -> Any:
    """The content of a JSON artefact. Raises ArtefactError when missing or damaged."""
    try:
        return json.loads(Path(path).read_text())
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; make it first") from None
    except ValueError as error:
        raise ArtefactError(f"{path}: is damaged ({error}); delete it and make it again") from None


def read_model_config(path: Path) -> ModelConfig:
    """Read a model's `config.json`. Raises ArtefactError or ConfigError."""
    return as_model_config(read_json(path), path)


def read_ensemble(folder: Path) -> dict[str, Any]:
    """An ensemble's `ensemble.json`: name, schema, digest of the code that was exported, when codes
    are decoded (`per_call` where it does not say), and the members with weight and variables.

    Raises ArtefactError when it is missing, damaged or of another format.
    """
    path = Path(folder) / ENSEMBLE
    described = read_json(path)
    found = described.get("format") if isinstance(described, dict) else None
    if found != ENSEMBLE_FORMAT:
        raise ArtefactError(
            f"{path}: is of format {found}; this version reads {ENSEMBLE_FORMAT}; export it again"
        )
    return described


def read_member_weights(path: Path) -> dict[str, float]:
    """Model -> weight, of what `yt8m weigh` wrote. Raises ArtefactError for anything else."""
    found = read_json(path)
    weights = found.get("weights") if isinstance(found, dict) else None
    if not isinstance(weights, dict) or not all(isinstance(w, float) for w in weights.values()):
        raise ArtefactError(f"{path}: holds no weights of members; make it with `yt8m weigh`")
    return weights


def as_model_config(entry: Any, path: Path) -> ModelConfig:
    """The content of a `config.json`, checked; errors name `path`."""
    try:
        return ModelConfig(
            name=entry["name"],
            recipe=read_recipe("yt8m.models", entry["recipe"], f"{path}: recipe"),
            schema=Schema.from_json(entry["schema"]),
            training=read_settings(Training, entry["training"], f"{path}: training"),
            ema=read_settings(Averaging, entry.get("ema", {}), f"{path}: ema"),
            quantise=read_settings(Quantisation, entry.get("quantise", {}), f"{path}: quantise"),
            teacher=entry["teacher"],
            teacher_weight=entry["teacher_weight"],
            entry=entry,
        )
    except (KeyError, TypeError) as error:
        raise ArtefactError(
            f"{path}: is no model's config ({error}); make it again with `yt8m configure`"
        ) from None
