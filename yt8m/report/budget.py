"""How the final ensemble was fitted into its budget, and its GAP under other budgets."""

from markupsafe import Markup

from yt8m.report.content import Ensemble, Trial
from yt8m.report.drawing.axes import Panel, scale_around, tick_text
from yt8m.report.drawing.svg import figure, group, line, mark, polyline, text
from yt8m.report.number_format import count, metric, round_size, size
from yt8m.report.step_tables import NOTHING, difference
from yt8m.report.tables import Cell, Row, Table, numbers, words

WIDTH, HEIGHT = 980, 340
LOOKS = {"planned": "final", "uniform": "trained"}
"""Way of storing -> CSS class of its line and marks."""


def budget_finding(ensemble: Ensemble) -> str:
    """A sentence on the chosen encodings; empty for an ensemble without a plan."""
    plan = ensemble.plan
    if plan is None:
        return ""
    names: dict[str, int] = {}
    for choice in plan.choices:
        names[choice.option.name] = names.get(choice.option.name, 0) + 1
    if not plan.coded:
        return (
            f"All variables of {ensemble.name} are stored as float32, since they fit its budget "
            f"of {count(plan.budget_bytes)} bytes."
        )
    encodings = ", ".join(f"{number} × {name}" for name, number in sorted(names.items()))
    return (
        f"Each of {len(plan.choices)} variables of {ensemble.name} has an encoding chosen by its "
        f"effect on the predictions for {count(plan.videos)} videos ({encodings}), "
        "so that all "
        f"fit {count(plan.budget_bytes)} bytes. Together they are expected to cost "
        f"{plan.measured:.2g} GAP ({plan.predicted:.2g} by adding up one at a time)."
    )


def trials_table(ensemble: Ensemble) -> Table:
    """Every way and budget that was tried, and its difference from float32."""
    whole = _float32(ensemble)
    rows = [
        Row(
            [
                Cell(trial.encoding),
                Cell("" if trial.share is None else f"{trial.share:g}"),
                Cell(count(trial.size_bytes)),
                Cell(metric(trial.gap)),
                difference(trial.gap - whole.gap) if whole else NOTHING,
            ]
        )
        for trial in ensemble.trials
    ]
    return Table([*words("stored"), *numbers("share", "bytes", "GAP", "against float32")], rows)


def budget_figure(ensemble: Ensemble, split: str) -> Markup:
    """GAP over bytes, with a line per way; empty if no other budget was tried."""
    whole = _float32(ensemble)
    encodings = {
        encoding: [t for t in ensemble.trials if t.encoding == encoding] for encoding in LOOKS
    }
    trials = [trial for found in encodings.values() for trial in found]
    if not trials:
        return Markup("")
    gaps = [t.gap for t in trials] + ([whole.gap] if whole else [])
    x = scale_around([t.size_bytes for t in trials], 64, WIDTH - 120, 0.1, log=True)
    y = scale_around(gaps, HEIGHT - 52, 46, 0.1)
    panel = Panel(x, y, round_size, tick_text(y))
    parts = [panel.draw("bytes on disk (log scale)", f"GAP on {split}")]
    if whole:
        level = y(whole.gap)
        parts.append(line(x.start, level, x.end, level, "boundary"))
        parts.append(text(x.end + 6, level + 4, f"float32, {size(whole.size_bytes)}", "key"))
    for encoding, found in encodings.items():
        parts += _line_of(encoding, sorted(found, key=lambda t: t.size_bytes), panel)
    return figure(WIDTH, HEIGHT, f"GAP on {split} of {ensemble.name} under smaller budgets", *parts)


def _line_of(encoding: str, trials: list[Trial], panel: Panel) -> list[Markup]:
    points = [panel.at(t.size_bytes, t.gap) for t in trials]
    parts = [polyline(points, f"curve {LOOKS[encoding]}")] if len(points) > 1 else []
    for (x, y), trial in zip(points, trials, strict=True):
        note = f"{encoding}: GAP {metric(trial.gap)}, {count(trial.size_bytes)} bytes"
        parts.append(group(mark("circle", x, y, 5, f"mark {LOOKS[encoding]}"), note=note))
    return parts


def _float32(ensemble: Ensemble) -> Trial | None:
    return next((trial for trial in ensemble.trials if trial.encoding == "float32"), None)
