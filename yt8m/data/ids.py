"""The ids of videos: read without their frames, and which of them cannot stand in a CSV."""

import re
from collections.abc import Iterator

from yt8m.data.examples import read_id
from yt8m.data.features import FeatureError, read_record
from yt8m.data.manifest import Manifest
from yt8m.data.tfrecord import read_records
from yt8m.data.wire import WireError
from yt8m.errors import RecordError

SEPARATORS = frozenset(',"\r\n')
"""Characters by which the challenge's CSV is cut; its format knows no quotes."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

FORMULA = re.compile(r"[=@＝＠\t\r]|[+＋－-](?![\w/+-]*\Z)")
"""How a text begins that a spreadsheet computes. Ids of YouTube may begin with a dash: with
letters, digits and dashes only behind it, they call nothing."""


def read_ids(manifest: Manifest) -> Iterator[str]:
    """In the order of the records; checksums are left to who reads the frames.

    Raises RecordError naming the shard and record that is damaged.
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
        return "holds a line break or another control character"
    if not SEPARATORS.isdisjoint(id):
        return "holds a comma or a quote"
    if FORMULA.match(id):
        return "begins as a formula does, which spreadsheets compute"
    return None
