"""How the members of ensembles were chosen among candidates."""

from yt8m.choosing.choice import Choice
from yt8m.report.content import Content, Ensemble
from yt8m.report.number_format import listed, metric, several
from yt8m.report.tables import Cell, Row, Table, names, numbers, words

TITLES = {"gap": "GAP", "map": "MAP", "perr": "PERR", "hit_at_one": "Hit@1", "loss": "loss"}
OTHERS = 10
"""Candidates in a table besides the chosen ones."""


def choices(content: Content) -> list[str]:
    """A sentence or two for each ensemble whose members were chosen."""
    return [_sentence(e.name, e.choice) for e in content.ensembles.values() if e.choice]


def candidate_tables(content: Content) -> dict[str, Table]:
    """Title -> the candidates for an ensemble, for each whose members were chosen."""
    return {
        f"Candidates for {e.name}": _table(e.choice) for e in content.ensembles.values() if e.choice
    }


def candidate_for(content: Content, model: str) -> list[str]:
    """The ensembles whose members were chosen among a model and others."""
    chosen = [e for e in content.ensembles.values() if e.choice]
    return [e.name for e in chosen if model in {c.name for c in e.choice.candidates}]


def chosen_on(ensemble: Ensemble, split: str) -> str:
    """That an ensemble's metrics on a split are optimistic, if its members were chosen on it."""
    chosen = ensemble.choice is not None and ensemble.choice.split == split
    return f"members chosen on {split}: optimistic" if chosen else ""


def _sentence(name: str, choice: Choice) -> str:
    title, members = TITLES[choice.by], choice.candidates[: choice.count]
    values = [f"{member.name} ({metric(member.value)})" for member in members]
    others = choice.candidates[choice.count :]
    next_one = f"; the next is {others[0].name} ({metric(others[0].value)})" if others else ""
    return (
        f"{name} has the best {choice.count} of {several(len(choice.candidates), 'candidate')} by "
        f"{title} on {choice.split}: {listed(values)}{next_one}. Its metrics on {choice.split} are "
        "optimistic, because its members were chosen on the same videos."
    )


def _table(choice: Choice) -> Table:
    """A row per candidate, the best first: all that were chosen, and some others."""
    rows = [
        Row([Cell(c.name), Cell(metric(c.value), note=repr(c.value)), Cell(_outcome(choice, rank))])
        for rank, c in enumerate(choice.candidates[: choice.count + OTHERS])
    ]
    more = len(choice.candidates) - len(rows)
    rows += [Row([Cell(f"and {more:,} more"), Cell(""), Cell("")])] if more else []
    title = f"{TITLES[choice.by]} on {choice.split}"
    return Table([*names("candidate"), *numbers(title), *words("choice")], rows)


def _outcome(choice: Choice, rank: int) -> str:
    return "chosen" if rank < choice.count else ""
