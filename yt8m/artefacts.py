"""Names of the files in a model's or an ensemble's folder, and how a model's config is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.config.settings import Averaging, Quantisation, Training
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.recipes import as_entry, read_recipe, read_settings

CONFIG = "config.json"
WEIGHTS = "weights.safetensors"
HISTORY = "history.csv"
SIZES = "sizes.json"
GRAPH = "graph"
ENSEMBLE = "ensemble.json"
FINGERPRINT = "fingerprint.json"
PLAN = "plan.json"
SIZE = "size.json"
MEMBER_WEIGHTS = "weights.json"
RUN = "run.json"
DIGESTS = "SHA256SUMS"
ENSEMBLE_FORMAT = 4

IDENTITY = ("name", "recipe", "schema")
TRAINING_WORDS = (*IDENTITY, "training", "teacher", "teacher_weight")
STAGE_WORDS = {
    "trained": TRAINING_WORDS,
    "ema": (*TRAINING_WORDS, "ema"),
    "quantised": (*TRAINING_WORDS, "ema", "quantise"),
}
"""Stages of a model's weights, and the words of its `config.json` that each depends on."""


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

    def settings(self, stage: str) -> dict[str, Any]:
        """What weights of a stage depend on, of `STAGE_WORDS`, all defaults filled in."""
        values = {
            **{word: self.entry[word] for word in TRAINING_WORDS},
            **{"recipe": as_entry(self.recipe), "training": as_entry(self.training)},
            **{"ema": as_entry(self.ema), "quantise": as_entry(self.quantise)},
        }
        return {word: values[word] for word in STAGE_WORDS[stage]}

    @property
    def identity(self) -> dict[str, Any]:
        """What a weights file says about the model that it belongs to."""
        settings = self.settings("trained")
        return {word: settings[word] for word in IDENTITY}


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
    are decoded (`per_call` where it does not say), the members with weight and variables, and the
    digests of the graph's files.

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


def read_fingerprint(path: Path) -> dict[str, Any]:
    """An ensemble's `fingerprint.json`: `digest`, `teacher` (without the code), what they are of.

    Raises ArtefactError for anything else.
    """
    found = read_json(path)
    words = ("digest", "teacher")
    if not isinstance(found, dict) or not all(isinstance(found.get(w), str) for w in words):
        raise ArtefactError(f"{path}: is no fingerprint; make it with `yt8m fingerprint`")
    return found


@dataclass(frozen=True)
class MemberWeights:
    """Learnt weights of an ensemble's members: model -> weight, and digest of what it was then."""

    weights: Mapping[str, float]
    digests: Mapping[str, str] = field(default_factory=dict)


def read_member_weights(path: Path) -> MemberWeights:
    """What `yt8m weigh` wrote. Raises ArtefactError for anything else."""
    found = read_json(path)
    weights = found.get("weights") if isinstance(found, dict) else None
    digests = found.get("digests") if isinstance(found, dict) else None
    known = isinstance(weights, dict) and isinstance(digests, dict)
    if not known or not all(isinstance(w, float) for w in weights.values()):
        raise ArtefactError(f"{path}: holds no weights of members; make it with `yt8m weigh`")
    return MemberWeights(weights, digests)


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
