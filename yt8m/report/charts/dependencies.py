"""The experiment as a graph: what was made from what, from records to predictions."""

from dataclasses import dataclass

from yt8m.report.charts.layout import Edge
from yt8m.report.content import Content, Ensemble, Model
from yt8m.report.number_format import metric, several, size

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
"""Rules of the workflow that make a node, in order."""


@dataclass(frozen=True)
class Node:
    """Its title, a line below, its sort (a key of HEADINGS), and its rules."""

    title: str
    line: str
    sort: str
    rules: tuple[str, ...]


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
    before = ("choose",) if ensemble.choice else ()
    before += ("learn_weights",) if ensemble.weight_learning else ()
    before += ("plan", "compress") if ensemble.plan else ()
    made = (*before, *RULES[sort]) if ensemble.stages else ("import_ensemble",)
    return Node(ensemble.name, line, sort, made)
