"""Config files as an experiment whose input files need not exist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from yt8m.config.experiment import Experiment, read_experiment
from yt8m.config.merging import without_marks
from yt8m.config.yaml_files import read_yaml
from yt8m.errors import ConfigError


def read_without_shards(paths: Sequence[Path], models: Sequence[str] = ()) -> Experiment:
    """The experiment in YAML files, without its shards; later files override earlier ones.

    models: read only these models.
    Raises ConfigError for a file that is not a valid config, or for an undefined model.
    """
    config: Mapping[str, Any] = {}
    for path in paths:
        config = merged_files(config, read_yaml(path))
    experiment = read_experiment(without_files(config))
    for name in models:
        if name not in experiment.models:
            known = ", ".join(experiment.models)
            raise ConfigError(f"--model: there is no model {name!r}; `models` defines {known}")
    if not models:
        return experiment
    chosen = {name: experiment.models[name] for name in models}
    return replace(experiment, models=chosen, ensembles={}, variants={})


def merged_files(below: Any, above: Any) -> Any:
    """Merge as Snakemake does several `--configfile`: merge mappings, replace the rest."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    shared = {word: merged_files(below[word], above[word]) for word in below.keys() & above.keys()}
    return {**below, **above, **shared}


def without_files(config: Mapping[str, Any]) -> dict[str, Any]:
    """The config without `label_names`, and with placeholders instead of other paths.

    These are the patterns of each split, a table that is missing, shards to be downloaded, and the
    folders of imported ensembles.
    """
    config = without_marks(config)
    dataset, ensembles = config.get("dataset"), config.get("ensembles")
    if isinstance(dataset, Mapping):
        config["dataset"] = {k: v for k, v in dataset.items() if k != "label_names"}
        if isinstance(source := dataset.get("source"), Mapping):
            config["dataset"]["source"] = _without_shards(source)
    if isinstance(ensembles, Mapping):
        config["ensembles"] = {name: _without_folder(e) for name, e in ensembles.items()}
    return config


def _without_shards(source: Mapping[str, Any]) -> Mapping[str, Any]:
    lacks_table = isinstance(table := source.get("table"), str) and not Path(table).exists()
    if lacks_table or source.get("kind") == "youtube8m":
        splits = source.get("splits", ("train", "validate", "test"))
        return {"kind": "records", "files": _placeholders(splits)}
    if not isinstance(files := source.get("files"), Mapping):
        return source
    if source.get("kind") == "object_store":
        return {"kind": "records", "files": _placeholders(files)}
    return {**source, "files": _placeholders(files)}


def _placeholders(splits: Iterable[str]) -> dict[str, list[str]]:
    return {split: [f"{split}.tfrecord"] for split in splits}


def _without_folder(ensemble: Any) -> Any:
    is_imported = isinstance(ensemble, Mapping) and isinstance(ensemble.get("folder"), str)
    return {**ensemble, "folder": "elsewhere"} if is_imported else ensemble
