"""A small layered layout of an acyclic graph, from left to right.

The steps of Sugiyama, Tagawa & Toda 1981 (doi:10.1109/TSMC.1981.4308636), each in its simplest
form: layers by the longest path from a source, dummy nodes where an edge crosses a layer, and an
order within each layer by the mean position of the neighbours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[str, str]
Size = tuple[float, float]
PASSING_HEIGHT = 14.0
"""Height for edges that cross a layer."""


@dataclass(frozen=True)
class Layout:
    """places: node -> left and top. routes: edge -> points (x, y) on it, including its ends."""

    places: Mapping[str, tuple[float, float]]
    routes: Mapping[Edge, list[tuple[float, float]]]
    width: float
    height: float


def layered(sizes: Mapping[str, Size], edges: Sequence[Edge], across: float, down: float) -> Layout:
    """Places of nodes (name -> width, height), `across` between layers, `down` between nodes.

    Edges from one node that cross the same layer share their dummy node, so they are bundled.
    """
    depth = _depths(list(sizes), edges)
    paths = {edge: _path(edge, depth) for edge in edges}
    steps = sorted({step for path in paths.values() for step in pairwise(path)})
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in [*sizes, *(p for path in paths.values() for p in path[1:-1])]:
        layer = layers[_layer(name, depth)]
        if name not in layer:
            layer.append(name)
    _order(layers, steps)
    all_sizes = _with_passing(layers, sizes)
    places, width, height = _places(layers, all_sizes, across, down)
    routes = {e: _route(path, places, all_sizes) for e, path in paths.items()}
    return Layout({n: places[n] for n in sizes}, routes, width, height)


def _depths(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Longest path from a node without predecessors, in edges."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        for a, b in edges:
            depth[b] = max(depth[b], depth[a] + 1)
    return depth


def _path(edge: Edge, depth: Mapping[str, int]) -> list[str]:
    a, b = edge
    return [a, *(f"{a}>{layer}" for layer in range(depth[a] + 1, depth[b])), b]


def _layer(name: str, depth: Mapping[str, int]) -> int:
    return depth[name] if name in depth else int(name.rsplit(">", 1)[1])


def _order(layers: list[list[str]], steps: Sequence[Edge], sweeps: int = 6) -> None:
    """Sort each layer by the positions of its neighbours: from the left, then from the right."""
    before = {b: [a for a, other in steps if other == b] for _, b in steps}
    after = {a: [b for other, b in steps if other == a] for a, _ in steps}
    for sweep in range(2 * sweeps):
        neighbours = before if sweep % 2 == 0 else after
        ordered = layers if sweep % 2 == 0 else layers[::-1]
        position: dict[str, float] = {}
        for layer in ordered:
            own = {name: (i + 0.5) / len(layer) for i, name in enumerate(layer)}
            means = {n: _mean([position[m] for m in neighbours.get(n, [])], own[n]) for n in layer}
            layer.sort(key=lambda name: (round(means[name], 9), own[name]))
            position |= {name: (i + 0.5) / len(layer) for i, name in enumerate(layer)}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _with_passing(layers: Sequence[Sequence[str]], sizes: Mapping[str, Size]) -> dict[str, Size]:
    """Sizes of nodes and of dummy nodes, which are as wide as their layer."""
    found = dict(sizes)
    for layer in layers:
        width = max(sizes[n][0] for n in layer if n in sizes)
        found |= {n: (width, PASSING_HEIGHT) for n in layer if n not in sizes}
    return found


def _places(
    layers: Sequence[Sequence[str]], sizes: Mapping[str, Size], across: float, down: float
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Left and top of each node: layers side by side, each centred vertically."""
    heights = [sum(sizes[n][1] for n in layer) + down * (len(layer) - 1) for layer in layers]
    height = max(heights)
    places, left = {}, 0.0
    for layer, own in zip(layers, heights, strict=True):
        width, top = max(sizes[n][0] for n in layer), (height - own) / 2
        for name in layer:
            places[name] = (left + (width - sizes[name][0]) / 2, top)
            top += sizes[name][1] + down
        left += width + across
    return places, left - across, height


def _route(
    path: Sequence[str], places: Mapping[str, tuple[float, float]], sizes: Mapping[str, Size]
) -> list[tuple[float, float]]:
    """From the right side of the first node, horizontally across layers, to the last one's left."""
    points = []
    for name in path:
        (left, top), (width, height) = places[name], sizes[name]
        points += [(left, top + height / 2), (left + width, top + height / 2)]
    return points[1:-1]
