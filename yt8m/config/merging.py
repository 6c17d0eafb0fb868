"""Keys with a mark, `models!: {...}`, whose value replaces another instead of merging with it.

Mappings of several config files are merged, and a model's own settings override the defaults at the
top. The mark prevents merging. Snakemake merges the files first and treats a key with the mark as a
different key, so its result contains both.
"""

from collections.abc import Mapping
from typing import Any

from yt8m.alternatives import alternatives_of
from yt8m.strict import hints_of, settings_inside

MARK = "!"


class Replacement(dict):
    """A mapping that replaces others instead of being merged with them."""


def without_marks(value: Any) -> Any:
    """The same without marks, at every depth: a marked key overrides the unmarked one."""
    if isinstance(value, list):
        return [without_marks(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    kind = Replacement if isinstance(value, Replacement) else dict
    plain = kind(
        {word: without_marks(inner) for word, inner in value.items() if not _is_marked(word)}
    )
    for word, inner in value.items():
        if _is_marked(word):
            inside = without_marks(inner)
            plain[word[:-1]] = Replacement(inside) if isinstance(inside, Mapping) else inside
    return plain


def merged(defaults: Any, own: Any, cls: type | None = None) -> Any:
    """`defaults` recursively overridden by `own`; a different `kind` discards the defaults.

    cls: the settings class that reads them, if known: one of its `ALTERNATIVES` overrides another.
    """
    both = isinstance(defaults, Mapping) and isinstance(own, Mapping)
    if (
        not both
        or isinstance(own, Replacement)
        or own.get("kind", old := defaults.get("kind")) != old
    ):
        return own
    inside = {w: merged(defaults.get(w), value, class_inside(cls, w)) for w, value in own.items()}
    for group in alternatives_of(cls):
        defaults = group.without_rivals(defaults, own)
    return {**defaults, **inside}


def class_inside(cls: type | None, word: str) -> type | None:
    """The settings class of a field, if it is known to have one."""
    hint = hints_of(cls).get(word) if cls else None
    return settings_inside(hint)[0]


def _is_marked(word: Any) -> bool:
    return isinstance(word, str) and word.endswith(MARK) and len(word) > 1
