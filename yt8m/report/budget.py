"""How the final ensemble was fitted into its budget, and what other budgets would cost."""

from yt8m.budget.plan import Plan
from yt8m.report.content import Ensemble, Trial
from yt8m.report.noise import Confidence, Difference
from yt8m.report.number_format import count, metric
from yt8m.report.step_tables import NOTHING, difference
from yt8m.report.tables import Cell, Row, Table, numbers, words


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
        f"effect on {_effect(plan)} {count(plan.videos)} videos ({encodings}), "
        "so that all "
        f"fit {count(plan.budget_bytes)} bytes. Together they are expected to cost "
        f"{plan.measured:.2g} GAP ({plan.predicted:.2g} by adding up one at a time)."
    )


def _effect(plan: Plan) -> str:
    return "GAP on the labels of" if plan.guide == "labels" else "the predictions for"


def trial_differences(ensemble: Ensemble) -> dict[Trial, Difference]:
    """The difference in GAP of every way and budget that was tried from float32, if it was."""
    whole = ensemble.float32
    if whole is None:
        return {}
    return {t: Difference(t.gap - whole.gap, found=t.interval) for t in ensemble.trials}


def trials_table(ensemble: Ensemble, confidence: Confidence) -> Table:
    """Every way and budget that was tried, and its difference from float32."""
    found = trial_differences(ensemble)
    rows = [
        Row(
            [
                Cell(trial.encoding),
                Cell("" if trial.share is None else f"{trial.share:g}"),
                Cell(count(trial.size_bytes)),
                Cell(metric(trial.gap)),
                difference(found[trial], confidence) if found else NOTHING,
            ]
        )
        for trial in ensemble.trials
    ]
    return Table([*words("stored"), *numbers("share", "bytes", "GAP", "against float32")], rows)
