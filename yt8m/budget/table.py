"""A plan as text: what each variable gets, and what it costs."""

from yt8m.budget.plan import Plan

HEADER = ("member", "variable", "shape", "stored as", "bytes", "of float32", "GAP lost")
RIGHT = {4, 5, 6}


def format_plan(plan: Plan) -> str:
    """The choices, the most expensive in predictions first, and what they come to."""
    rows = [HEADER]
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
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if i in RIGHT else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", *_summary(plan)]) + "\n"


def _summary(plan: Plan) -> list[str]:
    rest = sum(plan.rest_bytes.values())
    lines = [
        f"{plan.size_bytes:,} of {plan.budget_bytes:,} bytes: {plan.fixed_bytes - rest:,} for the "
        f"graph, {rest:,} for small variables, {plan.size_bytes - plan.fixed_bytes:,} for these",
        f"GAP that is expected to be lost, by the predictions for {plan.videos:,} videos: "
        f"{plan.predicted:.3g} summed over the variables",
    ]
    if plan.measured is not None:
        lines[-1] += f", {plan.measured:.3g} all together"
    if not plan.coded:
        lines.append(f"{plan.name}: all variables stay float32, as the budget has room for them")
    return lines
