"""The message at the end of a run: metrics of the final ensemble, path of the report."""

from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.json_files import read_json
from yt8m.metrics.files import read_metrics
from yt8m.report.number_format import count, metric
from yt8m.workflow.facts import Facts, read_facts
from yt8m.workflow.layout import Layout, metric_files

Stamp = tuple[int, int] | None


def stamp(page: Path) -> Stamp:
    """The identity of a page, which changes when it is written again; None if there is no page."""
    try:
        found = page.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def end_message(layout: Layout, before: Stamp) -> str:
    """Two lines about the run in `layout`; empty if its report was not written again.

    before: the page's stamp before the run. Only the second line if the results cannot be read: the
    run has succeeded, so its last message must not fail.
    """
    if stamp(Path(layout.report)) in (None, before):
        return ""
    try:
        return f"{_headline(layout, read_facts(layout.run))}\nReport: {layout.report}"
    except (ArtefactError, KeyError, TypeError):
        return f"Report: {layout.report}"


def _headline(layout: Layout, made: Facts) -> str:
    folder, final = layout.ensemble(made.final), made.final
    metrics = {split: metric_files(folder, split)["metrics"] for split in made.evaluate}
    gaps = [(split, read_metrics(Path(path))["gap"]) for split, path in metrics.items()]
    results = ", ".join(f"GAP {metric(gap)} on {split}" for split, gap in gaps)
    size = read_json(Path(layout.size(final)))
    budget = size["budget_bytes"]
    of = "" if budget is None else f" of {count(budget)}"
    return f"{final}: {results}; {count(size['size_bytes'])}{of} bytes"
