"""A whole experiment: its config, with defaults filled in and checked before anything runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pydantic import Field

from yt8m.config.best import with_variants
from yt8m.config.card import Card
from yt8m.config.dataset import Dataset
from yt8m.config.ensembles import Ensemble
from yt8m.config.expansion import expanded
from yt8m.config.frontier import Frontier
from yt8m.config.merging import without_marks
from yt8m.config.model import COMMON, ModelConfig, attempt_model, common_mistakes
from yt8m.config.reached import reached
from yt8m.config.references import reference_mistakes
from yt8m.config.resources import Resources
from yt8m.config.steps import Distillation, Inference, Run
from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.mistakes import Mistake, refuse, suggestion
from yt8m.partial import valid_or
from yt8m.paths import ResultsPath
from yt8m.recipes import as_entry, expect_mapping
from yt8m.strict import attempt, fields_of, settings

UNNAMED = "variant"
"""The name of a variant until its settings, which give it its name, are read."""


@settings
class Top:
    """The top-level settings, besides `models` and the defaults of all models."""

    dataset: Dataset = Field(description="the records")
    ensembles: Mapping[str, Ensemble] = Field(
        description="name -> members with weights, or a folder"
    )
    distillation: Distillation = Field(
        default_factory=Distillation, description="how teachers' soft labels are stored"
    )
    inference: Inference = Field(
        default_factory=Inference, description="how graphs are evaluated and predict"
    )
    run: Run = Field(default_factory=Run, description="what to make")
    frontier: Frontier = Field(
        default_factory=Frontier, description="models to compare at all sizes"
    )
    resources: Resources = Field(default_factory=Resources, description="resources of the jobs")
    results: ResultsPath = Field("results", description="folder for all results")
    title: str = Field("Size-constrained video classification", description="title of the report")
    card: Card = Field(default_factory=Card, description="what the model card of an archive says")


@dataclass(frozen=True)
class Experiment:
    """Everything that a run makes, by name: the settings of `Top`, and the entries of `models`.

    variants: name of an entry of `models` -> the models that `variants` or its `seeds` made from
        it, which are also in `models`; the entry itself comes first if its settings are among them.
    """

    dataset: Dataset
    ensembles: Mapping[str, Ensemble]
    distillation: Distillation
    inference: Inference
    run: Run
    resources: Resources
    results: str
    title: str
    card: Card
    models: Mapping[str, ModelConfig]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    frontier: Frontier = field(default_factory=Frontier)

    def teachers(self) -> list[str]:
        """Ensembles whose soft labels students of this run learn from."""
        return sorted({m.teacher for m in self.made_models().values() if m.teacher})

    def made_ensembles(self) -> dict[str, Ensemble]:
        """The final ensemble and all teachers that it depends on."""
        made = self._reached()[1]
        return {name: e for name, e in self.ensembles.items() if name in made}

    def made_models(self) -> dict[str, ModelConfig]:
        """The models that this run needs: those the final ensemble depends on, those of
        `run.models` and `frontier.models`, and all variants.
        """
        made = self._reached()[0]
        return {name: m for name, m in self.models.items() if name in made}

    def frontier_models(self) -> list[str]:
        """The models that are stored in several ways, each once."""
        return [*with_variants(self.frontier.models, self.variants)]

    def _reached(self) -> tuple[set[str], set[str]]:
        return reached(self.run, self.models, self.ensembles, self.variants, self.frontier.models)


def read_experiment(config: Mapping[str, Any]) -> Experiment:
    """The experiment that a config describes.

    Top-level `training`, `ema` and `quantise` are defaults for every model, which a model's own
    settings override. `variants` and `seeds` are expanded into plain models.
    Raises ConfigError naming all settings that are unknown or invalid, and all undefined names.
    """
    config = dict(without_marks(expect_mapping(config, "config")))
    common = {word: config.pop(word, {}) for word in COMMON}
    entries, variants = config.pop("models", {}), config.pop("variants", ())
    top, mistakes = attempt(Top, {w: v for w, v in config.items() if w in fields_of(Top)})
    mistakes = _unknown(config) + mistakes + common_mistakes(common)
    schema = valid_or(Schema(), lambda: top.dataset.schema)
    models, wrong = _read_models(entries, common, schema)
    mistakes += wrong
    if models is None:
        refuse(mistakes)
    read = partial(attempt_model, UNNAMED, common=common, schema=schema)
    made = expanded(variants, entries, models, read)
    mistakes += made.mistakes
    families = {name: made.families[name] for name in models if name in made.families}
    mistakes += made.located(reference_mistakes(top, made.models, families))
    if mistakes:
        refuse(mistakes)
    settings = {word: getattr(top, word) for word in fields_of(Top)}
    settings["ensembles"] = {n: _among(e, families) for n, e in top.ensembles.items()}
    return Experiment(models=made.models, variants=families, **settings)


def _among(ensemble: Ensemble, variants: Mapping[str, Sequence[str]]) -> Ensemble:
    """The ensemble with all its candidates by name, if its members are chosen."""
    if ensemble.best is None:
        return ensemble
    best = replace(ensemble.best, of=with_variants(ensemble.best.of, variants))
    return replace(ensemble, best=best)


def _unknown(config: Mapping[str, Any]) -> list[Mistake]:
    known = ["models", "variants", *COMMON, *fields_of(Top)]
    unknown = (word for word in config if word not in known)
    return [Mistake((w,), f"unknown setting{suggestion(w, known)}") for w in unknown]


def _read_models(
    entries: Any, common: Mapping[str, Any], schema: Schema
) -> tuple[dict[str, ModelConfig] | None, list[Mistake]]:
    try:
        entries = expect_mapping(entries, "models")
    except ConfigError as error:
        return None, [Mistake((), str(error))]
    models, mistakes = {}, []
    for name, entry in entries.items():
        models[name], wrong = attempt_model(name, entry, common, schema)
        mistakes += [mistake.below("models", name) for mistake in wrong]
    return models, mistakes


def whole_entry(experiment: Experiment) -> dict[str, Any]:
    """All settings that results depend on, with all defaults; shards as patterns.

    Features are pairs, since their order matters and keys may be sorted.
    """
    entry = as_entry(experiment)
    unused = {"variants": not experiment.variants, "frontier": not experiment.frontier.models}
    for word in ("resources", "title", "card", *(word for word, is_so in unused.items() if is_so)):
        del entry[word]
    entry["dataset"]["features"] = [list(pair) for pair in experiment.dataset.features.items()]
    source = entry["dataset"]["source"]
    if "files" in source:
        source["files"] = {split: _shortened(names) for split, names in source["files"].items()}
    for model in entry["models"].values():
        del model["name"], model["schema"], model["seeds"]
    return entry


def _shortened(shards: Sequence[str]) -> list[str]:
    """Shorten long lists of shards: a command line is limited, and the manifest lists them all."""
    left = len(shards) - 20
    return [*shards[:10], f"and {left} more", *shards[-10:]] if left > 0 else list(shards)
