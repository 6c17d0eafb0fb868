"""Names of variants, such as `vlad_clusters8_learning_rate0p003_seed2`.

A name tells the settings in which a model differs from the entry that it was made from. It depends
on their values alone: not on how or in which order they are written, nor on other variants.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from yt8m.names import LONGEST

PLAIN = re.compile("[A-Za-z]+(_[a-z]+)*")
"""Texts that become part of a name as they are."""

Settings = Mapping[str, Any]
"""Dotted path -> value, as of `flat_settings`."""


def variant_name(base: str, old: Settings, new: Settings, changed: Collection[str]) -> str:
    """The name of a model with the settings `new`, made from the entry `base` with `old`.

    changed: dotted paths of the settings that were given, or of mappings that hold them. It is
    `base` itself if none of the settings differ.
    """
    if new == old:
        return base
    found = {path: new.get(path) for path in _differing(old, new, changed)}
    labels = [_label(_word(path, new), value) for path, value in found.items()]
    name = "_".join([base, *labels])
    if found and len(name) <= LONGEST:
        return name
    digest = _digest([base, found or dict(new)])
    return f"{name[: LONGEST - len(digest) - 1]}_{digest}"


def _differing(old: Settings, new: Settings, changed: Collection[str]) -> list[str]:
    """The settings that were given and differ, in the order of a model's settings.

    At the end, those that the model no longer has, such as a mapping that became null.
    """
    given = [path for path in new if any(_is_in(path, c) for c in changed)]
    gone = {_outermost(path, c, new) for c in changed for path in old if _is_gone(path, c, new)}
    return [*(path for path in given if old.get(path) != new[path]), *sorted(gone)]


def _is_gone(path: str, changed: str, new: Settings) -> bool:
    return _is_in(path, changed) and not _has(new, path)


def _outermost(path: str, changed: str, new: Settings) -> str:
    """The shortest beginning of `path`, from `changed` on, that nothing is left of."""
    parts = path.split(".")
    ends = range(changed.count(".") + 1, len(parts) + 1)
    return next(start for end in ends if not _has(new, start := ".".join(parts[:end])))


def _has(settings: Settings, path: str) -> bool:
    return any(_is_in(other, path) for other in settings)


def _is_in(path: str, above: str) -> bool:
    return f"{path}.".startswith(f"{above}.")


def _word(path: str, paths: Iterable[str]) -> str:
    """The shortest end of a path that is not also the end of a setting before it."""
    before = []
    for other in paths:
        if other == path:
            break
        before.append(f".{other}")
    parts = path.split(".")
    ends = (".".join(parts[start:]) for start in range(len(parts) - 1, -1, -1))
    clear = (end for end in ends if not any(other.endswith(f".{end}") for other in before))
    return next(clear, path).replace(".", "_")


def _label(word: str, value: Any) -> str:
    adjoins = _is_number(value) and not word[-1].isdigit()
    return f"{word}{'' if adjoins else '_'}{_text(value)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    """A value as part of a name; other values have other texts."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if _is_number(value):
        return _number(value)
    if isinstance(value, list) and value and all(map(_is_number, value)):
        return "_".join(map(_number, value))
    if isinstance(value, str) and PLAIN.fullmatch(value):
        return value
    readable = re.sub("[^A-Za-z0-9]+", "_", value).strip("_")[:20] if isinstance(value, str) else ""
    return "_".join(filter(None, [readable, _digest(value)[:6]]))


def _number(value: float) -> str:
    """Such as 16, 0p003 or 1em05: a letter in place of each character that no name may have."""
    text = repr(value).removesuffix(".0")
    return text.replace(".", "p").replace("-", "m").replace("+", "")


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
