"""Parquet files with results of an evaluation; their metadata says what these are about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.metrics.origin import Origin


def write_table(path: Path, table: pa.Table, origin: Origin, **numbers: int) -> None:
    """Write a table atomically, with its origin and numbers about the whole of it.

    Equal content gives equal bytes.
    """
    about = {**vars(origin), **{name: str(number) for name, number in numbers.items()}}
    with replacing(path) as temporary:
        pq.write_table(table.replace_schema_metadata(about), temporary)


@contextmanager
def reading(
    path: Path, kind: str, first: str = "evaluate first", again: str = "evaluate again"
) -> Iterator[tuple[pa.Table, dict[str, str]]]:
    """Yield the table in a file, and its metadata, to a block that takes what it needs of them.

    kind: what the file should be, as in "is not a file of". first, again: what to do if it does not
    exist, or is of another kind.
    Raises ArtefactError if the file is missing or damaged, and if the block finds that something is
    missing or not valid.
    """
    try:
        check_regular(path)
        table = pq.read_table(path)
        about = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
        yield table, about
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; {first}") from None
    except (KeyError, OSError, TypeError, ValueError, pa.ArrowException) as error:
        raise ArtefactError(f"{path}: is not {kind} ({error}); {again}") from None
