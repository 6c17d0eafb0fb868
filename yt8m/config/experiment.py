"""A whole experiment: the config, read, filled in and checked before anything runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

from yt8m.config.card import Card
from yt8m.config.dataset import Dataset
from yt8m.config.ensembles import Ensemble
from yt8m.config.references import check_references
from yt8m.config.settings import (
    Averaging,
    Distillation,
    Inference,
    Job,
    Quantisation,
    Run,
    Training,
    TrainingJob,
    require,
)
from yt8m.errors import ConfigError
from yt8m.paths import RESULTS
from yt8m.recipes import (
    as_entry,
    expect_mapping,
    read_recipe,
    read_settings,
    read_value,
    suggestion,
)


@dataclass(frozen=True)
class Model:
    """One entry of `models`: a recipe and everything that is done with it."""

    recipe: Any  # `kind` and the settings of that kind, which stand beside the words below
    training: Training  # over the defaults at the top of the config
    ema: Averaging  # likewise
    quantise: Quantisation  # likewise
    teacher: str | None = None  # the ensemble whose predictions this student learns from
    teacher_weight: float = 0.5  # share of the loss that is measured against the teacher

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        w = self.teacher_weight
        require(0 <= w <= 1, f"{where}.teacher_weight", f"is {w}; from 0 to 1")
        loss = self.training.loss
        problem = f"is {loss}; a student's loss is a mix with the teacher's cross_entropy"
        require(not self.teacher or loss == "cross_entropy", f"{where}.training.loss", problem)


@dataclass(frozen=True)
class Resources:
    """What the jobs of each step may use; sizes for one GPU of 16 GB or more."""

    records: Job = Job(threads=2, mem_mb=2000, runtime=240)  # reading and checking a split
    train: TrainingJob = TrainingJob(gpu=1, threads=8, mem_mb=24000, runtime=2880)  # and averaging
    quantise: Job = Job(threads=2, mem_mb=8000, runtime=60)  # storing weights as codes
    ensemble: Job = Job(threads=2, mem_mb=16000, runtime=60)  # building a graph
    distil: Job = Job(gpu=1, threads=8, mem_mb=16000, runtime=120)  # labels for students
    infer: Job = Job(gpu=1, threads=8, mem_mb=16000, runtime=480)  # evaluation and prediction
    light: Job = Job(threads=1, mem_mb=2000, runtime=30)  # everything else


@dataclass(frozen=True)
class Top:
    """The words at the top of a config, besides `models` and the defaults of all models."""

    dataset: Dataset  # the records
    ensembles: Mapping[str, Ensemble]  # name -> members and their weights, or a folder
    distillation: Distillation = Distillation()  # how teachers' predictions are kept
    inference: Inference = Inference()  # how graphs are scored
    run: Run = Run()  # what to make
    resources: Resources = Resources()  # what jobs may use
    results: str = field(default="results", metadata=RESULTS)  # folder of everything that is made
    title: str = "Size-constrained video classification"  # of the report
    card: Card = Card()  # what an archive says about its weights


@dataclass(frozen=True)
class Experiment(Top):
    """Everything a workflow makes, by name.

    models: the entries of `models`.
    """

    models: Mapping[str, Model] = field(default_factory=dict)

    def teachers(self) -> list[str]:
        """Ensembles that students of this run learn from."""
        return sorted({m.teacher for m in self.made_models().values() if m.teacher})

    def made_ensembles(self) -> dict[str, Ensemble]:
        """The final ensemble and every teacher that stands behind it."""
        return {name: e for name, e in self.ensembles.items() if name in self._reached()[1]}

    def made_models(self) -> dict[str, Model]:
        """The models that this run needs: the final ensemble's ancestors and `run.models`."""
        return {name: m for name, m in self.models.items() if name in self._reached()[0]}

    def _reached(self) -> tuple[set[str], set[str]]:
        models, ensembles = set(), set()
        todo = [("ensemble", self.run.final)] + [("model", name) for name in self.run.models]
        while todo:
            kind, name = todo.pop()
            if kind == "ensemble" and name not in ensembles:
                ensembles.add(name)
                todo += [("model", member) for member in self.ensembles[name].members]
            elif kind == "model" and name not in models:
                models.add(name)
                if self.models[name].teacher:
                    todo.append(("ensemble", self.models[name].teacher))
        return models, ensembles


def read_experiment(config: Mapping[str, Any]) -> Experiment:
    """The experiment that a config mapping describes.

    Defaults of `training`, `ema` and `quantise` at the top hold for every model; a model's own
    words win. Raises ConfigError naming the first setting that is unknown or cannot work.
    """
    config = dict(expect_mapping(config, "config"))
    _check_words(config)
    common = {word: config.pop(word, {}) for word in _COMMON}
    models = {
        name: _read_model(entry, common, f"models.{name}")
        for name, entry in expect_mapping(config.pop("models", {}), "models").items()
    }
    rest = read_settings(Top, config, "")
    values = {f.name: getattr(rest, f.name) for f in fields(rest)}
    experiment = Experiment(models=models, **values)
    check_references(experiment)
    return experiment


def _check_words(config: Mapping[str, Any]) -> None:
    known = ["models", *_COMMON, *(f.name for f in fields(Top))]
    for word in config:
        if word not in known:
            raise ConfigError(f"{word}: unknown setting{suggestion(word, known)}")


_COMMON = {"training": Training, "ema": Averaging, "quantise": Quantisation}
_OWN_WORDS = (*_COMMON, "teacher", "teacher_weight")


def _read_model(entry: Any, common: Mapping[str, Any], where: str) -> Model:
    entry = dict(expect_mapping(entry, where))
    own = {word: entry.pop(word) for word in _OWN_WORDS if word in entry}
    recipe = read_recipe("yt8m.models", entry, where)
    words = {
        word: _read_over(_COMMON[word], defaults, own.pop(word, {}), word, where)
        for word, defaults in common.items()
    }
    model = Model(recipe=recipe, **words, **_read_teacher(own, where))
    model.check(where)
    return model


def _read_over(cls: type, defaults: Any, own: Any, word: str, where: str) -> Any:
    """A model's own words over those at the top; what is wrong at the top is reported there."""
    merged = _merged(defaults, own, word, where)
    try:
        return read_settings(cls, merged, f"{where}.{word}")
    except ConfigError:
        read_settings(cls, defaults, word)
        raise


def _read_teacher(own: dict[str, Any], where: str) -> dict[str, Any]:
    if "teacher_weight" in own and "teacher" not in own:
        raise ConfigError(f"{where}.teacher_weight: needs a `teacher`, the name of an ensemble")
    hints = get_type_hints(Model)
    return {word: read_value(hints[word], own[word], f"{where}.{word}") for word in own}


def _merged(defaults: Any, own: Any, top: str, where: str) -> dict[str, Any]:
    """`own` over `defaults`, mappings within mappings too; another `kind` starts afresh."""
    merged = dict(expect_mapping(defaults, top))
    for word, value in expect_mapping(own, f"{where}.{top}").items():
        old = merged.get(word)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        if both and value.get("kind") in (None, old.get("kind")):
            value = _merged(old, value, f"{top}.{word}", where)
        merged[word] = value
    return merged


def whole_entry(experiment: Experiment) -> dict[str, Any]:
    """All settings that results depend on, every default filled in; shards as they are named.

    Features are pairs, since their order counts and words may be sorted.
    """
    entry = as_entry(experiment)
    for word in ("resources", "title", "card"):
        del entry[word]
    entry["dataset"]["features"] = [list(pair) for pair in experiment.dataset.features.items()]
    source = entry["dataset"]["source"]
    if "files" in source:
        source["files"] = {split: _shortened(names) for split, names in source["files"].items()}
    return entry


def _shortened(shards: Sequence[str]) -> list[str]:
    """Thousands of names fit into no command line, and the manifest has them all."""
    left = len(shards) - 20
    return [*shards[:10], f"and {left} more", *shards[-10:]] if left > 0 else list(shards)


def model_entry(experiment: Experiment, name: str) -> dict[str, Any]:
    """What a model's `config.json` holds: its entry and the schema, every default filled in."""
    model = experiment.models[name]
    return {
        "name": name,
        "recipe": as_entry(model.recipe),
        "schema": experiment.dataset.schema.as_json(),
        "training": as_entry(model.training),
        "ema": as_entry(model.ema),
        "quantise": as_entry(model.quantise),
        "teacher": model.teacher,
        "teacher_weight": model.teacher_weight,
    }
