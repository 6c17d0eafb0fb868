"""The message at the end of a run: metrics of the final ensemble, what to know about them, path of
the report.
"""

from collections.abc import Mapping
from pathlib import Path

from yt8m.artefacts import read_fingerprint
from yt8m.data.few_videos import measured_on_few
from yt8m.errors import ArtefactError
from yt8m.json_files import read_json
from yt8m.metrics.files import read_metrics
from yt8m.metrics.intervals import interval
from yt8m.metrics.resample_files import read_resamples
from yt8m.report.left_out import read_left_out
from yt8m.report.number_format import count, interval_text, metric
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
    """Lines about the run in `layout`; empty if its report was not written again.

    before: the page's stamp before the run. Only the last line if the results cannot be read: the
    run has succeeded, so its last message must not fail.
    """
    if stamp(Path(layout.report)) in (None, before):
        return ""
    try:
        lines = _about_results(layout, read_facts(layout.run))
    except (ArtefactError, KeyError, TypeError):
        lines = []
    return "\n".join([*lines, f"Report: {layout.report}"])


def _about_results(layout: Layout, made: Facts) -> list[str]:
    folder = layout.ensemble(made.final)
    measures = {s: read_metrics(Path(metric_files(folder, s)["metrics"])) for s in made.evaluate}
    few = {split: measured_on_few(found) for split, found in measures.items()}
    lines = [
        _headline(layout, made.final, measures),
        *(f"{split} has {words}: GAP is mostly chance" for split, words in few.items() if words),
    ]
    if number := read_left_out(layout, read_json(layout.run)):
        lines.append(f"{count(number)} video{'s' * (number > 1)} left out: {layout.left_out}")
    return lines


def _interval(layout: Layout, final: str, split: str, measures: Mapping) -> str:
    """` [0.7204, 0.7410]`, where videos were resampled and are enough."""
    path = Path(layout.resamples(split))
    if not path.is_file() or measured_on_few(measures):
        return ""
    resamples = read_resamples(path)
    graph = read_fingerprint(Path(layout.fingerprint(final)))["digest"]
    if graph not in resamples.graphs:
        return ""
    found = interval(measures["gap"], resamples.graphs[graph]["gap"], resamples.level)
    return f" {interval_text(found)}" if found else ""


def _headline(layout: Layout, final: str, measures: Mapping[str, Mapping]) -> str:
    results = ", ".join(
        f"GAP {metric(found['gap'])}{_interval(layout, final, split, found)} on {split}"
        for split, found in measures.items()
    )
    size = read_json(Path(layout.size(final)))
    budget = size["budget_bytes"]
    of = "" if budget is None else f" of {count(budget)}"
    return f"{final}: {results}; {count(size['size_bytes'])}{of} bytes"
