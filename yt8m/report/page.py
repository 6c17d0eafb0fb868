"""The whole page: the parts of the report in the template."""

from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.calibration.summary_files import reliability_in
from yt8m.report.budget import budget_finding, trials_table
from yt8m.report.charts.budget import budget_figure
from yt8m.report.charts.chain import chain
from yt8m.report.charts.frontier import frontier_figure
from yt8m.report.charts.gap_by_stage import gap_by_stage
from yt8m.report.charts.learning_curves import learning_curves
from yt8m.report.charts.member_bytes import bytes_bars
from yt8m.report.charts.precision import precision_by_positives
from yt8m.report.charts.reliability import reliability_figure
from yt8m.report.charts.size_and_gap import size_against_gap
from yt8m.report.choices import candidate_tables
from yt8m.report.class_table import class_script, class_table, reference
from yt8m.report.classes import classes_summary
from yt8m.report.commands import commands
from yt8m.report.content import Content
from yt8m.report.error_section import error_section
from yt8m.report.frame import render_page
from yt8m.report.frontier import frontier_table
from yt8m.report.headline import headline, role, taken_over
from yt8m.report.judging import judgement
from yt8m.report.links import config_links, frontier_link, left_out_link, place_of, result_links
from yt8m.report.reliability import (
    reliability_summary,
    thresholds_summary,
)
from yt8m.report.repetitions import repetitions_table, seeds_finding
from yt8m.report.setup import record_summary, run_table, settings_table, splits_table
from yt8m.report.step_tables import ensembles_table, models_table
from yt8m.report.steps import COMPARED, findings
from yt8m.report.storage import members_table, variables_table
from yt8m.report.summary import chance, summary, tiles
from yt8m.report.validation import validated
from yt8m.report.videos import cards
from yt8m.workflow.layout import Layout


def write_report(
    content: Content, path: Path, results: Path | None = None, class_gains: Path | None = None
) -> None:
    """Write the page to `path`, with links into the folder `results`, by default its own, and to
    the file `class_gains`, if it is written too.

    Equal content at the same place beside its results gives equal bytes.
    """
    place = place_of(results or path.parent, path)
    gains = place_of(class_gains, path) if class_gains else None
    with replacing(path) as temporary:
        temporary.write_text(render(content, place, gains), encoding="utf-8")


def render(content: Content, results: str = ".", class_gains: str | None = None) -> str:
    """The page as self-contained HTML, with styles, figures and scripts inside.

    results: the folder that its links lead into, as seen from the page's folder. class_gains: the
    file of `ClassGains`, as seen from there.
    """
    return render_page(
        "report/page.html",
        content.title,
        summary(content),
        **_context(content),
        **_use(content, Layout(results)),
        errors=error_section(content, Layout(results), class_gains),
    )


def _use(content: Content, results: Layout) -> dict[str, Any]:
    """How to go on: files of the run, and commands for the page's folder."""
    return {
        "commands": commands(content, results),
        "links": result_links(content, results),
        "configs": config_links(content, results),
        "left_out": left_out_link(content, results),
        "frontier_link": frontier_link(results),
    }


def _decisions(content: Content) -> dict[str, Any]:
    """What the page says about thresholds, if there are any."""
    found = content.calibration
    if found is None:
        return {"thresholds_summary": None}
    return {
        "thresholds_summary": thresholds_summary(found),
        "reliability_summary": reliability_summary(found),
        "reliability": reliability_figure(reliability_in(found)),
    }


def _videos(content: Content) -> dict[str, Any]:
    """The best and worst videos, if there are any to show."""
    found = content.extremes
    names = content.classes[content.final.name].names
    return {
        "videos": cards(found, names) if found else {},
        "videos_split": found.origin.split if found else "",
    }


def _context(content: Content) -> dict[str, Any]:
    return {
        "content": content,
        "chance": chance(content),
        "tiles": tiles(content),
        "headlines": {split: headline(content, split) for split in content.splits},
        "taken_over": {split: taken_over(content, split) for split in content.splits},
        "size_against_gap": size_against_gap(content),
        "findings": findings(content),
        "models_table": models_table(content),
        "ensembles_table": ensembles_table(content),
        "candidates": candidate_tables(content),
        "compared": COMPARED,
        "gap_by_stage": gap_by_stage(content),
        "curves": learning_curves(content),
        "validated": validated(content),
        "classes_summary": classes_summary(content),
        "class_table": class_table(content),
        "class_script": class_script(content),
        "reference": reference(content),
        "judgement": judgement(content),
        "repetitions": repetitions_table(content),
        "seeds_finding": seeds_finding(content),
        "precision_by_positives": precision_by_positives(content),
        **_decisions(content),
        **_videos(content),
        "bytes_bars": bytes_bars(content),
        "members": members_table(content),
        "budget_finding": budget_finding(content.final),
        "budget_figure": budget_figure(content.final, content.split),
        "trials": trials_table(content.final, content.confidence),
        "variables": variables_table(content),
        "frontier_figure": frontier_figure(content.frontier, content.frontier_split),
        "frontier": frontier_table(content.frontier),
        "chain": chain(content),
        "models": [(m, role(content, m), settings_table(m)) for m in content.models.values()],
        "record_summary": record_summary(content),
        "splits": splits_table(content),
        "run": run_table(content),
    }
