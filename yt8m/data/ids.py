"""The ids of videos: reading them without frames, and checking whether they are safe in a CSV."""

import re
from collections.abc import Iterator

from yt8m.data.examples import read_id
from yt8m.data.features import FeatureError, read_record
from yt8m.data.manifest import Manifest
from yt8m.data.tfrecord import read_records
from yt8m.data.wire import WireError
from yt8m.errors import RecordError

SEPARATORS = frozenset(',"\r\n')
"""Delimiters of the challenge's CSV, whose format has no quoting."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

FORMULA = re.compile(r"[=@＝＠\t\r]|[+＋－-](?![\w/+-]*\Z)")
"""How a text begins that a spreadsheet evaluates. YouTube ids may begin with a dash: followed only
by letters, digits and dashes, they call nothing."""


def read_ids(manifest: Manifest) -> Iterator[str]:
    """The ids in the order of the records; checksums are verified when frames are read.

    Raises RecordError naming a damaged shard and record.
    """
    for shard in manifest.shards:
        for number, payload in enumerate(read_records(shard.path, check_crc=False)):
            try:
                context, _ = read_record(memoryview(payload))
                id = read_id(context)
            except (FeatureError, WireError) as error:
                raise RecordError(f"{shard.path}, record {number}: {error}") from None
            yield id


def unsafe_reason(id: str) -> str | None:
    """Why an id cannot stand in a submission, or None if it can."""
    if not id:
        return "is empty"
    if CONTROL.search(id):
        return "contains a line break or another control character"
    if not SEPARATORS.isdisjoint(id):
        return "contains a comma or a quote"
    if FORMULA.match(id):
        return "begins like a formula, which spreadsheets evaluate"
    return None
