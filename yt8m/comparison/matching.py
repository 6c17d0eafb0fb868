"""Which graphs can be compared with each other, and which of them are the same."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from yt8m.comparison.graphs import Graph, LeftOut
from yt8m.config.repeated import SEED, repeated


def on_same_records(
    graphs: Sequence[Graph], reference: Graph | None
) -> tuple[list[Graph], list[LeftOut]]:
    """The graphs that were evaluated on the same records, with the same `top_k`, and the others.

    The records are those of the reference, or else of most graphs.
    """
    kept = _measured_on(reference) if reference else _most_common(map(_measured_on, graphs))
    others = [LeftOut(g.label, _difference(g, kept)) for g in graphs if _measured_on(g) != kept]
    return [g for g in graphs if _measured_on(g) == kept], others


def _measured_on(graph: Graph) -> tuple[str, Any, Any]:
    return graph.records, graph.metrics["top_k"], graph.metrics["videos"]


def _most_common(found: Iterable[tuple]) -> tuple:
    return Counter(found).most_common(1)[0][0]


def _difference(graph: Graph, kept: tuple[str, Any, Any]) -> str:
    records, top_k, videos = kept
    if graph.metrics["top_k"] != top_k:
        return f"was evaluated with top_k {graph.metrics['top_k']}, the others with {top_k}"
    return (
        f"was evaluated on other records (digest {graph.records[:12]}, "
        f"{graph.metrics['videos']:,} videos) than the others ({records[:12]}, {videos:,} videos)"
    )


def each_once(
    graphs: Sequence[Graph], reference: Graph | None
) -> tuple[list[Graph], list[LeftOut]]:
    """The graphs without those of other runs that are the same, which `also` names, and others
    that have the same settings but are not the same.

    A graph of the same settings and seed in another run is the same one made twice, and not a
    repetition, which would have a seed of its own. Of such graphs, the reference or else the first
    one is compared.
    """
    found: dict[str, list[Graph]] = {}
    for graph in graphs:
        key = identity({**graph.settings, "stage": graph.stage})
        found.setdefault(key, []).append(graph)
    kept, others = [], []
    for same in found.values():
        first = next((g for g in same if reference and g.label == reference.label), same[0])
        again = [g for g in same if g is not first and _same_graph(g, first)]
        kept.append(replace(first, also=tuple(map(_again, again))))
        others += [_otherwise(g, first) for g in same if not _same_graph(g, first)]
    return kept, others


def _same_graph(graph: Graph, other: Graph) -> bool:
    """Whether two digests are equal; one that is unknown is like any other."""
    return None in (graph.digest, other.digest) or graph.digest == other.digest


def _otherwise(graph: Graph, first: Graph) -> LeftOut:
    reason = (
        f"has the same settings as {first.label}, but is another graph (GAP {graph.gap:.4f} and "
        f"{first.gap:.4f}), such as one made by another version or on another device; it is not a "
        "repetition, which has a seed of its own"
    )
    return LeftOut(graph.label, reason)


def _again(graph: Graph) -> str:
    return f"{graph.label} (GAP {graph.gap:.4f})"


def identity(settings: Mapping[str, Any]) -> str:
    """Equal for equal settings; one that is not given is like one that is null."""
    return json.dumps({p: v for p, v in settings.items() if v is not None}, sort_keys=True)


def repeated_together(graphs: Sequence[Graph]) -> list[tuple[Graph, ...]]:
    """The graphs in groups of those that differ in nothing but their seed, in order of the first.

    Ensembles, which have no seed, are alone.
    """
    seeded = {g.label: g for g in graphs if SEED in g.settings}
    settings = {n: {**_given(g.settings), "stage": g.stage} for n, g in seeded.items()}
    groups = repeated(settings)
    grouped = {member for group in groups.values() for member in group}
    alone = {g.label: (g,) for g in graphs if g.label not in grouped}
    together = {n: tuple(seeded[member] for member in group) for n, group in groups.items()}
    rows = alone | together
    return [rows[graph.label] for graph in graphs if graph.label in rows]


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {path: value for path, value in settings.items() if value is not None}
