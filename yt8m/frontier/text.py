"""The frontier, and the choice for a budget, as text."""

from collections.abc import Sequence

import yaml

from yt8m.frontier.choice import Choice, config_entry
from yt8m.frontier.dominance import non_dominated
from yt8m.frontier.points import ModelPoints
from yt8m.frontier.rows import Row
from yt8m.text_tables import format_table, numbers, words

COLUMNS = [*numbers("bytes", "GAP", "sd", "seeds"), *words("model", "family", "stored as")]


def format_frontier(rows: Sequence[Row]) -> str:
    """A table of the rows that no other row beats in both bytes and GAP."""
    best = non_dominated(rows)
    models = len({row.model for row in rows})
    found = f"{len(best)} of {len(rows)} points are not dominated ({models:,} models, "
    found += f"{_seeds(rows)}); GAP is the mean over seeds\n"
    return f"{format_table(COLUMNS, map(_cells, best))}\n{found}"


def format_choice(choice: Choice, models: Sequence[ModelPoints]) -> str:
    """What to choose for a budget, how sure that is, and the entry to paste into a config."""
    row = choice.row
    measured = next(found for found in models if found.model == row.best[0])
    entry = config_entry(choice, measured.compress, measured.stage)
    text = yaml.safe_dump(entry, sort_keys=False, default_flow_style=None, width=100)
    return (
        f"{choice.budget_bytes:,} bytes: {_described(row)}\n{_runner_up(choice)}\n"
        f"{_best_seed(row)}To make it, with your config before this one:\n\n{text}"
    )


def _cells(row: Row) -> tuple[str, ...]:
    deviation = "" if row.deviation is None else f"{row.deviation:.4f}"
    figures = (f"{row.size_bytes:,}", f"{row.gap:.4f}", deviation, str(row.seeds))
    return (*figures, row.model, row.family, row.encoding)


def _described(row: Row) -> str:
    of = f" ± {row.deviation:.4f}" if row.deviation is not None else ""
    return f"{row.model}, {row.encoding}: GAP {row.gap:.4f}{of} in {row.size_bytes:,} bytes"


def _seeds(rows: Sequence[Row]) -> str:
    found = sorted({row.seeds for row in rows})
    if found == [1]:
        return "one seed each"
    return f"{found[0]} to {found[-1]} seeds each" if len(found) > 1 else f"{found[0]} seeds each"


def _runner_up(choice: Choice) -> str:
    if choice.runner_up is None:
        return "No other model fits.\n"
    text = f"Runner-up: {_described(choice.runner_up)}, {choice.lead:.4f} less.\n"
    if choice.deviation is None:
        return f"{text}With one seed each, nothing is known about how much of that is chance.\n"
    if choice.is_close:
        return f"{text}That is within one standard deviation over seeds: either may be better.\n"
    return text


def _best_seed(row: Row) -> str:
    if row.seeds == 1:
        return ""
    name, point = row.best
    return (
        f"Of the {row.seeds} seeds, {name} has the highest GAP, {point.gap:.4f}; expect the mean "
        "on other videos.\n\n"
    )
