"""Words with a mark, `models!: {...}`: what they hold takes the place of what was there, whole.

Mappings of several config files are merged, and a model's own words are laid over the defaults at
the top. The mark is for what should not be merged. Snakemake merges files before anybody sees them,
and a word with the mark is another word to it, so both are there in the end.
"""

from collections.abc import Mapping
from typing import Any

MARK = "!"


class Replacement(dict):
    """A mapping that takes the place of others, and is not merged with them."""


def without_marks(value: Any) -> Any:
    """The same without marks, at every depth: a word with one wins over the word without."""
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


def merged(defaults: Any, own: Any) -> Any:
    """`own` over `defaults`, mappings within mappings too; another `kind` starts afresh."""
    both = isinstance(defaults, Mapping) and isinstance(own, Mapping)
    if (
        not both
        or isinstance(own, Replacement)
        or own.get("kind", old := defaults.get("kind")) != old
    ):
        return own
    inside = {word: merged(defaults.get(word), value) for word, value in own.items()}
    return {**defaults, **inside}


def _is_marked(word: Any) -> bool:
    return isinstance(word, str) and word.endswith(MARK) and len(word) > 1
