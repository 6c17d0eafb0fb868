"""References between entries of a config by name; each must be defined."""

import json
from collections.abc import Iterator

from yt8m.config.best import candidates, with_variants
from yt8m.config.flat import flat_settings
from yt8m.config.reached import reached
from yt8m.config.splits import split_mistakes
from yt8m.errors import ConfigError
from yt8m.mistakes import Mistake, suggestion
from yt8m.names import not_a_name
from yt8m.partial import as_far_as_valid, valid_or
from yt8m.printable import listed
from yt8m.protocols import ArraySource, SuitsSchema


def reference_mistakes(top, models, variants) -> Iterator[Mistake]:
    """Invalid and undefined names, and circular teachers.

    top: the settings of `config.experiment.Top`. models: name -> `ModelConfig`. variants: as in
    `config.experiment.Experiment`. Where they are partial, what depends on an invalid setting is
    not checked.
    """
    ensembles = valid_or({}, lambda: top.ensembles)
    yield from _names(top, models)
    for name in ensembles:
        yield from as_far_as_valid(_members(top, models, name))
        yield from as_far_as_valid(_circle(top, models, variants, name, ()))
    for name in models:
        yield from as_far_as_valid(_teacher(top, models, name))
        yield from as_far_as_valid(_frames(top, models, name))
        yield from as_far_as_valid(_suits_schema(top, models, name))
    yield from as_far_as_valid(_final(top))
    yield from as_far_as_valid(_listed_models(top, models))
    yield from split_mistakes(top, models)
    for name in ensembles:
        yield from as_far_as_valid(_enough_candidates(top, models, variants, name))
        yield from as_far_as_valid(_equal_candidates(top, models, variants, name))
    yield from as_far_as_valid(_enough_to_train(top, models, variants))
    yield from as_far_as_valid(_enough_to_fit(top))


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
    entry = top.ensembles[name]
    for member in entry.candidates:
        if member not in models and entry.best:
            text = f"there is no model {member!r}{suggestion(member, models)}"
            yield Mistake(("ensembles", name, "best", "of"), text)
        elif member not in models:
            text = f"no such model{suggestion(member, models)}"
            yield Mistake(("ensembles", name, "members", member), text)


def _teacher(top, models, name: str) -> Iterator[Mistake]:
    teacher = models[name].teacher
    if teacher is not None and teacher not in top.ensembles:
        text = f"there is no ensemble {teacher!r}{suggestion(teacher, top.ensembles)}"
        yield Mistake(("models", name, "teacher"), text)


def _circle(top, models, variants, name: str, above: tuple[str, ...]) -> Iterator[Mistake]:
    if name in above:
        if name == above[0]:  # a circle is reported at the teachers that are part of it
            text = f"is its own teacher: {' <- '.join((*above, name))}"
            yield Mistake(("ensembles", name), text)
        return
    for member in candidates(top.ensembles[name], variants):
        teacher = models[member].teacher if member in models else None
        if teacher in top.ensembles:
            yield from _circle(top, models, variants, teacher, (*above, name))


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
        place, _, text = str(error).partition(": ")
        yield Mistake(tuple(place.split(".")), text)


def _final(top) -> Iterator[Mistake]:
    final, ensembles = top.run.final, top.ensembles
    if final not in ensembles:
        text = f"there is no ensemble {final!r}{suggestion(final, ensembles)}"
        yield Mistake(("run", "final"), text)
    elif ensembles[final].is_imported:
        text = f"{final!r} is imported; name an ensemble with `members`, which is made by this run"
        yield Mistake(("run", "final"), text)


def _listed_models(top, models) -> Iterator[Mistake]:
    for word in ("run", "frontier"):
        for name in valid_or((), lambda word=word: getattr(top, word).models):
            if name not in models:
                text = f"there is no model {name!r}{suggestion(name, models)}"
                yield Mistake((word, "models"), text)


def _enough_candidates(top, models, variants, name: str) -> Iterator[Mistake]:
    best = top.ensembles[name].best
    if best is None or any(word not in models for word in best.of):
        return
    found = with_variants(best.of, variants)
    if best.count > len(found):
        text = f"is {best.count}, but `of` names only {len(found)}: {listed(found)}"
        yield Mistake(("ensembles", name, "best", "count"), text)


def _equal_candidates(top, models, variants, name: str) -> Iterator[Mistake]:
    """Candidates with equal settings have equal weights: all of them would be chosen, or none."""
    known: dict[str, str] = {}
    for model in candidates(top.ensembles[name], variants) if top.ensembles[name].best else ():
        settings = json.dumps(flat_settings(models[model])) if model in models else model
        if (other := known.setdefault(settings, model)) != model:
            text = f"has both {other} and {model}, which have the same settings; name one of them"
            yield Mistake(("ensembles", name, "best", "of"), text)


def _enough_to_train(top, models, variants) -> Iterator[Mistake]:
    """A training split of known size must have a whole batch for every model that is made."""
    source, train = top.dataset.source, top.run.train
    if not isinstance(source, ArraySource) or not (videos := source.videos_in(train)):
        return
    made = sorted(reached(top.run, models, top.ensembles, variants, top.frontier.models)[0])
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
