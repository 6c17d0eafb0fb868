"""A model's entry: its settings, which of them each stage depends on, and `config.json`."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from yt8m.config.merging import merged
from yt8m.config.steps import Quantisation
from yt8m.config.training import Averaging, Training
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError, ConfigError
from yt8m.json_files import MAPPING, read_json, write_json
from yt8m.mistakes import Mistake
from yt8m.protocols import ModelRecipe
from yt8m.recipes import as_entry, attempt_recipe, one_of, read_settings, recipe_modules
from yt8m.strict import Share, attempt, fields_of, settings

IDENTITY = ("name", "recipe", "schema")
"""Settings that identify the model of a weights file."""

_TRAINED = (*IDENTITY, "training", "teacher", "teacher_weight")
STAGE_WORDS = {
    "trained": _TRAINED,
    "ema": (*_TRAINED, "ema"),
    "quantised": (*_TRAINED, "ema", "quantise"),
}
"""Stages of a model's weights, and the settings that each depends on."""


COMMON = {"training": Training, "ema": Averaging, "quantise": Quantisation}
"""Settings that may also be at the top of a config, as defaults for all models."""


def _as_schema(value: Any) -> Schema:
    """A schema, or its JSON, as a schema. Raises ValueError for anything else."""
    return value if isinstance(value, Schema) else Schema.from_json(value)


@settings
class ModelConfig:
    """One entry of `models`: a recipe, and how it is trained, averaged and quantised.

    In a config, the recipe's settings are on the same level as the others; name and schema are
    elsewhere.
    """

    recipe: ModelRecipe = one_of("yt8m.models", description="`kind` and the settings of that kind")
    training: Training = Field(description="overrides the defaults at the top of the config")
    ema: Averaging = Field(
        default_factory=Averaging, description="overrides the defaults at the top of the config"
    )
    quantise: Quantisation = Field(
        default_factory=Quantisation, description="overrides the defaults at the top of the config"
    )
    teacher: str | None = Field(
        None, description="ensemble whose soft labels this student learns from"
    )
    teacher_weight: Share = Field(
        0.5, description="share of the loss against the teacher's soft labels"
    )
    seeds: int = Field(
        1,
        ge=1,
        le=1000,
        description="how often to train it: the others are models of their own, with "
        "`training.seed` + 1 and so on, named after it, such as `vlad_seed2`",
    )
    name: str = Field(description="its name in `models`")
    schema: Annotated[Schema, PlainValidator(_as_schema)] = Field(
        description="schema of the records"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """A student's loss must be one that can be mixed with the teacher's."""
        loss = self.training.loss
        if self.teacher and loss != "cross_entropy":
            text = (
                f"is {loss}; must be cross_entropy for a student, since it is mixed with the "
                "teacher's"
            )
            yield "training.loss", text

    def entry(self, stage: str = "quantised") -> dict[str, Any]:
        """The settings that a stage depends on, as JSON with all defaults."""
        values = as_entry(self) | {"schema": self.schema.as_json()}
        if self.training.validate is None:  # as in files from before the setting existed
            del values["training"]["validate"]
        return {word: values[word] for word in STAGE_WORDS[stage]}

    @property
    def identity(self) -> dict[str, Any]:
        """The part of the entry that identifies the model of a weights file."""
        entry = self.entry("trained")
        return {word: entry[word] for word in IDENTITY}

    @property
    def training_modules(self) -> list[str]:
        """Modules that train it, with its recipe; those that measure it only if it is validated."""
        measuring = ["yt8m.training.sample"] if self.training.validate else []
        return ["yt8m.training.run", *measuring, *recipe_modules(self.recipe)]

    def set_words(self) -> dict[str, Any]:
        """Its settings for people to read; those of the teacher only if there is one."""
        left_out = IDENTITY[::2] if self.teacher else (*IDENTITY[::2], "teacher", "teacher_weight")
        return {word: value for word, value in self.entry().items() if word not in left_out}


OWN_WORDS = [word for word in fields_of(ModelConfig) if word not in IDENTITY]
"""Settings on the same level as the recipe's in a config, where name and schema are elsewhere."""


def attempt_model(
    name: str, entry: Any, common: Mapping[str, Any], schema: Schema
) -> tuple[ModelConfig, list[Mistake]]:
    """A model's entry in a config, over the defaults in `common`, and all mistakes in it.

    Mistakes in those defaults are reported by `common_mistakes`.
    """
    if not isinstance(entry, Mapping):
        return attempt(ModelConfig, entry)
    own = {word: entry[word] for word in OWN_WORDS if word in entry}
    rest = {word: value for word, value in entry.items() if word not in own}
    recipe, mistakes = attempt_recipe("yt8m.models", rest, beside=OWN_WORDS)
    if recipe is not None and (clash := set(OWN_WORDS) & set(fields_of(type(recipe)))):
        text = f"its `Recipe` has a field `{min(clash)}`, which is a setting of every model"
        mistakes.append(Mistake(("kind",), text))
    words = {
        word: merged(default, own.get(word, {}), COMMON[word]) for word, default in common.items()
    }
    made = {"recipe": recipe, "name": name, "schema": schema}
    model, wrong = attempt(ModelConfig, {**own, **words, **made})
    known = {mistake.path for mistake in common_mistakes(common)} if wrong else set()
    mistakes += [m for m in wrong if m.path not in known or _holds(own, m.path)]
    if "teacher_weight" in own and own.get("teacher") is None:
        text = "needs a `teacher`, the name of an ensemble"
        mistakes.append(Mistake(("teacher_weight",), text))
    return model, [m for m in mistakes if recipe or m.path != ("recipe",)]


def common_mistakes(common: Mapping[str, Any]) -> list[Mistake]:
    """Mistakes in the settings of `COMMON` at the top of a config."""
    return [
        mistake.below(word)
        for word, cls in COMMON.items()
        for mistake in attempt(cls, common[word])[1]
    ]


def _holds(entry: Any, path: Sequence[str | int]) -> bool:
    """Whether nested mappings hold something at that path."""
    for word in path:
        if not isinstance(entry, Mapping) or word not in entry:
            return False
        entry = entry[word]
    return True


def read_model_config(path: Path) -> ModelConfig:
    """Read a model's `config.json`, whole or of one stage; other settings get their defaults.

    Raises ArtefactError when it is missing or damaged.
    """
    try:
        return as_model_config(read_json(path, MAPPING), path)
    except ConfigError as error:
        raise ArtefactError(str(error)) from None


def write_model_config(path: Path, entry: Mapping[str, Any]) -> None:
    """Write a model's `config.json`, whole or of one stage. Raises ConfigError like reading it."""
    as_model_config(entry, path)
    write_json(path, entry)


def as_model_config(entry: Mapping[str, Any], path: Path) -> ModelConfig:
    """The content of a `config.json`, checked; errors name `path`."""
    return read_settings(ModelConfig, entry, f"{path}: ")
