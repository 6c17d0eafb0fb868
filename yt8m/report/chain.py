"""The experiment as a picture: what was made from what, from records to predictions."""

from dataclasses import dataclass

from markupsafe import Markup

from yt8m.report.content import STAGES, Content, Ensemble, Model
from yt8m.report.layout import Edge, Layout, layered
from yt8m.report.spelling import score, several, size
from yt8m.report.svg import curve, element, figure, group, rect, shortened, text

ACROSS, DOWN, TOP = 38.0, 12.0, 26.0
HEADINGS = {
    "records": "records",
    "base": "models",
    "teacher": "teacher",
    "shards": "distilled shards",
    "student": "students",
    "final": "final",
    "predictions": "predictions",
}


@dataclass(frozen=True)
class Node:
    """A box: its title, a line below, and what sort of thing it is (a word of HEADINGS)."""

    title: str
    line: str
    sort: str
    width: float = 128.0
    height: float = 44.0


def chain(content: Content) -> Markup:
    """The picture; layers stand in columns, time runs to the right."""
    nodes, edges = nodes_and_edges(content)
    sizes = {name: (node.width, node.height) for name, node in nodes.items()}
    layout = layered(sizes, edges, ACROSS, DOWN)
    parts = [_edge(layout.routes[edge]) for edge in edges]
    parts += [_box(node, *layout.places[name]) for name, node in nodes.items()]
    below = element("g", *parts, transform=f"translate(2 {TOP:g})")
    headings = _headings(nodes, layout)
    words = "What was made from what: " + ", ".join(node.title for node in nodes.values())
    return figure(layout.width + 4, layout.height + TOP + 8, words, below, *headings)


def nodes_and_edges(content: Content) -> tuple[dict[str, Node], list[Edge]]:
    """What the configs say about who is made from whom."""
    manifest = content.manifests[content.train]
    line = several(manifest.records, "video")
    nodes = {"records": Node(content.train, line, "records", 96)}
    edges: list[Edge] = []
    for model in content.models.values():
        nodes[f"model {model.name}"] = _model_node(content, model)
        edges += _sources(content, model)
    for ensemble in content.ensembles.values():
        nodes[f"ensemble {ensemble.name}"] = _ensemble_node(content, ensemble)
        edges += [(f"model {name}", f"ensemble {ensemble.name}") for name in ensemble.members]
    for teacher in sorted({m.config.teacher for m in content.models.values() if m.config.teacher}):
        manifest = content.distilled.get(teacher)
        line = several(len(manifest.shards), "shard") if manifest else ""
        nodes[f"shards {teacher}"] = Node(f"by {teacher}", line, "shards", 108)
        edges += [("records", f"shards {teacher}"), (f"ensemble {teacher}", f"shards {teacher}")]
    best = f"top {content.final.measures[content.split]['top_k']} of a video"
    nodes["predictions"] = Node("predictions", best, "predictions", 116)
    edges.append((f"ensemble {content.final.name}", "predictions"))
    return nodes, edges


def _sources(content: Content, model: Model) -> list[Edge]:
    """Records, and a teacher's shards; shards that are whole records stand in for those."""
    teacher = model.config.teacher
    name = f"model {model.name}"
    if not teacher:
        return [("records", name)]
    manifest = content.distilled.get(teacher)
    alone = manifest is not None and manifest.kind == "frames"
    return [(f"shards {teacher}", name)] + ([] if alone else [("records", name)])


def _model_node(content: Content, model: Model) -> Node:
    line = f"{model.kind} · {score(content.gap(model.stages['quantised']))}"
    return Node(model.name, line, "student" if model.config.teacher else "base", 138)


def _ensemble_node(content: Content, ensemble: Ensemble) -> Node:
    line = f"{size(ensemble.size_bytes)} · {score(content.gap(ensemble))}"
    return Node(ensemble.name, line, "final" if ensemble is content.final else "teacher", 124)


def _edge(points: list[tuple[float, float]]) -> Markup:
    """Curves between layers, level past a layer."""
    crossings = zip(points[::2], points[1::2], strict=True)
    path = "L".join(curve(*start, *end) for start, end in crossings)
    return element("path", d=path.replace("LM", "L"), class_="edge")


def _box(node: Node, left: float, top: float) -> Markup:
    """Title, line, and for a model the colours of its three stages along the lower edge."""
    room = node.width - 18
    parts = [
        rect(left, top, node.width, node.height, f"box {node.sort}", radius=6),
        text(left + 10, top + 18, shortened(node.title, room, 13), "strong"),
        text(left + 10, top + 34, shortened(node.line, room, 11), "small"),
    ]
    if node.sort in ("base", "student"):
        width = (node.width - 20) / len(STAGES)
        for i, stage in enumerate(STAGES):
            x = left + 10 + i * width
            parts.append(rect(x, top + node.height - 5, width - 2, 3, f"strip {stage}", radius=1))
    return group(*parts, note=f"{node.title}: {node.line}")


def _headings(nodes: dict[str, Node], layout: Layout) -> list[Markup]:
    """Above each column, what its first box is."""
    first: dict[float, Node] = {}
    for name, (left, _) in layout.places.items():
        node = nodes[name]
        first.setdefault(left + node.width / 2, node)
    return [
        text(middle + 2, 14, HEADINGS[node.sort], "heading", "middle")
        for middle, node in sorted(first.items())
    ]
