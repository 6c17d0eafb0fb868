"""The experiment as a graph: what was made from what, from records to predictions."""

from dataclasses import dataclass

from markupsafe import Markup

from yt8m.report.content import Content, Ensemble, Model
from yt8m.report.drawing.layout import Edge, Layout, layered
from yt8m.report.drawing.svg import curve, element, figure, group, rect, shortened, text, text_width
from yt8m.report.number_format import metric, several, size
from yt8m.workflow.layout import STAGES

ACROSS, DOWN, TOP = 38.0, 12.0, 40.0
HEIGHT, INSET = 44.0, 10.0
BOLD = 14.5
"""Bold text of 13 pixels is about as wide as regular text of this size."""
HEADINGS = {
    "records": "records",
    "base": "models",
    "teacher": "teacher",
    "shards": "distilled shards",
    "student": "students",
    "final": "final",
    "predictions": "predictions",
}
RULES = {
    "records": ("manifest",),
    "base": ("train", "ema", "quantise"),
    "teacher": ("ensemble",),
    "shards": ("distil",),
    "student": ("train", "ema", "quantise"),
    "final": ("ensemble",),
    "predictions": ("predict", "submit"),
}
"""Rules of the workflow that make a box, in order."""


@dataclass(frozen=True)
class Node:
    """A box: its title, a line below, its sort (a key of HEADINGS), and its rules."""

    title: str
    line: str
    sort: str
    rules: tuple[str, ...]

    @property
    def width(self) -> float:
        """Width for both lines, within limits."""
        words = max(text_width(self.title, BOLD), text_width(self.line, 11))
        return min(max(words + 2 * INSET, 92.0), 190.0)


def chain(content: Content) -> Markup:
    """The figure; layers are columns, from left to right."""
    nodes, edges = nodes_and_edges(content)
    widths = _widths(nodes)
    sizes = {name: (widths[node.sort], HEIGHT) for name, node in nodes.items()}
    layout = layered(sizes, edges, ACROSS, DOWN)
    parts = [_edge(layout.routes[edge]) for edge in edges]
    parts += [_box(n, *layout.places[name], widths[n.sort]) for name, n in nodes.items()]
    below = element("g", *parts, transform=f"translate(2 {TOP:g})")
    headings = _headings(nodes, layout, widths)
    words = "What was made from what: " + ", ".join(node.title for node in nodes.values())
    return figure(layout.width + 4, layout.height + TOP + 8, words, below, *headings)


def nodes_and_edges(content: Content) -> tuple[dict[str, Node], list[Edge]]:
    """Nodes and edges of the dependencies in the configs."""
    manifest = content.manifests[content.train]
    line = several(manifest.records, "video")
    nodes = {"records": Node(content.train, line, "records", RULES["records"])}
    edges: list[Edge] = []
    for model in content.models.values():
        nodes[f"model {model.name}"] = _model_node(content, model)
        edges += _sources(content, model)
    for ensemble in content.ensembles.values():
        nodes[f"ensemble {ensemble.name}"] = _ensemble_node(content, ensemble)
        edges += [(f"model {name}", f"ensemble {ensemble.name}") for name in ensemble.stages]
    for teacher in sorted({m.config.teacher for m in content.students}):
        manifest = content.distilled.get(teacher)
        line = several(len(manifest.shards), "shard") if manifest else ""
        nodes[f"shards {teacher}"] = Node(f"by {teacher}", line, "shards", RULES["shards"])
        edges += [("records", f"shards {teacher}"), (f"ensemble {teacher}", f"shards {teacher}")]
    best = f"top {content.final.measures[content.split]['top_k']} per video"
    nodes["predictions"] = Node("predictions", best, "predictions", RULES["predictions"])
    edges.append((f"ensemble {content.final.name}", "predictions"))
    return nodes, edges


def _widths(nodes: dict[str, Node]) -> dict[str, float]:
    """Boxes of one sort have the width of the widest one."""
    found: dict[str, float] = {}
    for node in nodes.values():
        found[node.sort] = max(node.width, found.get(node.sort, 0.0))
    return found


def _sources(content: Content, model: Model) -> list[Edge]:
    """A model's records and soft labels; distilled full records replace the records."""
    teacher = model.config.teacher
    name = f"model {model.name}"
    if not teacher:
        return [("records", name)]
    manifest = content.distilled.get(teacher)
    alone = manifest is not None and manifest.kind == "frames"
    return [(f"shards {teacher}", name)] + ([] if alone else [("records", name)])


def _model_node(content: Content, model: Model) -> Node:
    line = f"{model.kind} · {metric(content.gap(model.stages['quantised']))}"
    sort = "student" if model.config.teacher else "base"
    return Node(model.name, line, sort, RULES[sort])


def _ensemble_node(content: Content, ensemble: Ensemble) -> Node:
    line = f"{size(ensemble.size_bytes)} · {metric(content.gap(ensemble))}"
    sort = "final" if ensemble is content.final else "teacher"
    before = ("learn_weights",) if ensemble.weight_learning else ()
    before += ("plan", "compress") if ensemble.plan else ()
    made = (*before, *RULES[sort]) if ensemble.stages else ("import_ensemble",)
    return Node(ensemble.name, line, sort, made)


def _edge(points: list[tuple[float, float]]) -> Markup:
    """Curves between layers, horizontal across a layer."""
    crossings = zip(points[::2], points[1::2], strict=True)
    path = "L".join(curve(*start, *end) for start, end in crossings)
    return element("path", d=path.replace("LM", "L"), class_="edge")


def _box(node: Node, left: float, top: float, width: float) -> Markup:
    """Title, line, and for a model the colours of its three stages at the lower edge."""
    room = width - 2 * INSET
    parts = [
        rect(left, top, width, HEIGHT, f"box {node.sort}", radius=6),
        text(left + INSET, top + 18, shortened(node.title, room, BOLD), "strong"),
        text(left + INSET, top + 34, shortened(node.line, room, 11), "small"),
    ]
    if node.sort in ("base", "student"):
        step = room / len(STAGES)
        for i, stage in enumerate(STAGES):
            x = left + INSET + i * step
            parts.append(rect(x, top + HEIGHT - 5, step - 2, 3, f"strip {stage}", radius=1))
    return group(*parts, note=f"{node.title}: {node.line}")


def _headings(nodes: dict[str, Node], layout: Layout, widths: dict[str, float]) -> list[Markup]:
    """Above each column, the sort of its first box, and the rules that make it."""
    first: dict[int, Node] = {}
    for name, (left, _) in layout.places.items():
        node = nodes[name]
        first.setdefault(round(left + widths[node.sort] / 2), node)
    lines = [(14, "heading", lambda node: HEADINGS[node.sort])]
    lines += [(30, "small", lambda node: " → ".join(node.rules))]
    return [
        text(middle + 2, y, words(node), style, "middle")
        for middle, node in sorted(first.items())
        for y, style, words in lines
    ]
