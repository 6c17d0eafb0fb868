"""A model's entry: its words, which of them each stage of its weights depends on, `config.json`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from yt8m.config.steps import Quantisation
from yt8m.config.training import Averaging, Training
from yt8m.data.schema import Schema
from yt8m.json_files import MAPPING, read_json
from yt8m.recipes import as_entry, one_of, read_settings
from yt8m.strict import Share, settings

IDENTITY = ("name", "recipe", "schema")
"""Words that say what a weights file belongs to."""

_TRAINED = (*IDENTITY, "training", "teacher", "teacher_weight")
STAGE_WORDS = {
    "trained": _TRAINED,
    "ema": (*_TRAINED, "ema"),
    "quantised": (*_TRAINED, "ema", "quantise"),
}
"""Stages of a model's weights, and the words that each depends on."""


def _as_schema(value: Any) -> Schema:
    """Raises ValueError for anything but a schema or its JSON."""
    return value if isinstance(value, Schema) else Schema.from_json(value)


@settings
class ModelConfig:
    """One entry of `models`: a recipe and everything that is done with it.

    In a config the words of the recipe stand beside the others, and name and schema elsewhere.
    """

    recipe: Any = one_of("yt8m.models", description="`kind` and the settings of that kind")
    training: Training = Field(description="over the defaults at the top of the config")
    ema: Averaging = Field(default_factory=Averaging, description="likewise")
    quantise: Quantisation = Field(default_factory=Quantisation, description="likewise")
    teacher: str | None = Field(
        None, description="the ensemble whose predictions this student learns from"
    )
    teacher_weight: Share = Field(
        0.5, description="share of the loss that is measured against the teacher"
    )
    name: str = Field(description="its word in `models`")
    schema: Annotated[Schema, PlainValidator(_as_schema)] = Field(
        description="what the records hold"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """A student's loss can be mixed with its teacher's."""
        loss = self.training.loss
        if self.teacher and loss != "cross_entropy":
            text = f"is {loss}; a student's loss is a mix with the teacher's cross_entropy"
            yield "training.loss", text

    def entry(self, stage: str = "quantised") -> dict[str, Any]:
        """What weights of a stage depend on, as JSON, all defaults filled in; by default all."""
        values = as_entry(self) | {"schema": self.schema.as_json()}
        return {word: values[word] for word in STAGE_WORDS[stage]}

    @property
    def identity(self) -> dict[str, Any]:
        """What a weights file says about the model that it belongs to."""
        entry = self.entry("trained")
        return {word: entry[word] for word in IDENTITY}

    def set_words(self) -> dict[str, Any]:
        """What was set for it, for people to read; of the teacher where there is one."""
        left_out = IDENTITY[::2] if self.teacher else (*IDENTITY[::2], "teacher", "teacher_weight")
        return {word: value for word, value in self.entry().items() if word not in left_out}


def read_model_config(path: Path) -> ModelConfig:
    """Read a model's `config.json`, whole or of one stage: other words have their defaults.

    Raises ArtefactError or ConfigError.
    """
    return as_model_config(read_json(path, MAPPING), path)


def as_model_config(entry: Mapping[str, Any], path: Path) -> ModelConfig:
    """The content of a `config.json`, checked; errors name `path`."""
    return read_settings(ModelConfig, entry, f"{path}")
