"""Config files as an experiment whose shards need not be there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from yt8m.config.experiment import Experiment, read_experiment
from yt8m.errors import ConfigError
from yt8m.recipes import expect_mapping


def read_without_shards(paths: Sequence[Path], models: Sequence[str] = ()) -> Experiment:
    """The experiment of YAML files, each laid over those before it, without its shards.

    models: take only these.
    Raises ConfigError for a file that is no config, or when there is no model of such a name.
    """
    config: Mapping[str, Any] = {}
    for path in paths:
        config = laid_over(config, _read(path))
    experiment = read_experiment(_without_shards(config))
    for name in models:
        if name not in experiment.models:
            known = ", ".join(experiment.models)
            raise ConfigError(f"--model: there is no model {name!r}; `models` defines {known}")
    if not models:
        return experiment
    chosen = {name: experiment.models[name] for name in models}
    return replace(experiment, models=chosen, ensembles={})


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return expect_mapping(yaml.safe_load(path.read_text()), str(path))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is no YAML ({' '.join(str(error).split())})") from None


def laid_over(below: Any, above: Any) -> Any:
    """As Snakemake does with several `--configfile`: mappings merge, the rest is replaced."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    shared = {word: laid_over(below[word], above[word]) for word in below.keys() & above.keys()}
    return {**below, **above, **shared}


def _without_shards(config: Mapping[str, Any]) -> dict[str, Any]:
    """The config with its splits, and in place of each one's patterns a name of no file."""
    dataset = config.get("dataset")
    files = dataset.get("files") if isinstance(dataset, Mapping) else None
    if not isinstance(files, Mapping):
        return dict(config)
    return {
        **config,
        "dataset": {**dataset, "files": {split: [f"{split}.tfrecord"] for split in files}},
    }
