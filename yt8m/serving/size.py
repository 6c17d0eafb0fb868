"""The size of an ensemble on disk, and whether it fits its budget."""

from pathlib import Path
from typing import Any

from yt8m.artefacts import GRAPH
from yt8m.errors import ArtefactError
from yt8m.serving.contents import read_whole_ensemble
from yt8m.text_tables import format_table, numbers, words


def measure(folder: Path, budget_bytes: int | None) -> dict[str, Any]:
    """Size of the graph in `folder`, in total and by member.

    `graph_bytes` are all bytes besides weights; of them `raw_bytes`, if the graph takes extractors'
    values, are projections.

    Raises ArtefactError for a graph of another ensemble, and with a table of the largest variables
    if the budget is exceeded.
    """
    described = read_whole_ensemble(folder)
    files = sorted(p for p in (folder / GRAPH).rglob("*") if p.is_file())
    size_bytes = sum(p.stat().st_size for p in files)
    members = {
        m["name"]: sum(v["size_bytes"] for v in m["variables"]) for m in described["members"]
    }
    elements = sum(v["elements"] for m in described["members"] for v in m["variables"])
    if budget_bytes is not None and size_bytes > budget_bytes:
        raise ArtefactError(_over_budget(described, size_bytes, budget_bytes))
    raw = described.get("raw_bytes")
    return {
        "name": described["name"],
        "size_bytes": size_bytes,
        "budget_bytes": budget_bytes,
        "member_bytes": members,
        "graph_bytes": size_bytes - sum(members.values()),
        "parameters": elements,
        **({"raw_bytes": raw} if raw is not None else {}),
    }


def _of_projections(described: dict[str, Any]) -> str:
    if not (raw := described.get("raw_bytes")):
        return ""
    return f", of which {raw:,} are projections, which `raw: false` leaves out"


def _over_budget(described: dict[str, Any], size_bytes: int, budget_bytes: int) -> str:
    rows = [
        (v["size_bytes"], m["name"], v["variable"], v["stored_as"])
        for m in described["members"]
        for v in m["variables"]
    ]
    largest = format_table(
        [*numbers("bytes"), *words("member", "variable", "stored as")],
        [(f"{n:,}", *names) for n, *names in sorted(rows, reverse=True)[:20]],
    )
    stored = sum(size for size, *_ in rows)
    return (
        f"ensembles.{described['name']}: {size_bytes:,} bytes on disk, "
        f"{size_bytes - budget_bytes:,} more than its budget_bytes of {budget_bytes:,}; "
        f"{size_bytes - stored:,} are the graph itself{_of_projections(described)}. Leave a member "
        f"out, make one smaller or quantise more. The largest variables:\n{largest.rstrip()}"
    )
