"""Names in a config that point at each other: all of them must lead somewhere."""

import os
import re
from collections.abc import Collection

from yt8m.config.settings import require
from yt8m.recipes import suggestion

NAME = "[A-Za-z][A-Za-z0-9_]*"
"""What a model, an ensemble, a split or a feature may be called: a regular expression."""

LONGEST = 100
"""Letters of a name: some file systems end the name of a file at 143 bytes."""


def check_references(experiment) -> None:
    """Raises ConfigError for names that nobody defines, and for circles among teachers.

    A recipe with a method `check_schema(schema, where)` is asked whether the features suit it.
    """
    models, ensembles = experiment.models, experiment.ensembles
    _check_names(experiment)
    for name, ensemble in ensembles.items():
        for member in ensemble.members:
            require(
                member in models,
                f"ensembles.{name}.members.{member}",
                f"no such model; `models` defines {', '.join(sorted(models)) or 'none'}",
            )
    for name, model in models.items():
        known = f"`ensembles` defines {', '.join(sorted(ensembles)) or 'none'}"
        require(
            model.teacher is None or model.teacher in ensembles,
            f"models.{name}.teacher",
            f"there is no ensemble {model.teacher!r}; {known}",
        )
        _check_frames(model.training.frames, experiment.dataset.schema, f"models.{name}.training")
        if hasattr(model.recipe, "check_schema"):
            model.recipe.check_schema(experiment.dataset.schema, f"models.{name}")
    run = experiment.run
    require(run.final in ensembles, "run.final", f"there is no ensemble {run.final!r}")
    problem = f"{run.final!r} is ready; name an ensemble with `members`, which is made here"
    require(not ensembles[run.final].is_ready, "run.final", problem)
    for name in run.models:
        require(name in models, "run.models", f"there is no model {name!r}")
    for name in ensembles:
        _check_no_circle(experiment, name, ())
    _check_splits(experiment)


def _check_frames(frames, schema, where: str) -> None:
    """Frames are drawn from those of a video, so that more of them would say nothing new."""
    drawn = schema.layout == "frame" and frames.kind != "all"
    problem = f"is {frames.count}; at most dataset.max_frames, {schema.max_frames}"
    require(not drawn or frames.count <= schema.max_frames, f"{where}.frames.count", problem)


def _check_names(experiment) -> None:
    """They become parts of file names, by which the workflow tells one from the other."""
    dataset = experiment.dataset
    named = {
        "models.": experiment.models,
        "ensembles.": experiment.ensembles,
        "dataset.features.": dataset.features,
        "dataset.source: split ": dataset.source.shards(),
    }
    for word, names in named.items():
        for name in names:
            problem = "is no name: a letter, then letters, digits and _"
            require(re.fullmatch(NAME, name) is not None, f"{word}{name}", problem)
            problem = f"has {len(name)} letters; at most {LONGEST}"
            require(len(name) <= LONGEST, f"{word}{name}", problem)


def _check_no_circle(experiment, name: str, above: tuple[str, ...]) -> None:
    require(
        name not in above, f"ensembles.{name}", f"teaches itself: {' <- '.join((*above, name))}"
    )
    for member in experiment.ensembles[name].members:
        teacher = experiment.models[member].teacher
        if teacher:
            _check_no_circle(experiment, teacher, (*above, name))


def _check_splits(experiment) -> None:
    source, run = experiment.dataset.source, experiment.run
    splits = {split for split, shards in source.shards().items() if shards}
    asked = {"train": (run.train,), "evaluate": run.evaluate, "predict": run.predict}
    for word, names in asked.items():
        for split in names:
            _require_split(split, splits, f"run.{word}")
    for name, ensemble in experiment.ensembles.items():
        if ensemble.compress:
            _require_split(ensemble.compress.split, splits, f"ensembles.{name}.compress.split")
    weighed = _check_weighing(experiment, splits)
    # However they are spelt; links are not followed, which would take a while on a file server.
    files = {split: set(map(os.path.abspath, source.given(split))) for split in splits}
    learnt = files[run.train]
    for split in (*run.evaluate, *weighed):
        if split != run.train:
            both = sorted(learnt & files[split])
            problem = (
                f"{len(both)} of its files also belong to {run.train!r}, {both[:1]} among them; "
                "models would be scored on what they learnt from"
            )
            require(not both, f"dataset.source: split {split}", problem)


def _require_split(split: str, splits: Collection[str], where: str) -> None:
    require(split in splits, where, f"split {split!r} has no shards{suggestion(split, splits)}")


def _check_weighing(experiment, splits: Collection[str]) -> list[str]:
    """The splits that ensembles learn weights on; whether they have labels, their manifests say."""
    train = experiment.run.train
    chosen = {name: e.learn.split for name, e in experiment.ensembles.items() if e.learn}
    for name, split in chosen.items():
        where = f"ensembles.{name}.learn.split"
        _require_split(split, splits, where)
        problem = f"is {train!r}, which members know by heart; name a split they do not learn from"
        require(split != train, where, problem)
    return sorted(set(chosen.values()))
