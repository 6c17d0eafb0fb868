"""From `variants` and `seeds` to plain models, before anything else sees them."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yt8m.config.combinations import Combination, combinations, with_settings
from yt8m.config.flat import flat_settings
from yt8m.config.model import ModelConfig
from yt8m.config.repeated import SEED
from yt8m.config.variant_names import variant_name
from yt8m.config.variants import Variants
from yt8m.mistakes import Mistake, Path, number, shown, suggestion
from yt8m.partial import valid_or
from yt8m.strict import attempt

Read = Callable[[Mapping[str, Any]], tuple[ModelConfig, list[Mistake]]]
"""Reads an entry of `models`: the model as far as it is valid, and all mistakes in it."""

SEEDS = 2**32
"""The number of seeds; see `yt8m.strict.Seed`."""


@dataclass
class Expansion:
    """All models of a config.

    models: by name; those of the config first. families: name of an entry -> the models made from
    it. sources: name of a model that was made -> its base and combination. names: base and
    settings as JSON -> the model with these settings.
    """

    models: dict[str, ModelConfig]
    families: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sources: dict[str, tuple[str, Combination]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def located(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """The mistakes with those about models that were made at their place in `variants`.

        What is also wrong with their base is left out. So are undefined models, if there are
        mistakes in `variants`: what they would define is not known.
        """
        mistakes = dict.fromkeys(mistakes)
        return [found for mistake in mistakes for found in self._located(mistake, mistakes)]

    def _located(self, mistake: Mistake, others: Collection[Mistake]) -> Iterator[Mistake]:
        if self.mistakes and mistake.text.startswith(("no such model", "there is no model")):
            return
        if mistake.path[:1] != ("models",) or mistake.path[1] not in self.sources:
            yield mistake
            return
        base, combination = self.sources[mistake.path[1]]
        inside = Mistake(mistake.path[2:], mistake.text)
        if inside.below("models", base) not in others:
            yield _located(inside, combination)


def expanded(
    variants: Any, entries: Mapping[str, Any], models: Mapping[str, ModelConfig], read: Read
) -> Expansion:
    """The models of a config and those that `variants` and `seeds` make from them.

    variants: the content of `variants`. entries: of `models`, and what was read from them.
    """
    requests, mistakes = _requests(variants)
    result = Expansion(dict(models), mistakes=mistakes)
    seeds = {name: valid_or(1, lambda m=model: m.seeds) for name, model in models.items()}
    repeated = {("models", name): Variants(of=name, seeds=n) for name, n in seeds.items() if n > 1}
    for place, wanted in [*repeated.items(), *requests.items()]:
        if wrong := _base_problems(wanted, models, result):
            result.mistakes += [mistake.below(*place) for mistake in wrong]
            continue
        wanted = replace(wanted, seeds=wanted.seeds or seeds[wanted.of])
        if wrong := _size_problems(wanted):
            result.mistakes += [mistake.below(*place) for mistake in wrong]
            continue
        entry = entries[wanted.of]
        if isinstance(entry, Mapping):
            _expand(result, place, wanted, {w: v for w, v in entry.items() if w != "seeds"}, read)
    return result


def _requests(variants: Any) -> tuple[dict[Path, Variants], list[Mistake]]:
    """The entries of `variants` by their places, and all mistakes in them."""
    if isinstance(variants, Mapping):
        listed = {("variants",): variants}
    elif isinstance(variants, list | tuple):
        listed = {("variants", number): each for number, each in enumerate(variants)}
    else:
        text = f"is {shown(variants)}; expected a mapping, or a list of mappings"
        return {}, [Mistake(("variants",), text)]
    found, mistakes = {}, []
    for place, entry in listed.items():
        made, wrong = attempt(Variants, entry)
        mistakes += [mistake.below(*place) for mistake in wrong]
        found |= {} if wrong else {place: made}
    return found, mistakes


def _base_problems(wanted: Variants, models: Mapping, result: Expansion) -> list[Mistake]:
    if wanted.of in models:
        return []
    if wanted.of in result.sources:
        base = result.sources[wanted.of][0]
        text = f"is {wanted.of!r}, itself a variant; name the entry it is made from, {base!r}"
        return [Mistake(("of",), text)]
    text = f"there is no model {wanted.of!r}{suggestion(wanted.of, models)}"
    return [Mistake(("of",), text)]


def _size_problems(wanted: Variants) -> list[Mistake]:
    many = wanted.combinations * wanted.seeds
    if many <= wanted.limit:
        return []
    text = f"makes {number(many)} models, more than `limit`, {number(wanted.limit)}; raise it, "
    return [Mistake((wanted.source,), f"{text}or give fewer values")]


def _expand(
    result: Expansion, place: Path, wanted: Variants, entry: Mapping[str, Any], read: Read
) -> None:
    """Add the models that one entry of `variants` makes, and the mistakes in it."""
    old = valid_or(None, lambda: flat_settings(result.models[wanted.of]))
    if old is None:
        return  # mistakes in the base are reported first
    known, names = read(entry)[1], []
    mistakes: dict[Any, Mistake] = {}  # of values drawn, one for each setting
    for given in combinations(wanted, old):
        combination = replace(given, place=(*place, *given.place))
        model, wrong = read(with_settings(entry, combination.settings))
        for mistake in (each for each in wrong if each not in known):
            key = mistake.path if wanted.random else mistake
            mistakes.setdefault(key, _located(mistake, combination))
        for each in () if wrong else _seeded(model, wanted.seeds):
            name = _add(result, wanted.of, old, each, combination)
            names.append(name)
    result.mistakes += mistakes.values()
    names = [*result.families.get(wanted.of, ()), *names]
    result.families[wanted.of] = tuple(sorted(dict.fromkeys(names), key=lambda n: n != wanted.of))


def _seeded(model: ModelConfig, seeds: int) -> Iterator[ModelConfig]:
    """The model with its seed and those after it; after the largest one comes 0."""
    yield model
    for further in range(1, seeds):
        seed = (model.training.seed + further) % SEEDS
        yield replace(model, training=replace(model.training, seed=seed))


def _add(
    result: Expansion,
    base: str,
    old: Mapping[str, Any],
    model: ModelConfig,
    combination: Combination,
) -> str:
    """Add a model, unless one of this base with these settings is there; return its name."""
    new = flat_settings(model)
    name = variant_name(base, old, new, [*combination.settings, SEED])
    name = result.names.setdefault((base, json.dumps(new, sort_keys=True)), name)
    if name not in result.models:
        result.models[name] = replace(model, name=name, seeds=1)
        result.sources[name] = base, combination
    elif valid_or(new, lambda: flat_settings(result.models[name])) != new:
        text = f"would make a model {name!r}, but there is one with other settings; rename that one"
        result.mistakes.append(Mistake(combination.place, text))
    return name


def _located(mistake: Mistake, combination: Combination) -> Mistake:
    """A mistake in a model, at the setting of the combination that it is about."""
    path = mistake.path
    for given in combination.settings:
        words = tuple(given.split("."))
        if path[: len(words)] == words:
            return Mistake((*combination.place, given, *path[len(words) :]), mistake.text)
        if path and words[: len(path)] == path:
            text = f"`{'.'.join(path)}` {mistake.text}"
            return Mistake((*combination.place, given), text)
    given = ", ".join(f"{path} {shown(value)}" for path, value in combination.settings.items())
    return Mistake(
        combination.place, f"with {given}: {mistake.line()}" if given else mistake.line()
    )
