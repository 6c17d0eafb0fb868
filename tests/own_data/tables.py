"""Tables for tests."""

from pathlib import Path

from yt8m.own_data.table import Table


def table_of(labels, splits=None, groups=None, files=None, ids=None) -> Table:
    """A table with the feature rgb. labels: of each row, as in a file."""
    ids = ids or [f"v{number}" for number in range(len(labels))]
    return Table(
        path=Path("mine.csv"),
        ids=ids,
        locations={"rgb": files or [f"/{id}.npy" for id in ids]},
        labels=[tuple(some.split(";")) if some else () for some in labels],
        splits=splits,
        groups=groups,
        numbers=range(2, len(ids) + 2),
        unit="line",
    )
