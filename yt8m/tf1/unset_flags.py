"""Settings that do not follow from variables: from the graph, from options, or assumed."""

from collections.abc import Iterator, Mapping
from typing import Any

OPTIONS = {
    "gating_remove_diagonal": "--gating-remove-diagonal",
    "pooling": "--pooling",
    "coupling_factor": "--coupling-factor",
    "l2": "--l2",
}
"""The settings, and their options on the command line."""


def places(entry: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each of these settings that a recipe has, and its path in the recipe's entry.

    entry: with all defaults, as from `as_entry`.
    """
    classifier = entry.get("classifier", {})
    # The original's NetFV and GRU also gate a hidden layer, but never remove the diagonal.
    if entry["kind"] == "netvlad" and entry["gating"]:
        yield "gating_remove_diagonal", ("gating_remove_diagonal",)
    if entry.get("gating") == "probabilities":
        yield "gating_remove_diagonal", ("remove_diagonal",)
    if classifier.get("gating") == "probabilities":
        yield "gating_remove_diagonal", ("classifier", "remove_diagonal")
    if "pooling" in entry:
        yield "pooling", ("pooling",)
    if entry.get("coupled"):
        yield "coupling_factor", ("coupling_factor",)
    yield "l2", ("classifier", "l2") if classifier else ("l2",)


def filled(entry: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with the known settings, by the keys of OPTIONS, filled in."""
    changed = dict(entry)
    for word, (*above, last) in places(entry):
        if word in known:
            if above:
                changed[above[0]] = {**changed[above[0]], last: known[word]}
            else:
                changed[last] = known[word]
    return changed


def assumed(entry: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """A line for each of these settings that is unknown and keeps its default."""
    lines = []
    for word, path in places(entry):
        if word not in known:
            value: Any = entry
            for part in path:
                value = value[part]
            text = str(value).lower() if isinstance(value, bool) else value
            lines.append(f"{'.'.join(path)}: {text} is assumed; use {OPTIONS[word]} to change it")
    return lines
