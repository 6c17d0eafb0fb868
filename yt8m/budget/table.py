"""A plan as text: the encoding of each variable, and its cost."""

from yt8m.budget.plan import Plan
from yt8m.text_tables import format_table, numbers, words

COLUMNS = [
    *words("member", "variable", "shape", "stored as"),
    *numbers("bytes", "of float32", "GAP lost"),
]


def format_plan(plan: Plan) -> str:
    """The choices, those with the largest loss first, and their totals."""
    rows = []
    for choice in sorted(plan.choices, key=lambda c: (-c.option.loss, c.member, c.variable)):
        option, plain = choice.option, choice.options[-1]
        rows.append(
            (
                choice.member,
                choice.variable,
                " x ".join(map(str, choice.shape)),
                option.name,
                f"{option.size_bytes:,}",
                f"{option.size_bytes / plain.size_bytes:.1%}",
                f"{option.loss:.3g}",
            )
        )
    return "\n".join([format_table(COLUMNS, rows), *_summary(plan), ""])


def _summary(plan: Plan) -> list[str]:
    rest = sum(plan.rest_bytes.values())
    lines = [
        f"{plan.size_bytes:,} of {plan.budget_bytes:,} bytes: {plan.fixed_bytes - rest:,} for the "
        f"graph, {rest:,} for small variables, {plan.size_bytes - plan.fixed_bytes:,} for these",
        f"expected loss of GAP, from the {plan.guide} for {plan.videos:,} videos: "
        f"{plan.predicted:.3g} summed over the variables",
    ]
    if plan.measured is not None:
        lines[-1] += f", {plan.measured:.3g} measured together"
    if not plan.coded:
        lines.append(f"{plan.name}: all variables stay float32, since they fit the budget")
    return lines
