"""References between entries of a config by name; each must be defined."""

import os
from collections.abc import Iterator, Mapping

from yt8m.config.reached import reached
from yt8m.errors import ConfigError
from yt8m.mistakes import Mistake, suggestion
from yt8m.names import not_a_name
from yt8m.partial import as_far_as_valid, valid_or
from yt8m.printable import listed
from yt8m.protocols import ArraySource, SuitsSchema


def reference_mistakes(top, models) -> Iterator[Mistake]:
    """Invalid and undefined names, and circular teachers.

    top: the settings of `config.experiment.Top`. models: name -> `ModelConfig`. Where they are
    partial, what depends on an invalid setting is not checked.
    """
    ensembles = valid_or({}, lambda: top.ensembles)
    yield from _names(top, models)
    for name in ensembles:
        yield from as_far_as_valid(_members(top, models, name))
        yield from as_far_as_valid(_circle(top, models, name, ()))
    for name in models:
        yield from as_far_as_valid(_teacher(top, models, name))
        yield from as_far_as_valid(_frames(top, models, name))
        yield from as_far_as_valid(_suits_schema(top, models, name))
    yield from as_far_as_valid(_final(top))
    yield from as_far_as_valid(_run_models(top, models))
    yield from as_far_as_valid(_splits(top))
    for name in ensembles:
        yield from as_far_as_valid(_learns_elsewhere(top, name))
    yield from as_far_as_valid(_validated(top, models))
    yield from as_far_as_valid(_enough_to_train(top, models))
    yield from as_far_as_valid(_enough_to_fit(top))
    yield from as_far_as_valid(_both_trained_and_evaluated(top, models))


def _names(top, models) -> Iterator[Mistake]:
    """Mistakes in names, which become parts of file names that the workflow parses."""
    named = {
        "models": models,
        "ensembles": valid_or({}, lambda: top.ensembles),
        "dataset.features": valid_or({}, lambda: top.dataset.features),
    }
    for word, names in named.items():
        for name in names:
            yield from (Mistake((word, name), text) for text in not_a_name(name))
    for split in valid_or({}, lambda: top.dataset.source.shards()):
        for text in not_a_name(split):
            yield Mistake(("dataset", "source"), f"split {split!r} {text}")


def _members(top, models, name: str) -> Iterator[Mistake]:
    for member in top.ensembles[name].members:
        if member not in models:
            text = f"no such model{suggestion(member, models)}"
            yield Mistake(("ensembles", name, "members", member), text)


def _teacher(top, models, name: str) -> Iterator[Mistake]:
    teacher = models[name].teacher
    if teacher is not None and teacher not in top.ensembles:
        text = f"there is no ensemble {teacher!r}{suggestion(teacher, top.ensembles)}"
        yield Mistake(("models", name, "teacher"), text)


def _circle(top, models, name: str, above: tuple[str, ...]) -> Iterator[Mistake]:
    if name in above:
        if name == above[0]:  # a circle is reported at the teachers that are part of it
            text = f"is its own teacher: {' <- '.join((*above, name))}"
            yield Mistake(("ensembles", name), text)
        return
    for member in top.ensembles[name].members:
        teacher = models[member].teacher if member in models else None
        if teacher in top.ensembles:
            yield from _circle(top, models, teacher, (*above, name))


def _frames(top, models, name: str) -> Iterator[Mistake]:
    schema, frames = top.dataset.schema, models[name].training.frames
    drawn = schema.layout == "frame" and frames.kind != "all"
    if drawn and frames.count > schema.max_frames:
        text = f"is {frames.count}; at most dataset.max_frames, {schema.max_frames}"
        yield Mistake(("models", name, "training", "frames", "count"), text)


def _suits_schema(top, models, name: str) -> Iterator[Mistake]:
    """A model must be able to read this dataset's records."""
    recipe = models[name].recipe
    try:
        if isinstance(recipe, SuitsSchema):
            recipe.check_schema(top.dataset.schema, f"models.{name}")
    except ConfigError as error:
        yield Mistake((), str(error))


def _final(top) -> Iterator[Mistake]:
    final, ensembles = top.run.final, top.ensembles
    if final not in ensembles:
        text = f"there is no ensemble {final!r}{suggestion(final, ensembles)}"
        yield Mistake(("run", "final"), text)
    elif ensembles[final].is_imported:
        text = f"{final!r} is imported; name an ensemble with `members`, which is made by this run"
        yield Mistake(("run", "final"), text)


def _run_models(top, models) -> Iterator[Mistake]:
    for name in top.run.models:
        if name not in models:
            text = f"there is no model {name!r}{suggestion(name, models)}"
            yield Mistake(("run", "models"), text)


def _splits(top) -> Iterator[Mistake]:
    splits = {split for split, shards in top.dataset.source.shards().items() if shards}
    for path in _settings_with_splits(top):
        for split in as_far_as_valid(_splits_in(top, path)):
            if split not in splits:
                yield Mistake(path, f"split {split!r} has no shards{suggestion(split, splits)}")


def _settings_with_splits(top) -> Iterator[tuple[str, ...]]:
    """Paths of the settings that name splits."""
    yield from (("run", word) for word in ("train", "evaluate", "predict"))
    for name in valid_or({}, lambda: top.ensembles):
        yield from (("ensembles", name, step, "split") for step in ("compress", "learn"))


def _splits_in(top, path: tuple[str, ...]) -> Iterator[str]:
    found = top
    for word in path:
        found = found[word] if isinstance(found, Mapping) else getattr(found, word)
        if found is None:
            return
    yield from [found] if isinstance(found, str) else found


def _learns_elsewhere(top, name: str) -> Iterator[Mistake]:
    learn = top.ensembles[name].learn
    if learn and learn.split == top.run.train:
        text = f"is {learn.split!r}, which members were trained on; name another split"
        yield Mistake(("ensembles", name, "learn", "split"), text)


def _validated(top, models) -> Iterator[Mistake]:
    """Models are validated on another split than the training split; each problem once."""
    found: dict[str, list[str]] = {}
    for name, model in models.items():
        if model.training.validate and (text := _validation_problem(top, model)):
            found.setdefault(text, []).append(name)
    for text, (first, *others) in found.items():
        also = f" (as of {len(others)} other models)" if others else ""
        yield Mistake(("models", first, "training", "validate", "split"), text + also)


def _validation_problem(top, model) -> str | None:
    """What is wrong with the split that a model is validated on, if anything."""
    split = model.training.validate.split or top.run.held_out
    splits = {name for name, shards in top.dataset.source.shards().items() if shards}
    if split is None:
        return "is missing, and run.evaluate has no split besides the training split; name one"
    if split == top.run.train:
        return f"is {split!r}, which models are trained on; name another labelled split"
    if split not in splits:
        return f"split {split!r} has no shards{suggestion(split, splits)}"
    return None


def _enough_to_train(top, models) -> Iterator[Mistake]:
    """A training split of known size must have a whole batch for every model that is made."""
    source, train = top.dataset.source, top.run.train
    if not isinstance(source, ArraySource) or not (videos := source.videos_in(train)):
        return
    made = sorted(reached(top.run, models, top.ensembles)[0])
    large = {n: size for n in made if (size := models[n].training.batch_size) > videos}
    for size in sorted(set(large.values())):
        first, *others = (name for name in large if large[name] == size)
        also = f", as of {listed(others)}," if others else ","
        text = (
            f"is {size:,}{also} but split {train!r} has only {videos:,} videos; set it, or "
            f"`training.batch_size` for all models, to {videos:,} or less"
        )
        yield Mistake(("models", first, "training", "batch_size"), text)


def _enough_to_fit(top) -> Iterator[Mistake]:
    """Projections of a known training split must be possible."""
    source, train = top.dataset.source, top.run.train
    if isinstance(source, ArraySource):
        for name, text in source.fit_problems(train, top.dataset.max_frames):
            yield Mistake(("dataset", "features", name), text)


def _both_trained_and_evaluated(top, models) -> Iterator[Mistake]:
    source, run = top.dataset.source, top.run
    learning = {e.learn.split for e in top.ensembles.values() if e.learn}
    validated = [model.training.validate for model in models.values()]
    learning |= {settings.split for settings in validated if settings and settings.split}
    # Paths are normalised; links are not followed, which would be slow on a file server.
    files = {
        split: set(map(os.path.abspath, source.shard_paths(split))) for split in source.shards()
    }
    for split in sorted({*run.evaluate, *learning} - {run.train}):
        both = sorted(files.get(run.train, set()) & files.get(split, set()))
        if both:
            yield Mistake(
                ("dataset", "source"),
                f"split {split!r}: {len(both)} of its files also belong to {run.train!r}, such "
                f"as {both[:1]}; models would be evaluated on their training data",
            )
