"""Parquet files about a graph's predictions on a split, whose metadata says which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.metrics.origin import Origin


@dataclass(frozen=True)
class OriginTable:
    """A table, what it is about, and whole numbers about the whole of it."""

    table: pa.Table
    origin: Origin
    numbers: Mapping[str, int]


def write_table(path: Path, content: OriginTable) -> None:
    """Write it atomically; equal content gives equal bytes."""
    numbers = {name: str(number) for name, number in content.numbers.items()}
    table = content.table.replace_schema_metadata({**vars(content.origin), **numbers})
    with replacing(path) as temporary:
        pq.write_table(table, temporary)


def read_table(
    path: Path,
    columns: Sequence[str],
    numbers: Sequence[str] = (),
    graph: str | None = None,
    records: str | None = None,
) -> OriginTable:
    """What `write_table` wrote. columns, numbers: those that it must have.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for a file of another kind, damaged, of another graph or other records.
    """
    try:
        check_regular(path)
        table = pq.read_table(path).select(columns)
        about = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
        origin = Origin(*(about[key] for key in ("split", "graph", "records")))
        found = {name: int(about[name]) for name in numbers}
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; evaluate first") from None
    except (KeyError, OSError, ValueError, pa.ArrowException) as error:
        raise ArtefactError(f"{path}: cannot be read ({error}); evaluate again") from None
    if what := origin.other_than(graph, records):
        raise ArtefactError(f"{path}: is about {what}; delete it and evaluate again")
    return OriginTable(table, origin, found)
