"""Splits that a config names: each has shards, and nothing is measured on what is trained on."""

import os
from collections.abc import Iterator, Mapping

from yt8m.mistakes import Mistake, suggestion
from yt8m.partial import as_far_as_valid, valid_or
from yt8m.printable import listed


def split_mistakes(top, models) -> Iterator[Mistake]:
    """Splits without shards, and those that belong to training but are used for something else.

    top, models: as for `config.references.reference_mistakes`.
    """
    yield from as_far_as_valid(_splits(top))
    for name in valid_or({}, lambda: top.ensembles):
        yield from as_far_as_valid(_learns_elsewhere(top, name))
        yield from as_far_as_valid(_chooses_elsewhere(top, name))
    yield from as_far_as_valid(_validated(top, models))
    yield from as_far_as_valid(_frontier_elsewhere(top))
    yield from as_far_as_valid(_both_trained_and_evaluated(top, models))


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
    if valid_or((), lambda: top.frontier.models):
        yield from (("frontier", "split"), ("frontier", "compress", "split"))


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


def _chooses_elsewhere(top, name: str) -> Iterator[Mistake]:
    """Members are chosen on a split that all graphs are evaluated on, but not trained on."""
    best, run = top.ensembles[name].best, top.run
    others = [split for split in run.evaluate if split != run.train]
    if best is None or best.split in others or (best.split is None and others):
        return
    if not others:
        text = "needs a split in run.evaluate besides the training split, to choose members on"
        yield Mistake(("ensembles", name, "best"), text)
    elif best.split == run.train:
        text = f"is {run.train!r}, which candidates were trained on; name one of {listed(others)}"
        yield Mistake(("ensembles", name, "best", "split"), text)
    else:
        text = f"is {best.split!r}; name one of run.evaluate: {listed(others)}"
        yield Mistake(("ensembles", name, "best", "split"), text)


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
    split = top.run.validated_on(model.training.validate)
    splits = {name for name, shards in top.dataset.source.shards().items() if shards}
    if split is None:
        return "is missing, and run.evaluate has no split besides the training split; name one"
    if split == top.run.train:
        return f"is {split!r}, which models are trained on; name another labelled split"
    if model.training.validate.split not in (None, *splits):
        return f"split {split!r} has no shards{suggestion(split, splits)}"
    return None


def _frontier_elsewhere(top) -> Iterator[Mistake]:
    if top.frontier.models and top.frontier.split == top.run.train:
        text = f"is {top.run.train!r}, which models are trained on; name another split"
        yield Mistake(("frontier", "split"), text)


def _both_trained_and_evaluated(top, models) -> Iterator[Mistake]:
    source, run = top.dataset.source, top.run
    learning = {e.learn.split for e in top.ensembles.values() if e.learn}
    validated = [model.training.validate for model in models.values()]
    learning |= {settings.split for settings in validated if settings and settings.split}
    # Paths are normalised; links are not followed, which would be slow on a file server.
    files = {
        split: set(map(os.path.abspath, source.shard_paths(split))) for split in source.shards()
    }
    frontier = {top.frontier.split} - {None} if top.frontier.models else set()
    for split in sorted({*run.evaluate, *learning, *frontier} - {run.train}):
        both = sorted(files.get(run.train, set()) & files.get(split, set()))
        if both:
            yield Mistake(
                ("dataset", "source"),
                f"split {split!r}: {len(both)} of its files also belong to {run.train!r}, such "
                f"as {both[:1]}; models would be evaluated on their training data",
            )
