"""Ids in the challenge's CSV, whose format knows neither quotes nor spreadsheets."""

import csv
import io
from collections.abc import Iterable

from yt8m.data.ids import CONTROL, FORMULA, oddity
from yt8m.errors import ArtefactError

ODD_IDS = ("refuse", "leave-out", "escape")
"""What to do with ids that cannot stand in a submission as they are."""


def refuse_odd_ids(ids: Iterable[str], where: str) -> None:
    """Raises ArtefactError with the number of odd ids, and the first of them."""
    total, odd, first = 0, 0, ""
    for id in ids:
        total += 1
        if problem := oddity(id):
            first = first or f"{id!r} {problem}"
            odd += 1
    if odd:
        raise ArtefactError(
            f"{where}: {odd:,} of {total:,} ids cannot stand in a submission: {first}; write "
            "Parquet, or choose what becomes of them: --odd-ids leave-out, or --odd-ids escape"
        )


def escaped(id: str) -> str:
    """An id as a field of a CSV: one line, with quotes where needed, and no formula.

    Control characters become backslash escapes. An apostrophe goes before what a spreadsheet would
    compute, so it shows as text.
    """
    text = CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), id)
    text = f"'{text}" if FORMULA.match(id) else text
    field = io.StringIO()
    csv.writer(field, lineterminator="").writerow([text])
    return field.getvalue()
