"""References between entries of a config by name; each must be defined."""

import os
import re
from collections.abc import Collection, Iterator

from yt8m.errors import ConfigError
from yt8m.mistakes import Mistake, suggestion
from yt8m.protocols import SuitsSchema

NAME = "[A-Za-z][A-Za-z0-9_]*"
"""Regular expression for names of models, ensembles, splits and features."""

LONGEST = 100
"""Most characters of a name: some file systems limit file names to 143 bytes."""


def reference_mistakes(experiment) -> Iterator[Mistake]:
    """Invalid and undefined names, and circular teachers."""
    yield from _names(experiment)
    found = [*_members(experiment), *_teachers(experiment)]
    yield from found
    if not found:
        for name in experiment.ensembles:
            yield from _circle(experiment, name, ())
    yield from _models(experiment)
    yield from _run(experiment)
    yield from _splits(experiment)


def _names(experiment) -> Iterator[Mistake]:
    """Mistakes in names, which become parts of file names that the workflow parses."""
    named = {
        "models": experiment.models,
        "ensembles": experiment.ensembles,
        "dataset.features": experiment.dataset.features,
    }
    for word, names in named.items():
        for name in names:
            yield from (Mistake((word, name), text) for text in _not_a_name(name))
    for split in experiment.dataset.source.shards():
        for text in _not_a_name(split):
            yield Mistake(("dataset", "source"), f"split {split!r} {text}")


def _not_a_name(name: str) -> Iterator[str]:
    if not re.fullmatch(NAME, name):
        yield "is not a valid name; expected a letter, then letters, digits and _"
    if len(name) > LONGEST:
        yield f"has {len(name)} characters; at most {LONGEST}"


def _members(experiment) -> Iterator[Mistake]:
    models = experiment.models
    for name, ensemble in experiment.ensembles.items():
        for member in ensemble.members:
            if member not in models:
                text = f"no such model{suggestion(member, models)}"
                yield Mistake(("ensembles", name, "members", member), text)


def _teachers(experiment) -> Iterator[Mistake]:
    ensembles = experiment.ensembles
    for name, model in experiment.models.items():
        if model.teacher is not None and model.teacher not in ensembles:
            text = f"there is no ensemble {model.teacher!r}{suggestion(model.teacher, ensembles)}"
            yield Mistake(("models", name, "teacher"), text)


def _circle(experiment, name: str, above: tuple[str, ...]) -> Iterator[Mistake]:
    if name in above:
        if name == above[0]:  # a circle is reported at the teachers that are part of it
            text = f"is its own teacher: {' <- '.join((*above, name))}"
            yield Mistake(("ensembles", name), text)
        return
    for member in experiment.ensembles[name].members:
        teacher = experiment.models[member].teacher
        if teacher:
            yield from _circle(experiment, teacher, (*above, name))


def _models(experiment) -> Iterator[Mistake]:
    """Mistakes in models that cannot read this dataset's records."""
    schema = experiment.dataset.schema
    for name, model in experiment.models.items():
        frames = model.training.frames
        drawn = schema.layout == "frame" and frames.kind != "all"
        if drawn and frames.count > schema.max_frames:  # later mistakes would only repeat it
            text = f"is {frames.count}; at most dataset.max_frames, {schema.max_frames}"
            yield Mistake(("models", name, "training", "frames", "count"), text)
        try:
            if isinstance(model.recipe, SuitsSchema):
                model.recipe.check_schema(schema, f"models.{name}")
        except ConfigError as error:
            yield Mistake((), str(error))


def _run(experiment) -> Iterator[Mistake]:
    run, ensembles = experiment.run, experiment.ensembles
    if run.final not in ensembles:
        text = f"there is no ensemble {run.final!r}{suggestion(run.final, ensembles)}"
        yield Mistake(("run", "final"), text)
    elif ensembles[run.final].is_imported:
        text = (
            f"{run.final!r} is imported; name an ensemble with `members`, which is made by this run"
        )
        yield Mistake(("run", "final"), text)
    for name in run.models:
        if name not in experiment.models:
            text = f"there is no model {name!r}{suggestion(name, experiment.models)}"
            yield Mistake(("run", "models"), text)


def _splits(experiment) -> Iterator[Mistake]:
    source, run, ensembles = experiment.dataset.source, experiment.run, experiment.ensembles
    splits = {split for split, shards in source.shards().items() if shards}
    learning = {name: e.learn.split for name, e in ensembles.items() if e.learn}
    planned = {name: e.compress.split for name, e in ensembles.items() if e.compress}
    asked = [("run.train", run.train)]
    asked += [("run.evaluate", split) for split in run.evaluate]
    asked += [("run.predict", split) for split in run.predict]
    asked += [(f"ensembles.{name}.compress.split", split) for name, split in planned.items()]
    asked += [(f"ensembles.{name}.learn.split", split) for name, split in learning.items()]
    for where, split in asked:
        if split not in splits:
            yield Mistake((where,), f"split {split!r} has no shards{suggestion(split, splits)}")
    for name, split in learning.items():
        if split == run.train:
            text = f"is {split!r}, which members were trained on; name another split"
            yield Mistake((f"ensembles.{name}.learn.split",), text)
    yield from _both_trained_and_evaluated(
        source, run, {*learning.values(), *run.evaluate} & splits
    )


def _both_trained_and_evaluated(source, run, evaluated: Collection[str]) -> Iterator[Mistake]:
    # Paths are normalised; links are not followed, which would be slow on a file server.
    files = {
        split: set(map(os.path.abspath, source.shard_paths(split))) for split in source.shards()
    }
    for split in sorted(evaluated - {run.train}):
        both = sorted(files.get(run.train, set()) & files[split])
        if both:
            yield Mistake(
                ("dataset", "source"),
                f"split {split!r}: {len(both)} of its files also belong to {run.train!r}, such "
                f"as {both[:1]}; models would be evaluated on their training data",
            )
