"""Settings of a model that no variable tells: read off its graph, given, or assumed."""

from collections.abc import Iterator, Mapping
from typing import Any

OPTIONS = {
    "gating_remove_diagonal": "--gating-remove-diagonal",
    "pooling": "--pooling",
    "coupling_factor": "--coupling-factor",
    "l2": "--l2",
}
"""The settings, and what gives them on the command line."""


def places(entry: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each of these settings that a recipe has, and where it stands in the recipe's entry.

    entry: every default filled in, as `as_entry` makes it.
    """
    classifier = entry.get("classifier", {})
    # The original's NetFV and GRU gate a hidden layer too, but never without the diagonal.
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
    """The entry with the settings that are known, by the words of OPTIONS, in their places."""
    changed = dict(entry)
    for word, (*above, last) in places(entry):
        if word in known:
            if above:
                changed[above[0]] = {**changed[above[0]], last: known[word]}
            else:
                changed[last] = known[word]
    return changed


def assumed(entry: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """A line for each of these settings that keeps its default because nothing tells it."""
    lines = []
    for word, path in places(entry):
        if word not in known:
            value: Any = entry
            for part in path:
                value = value[part]
            text = str(value).lower() if isinstance(value, bool) else value
            lines.append(f"{'.'.join(path)}: {text} is assumed; {OPTIONS[word]} says otherwise")
    return lines
