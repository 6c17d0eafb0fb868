"""The ids of a split's videos, read without their frames."""

from collections.abc import Iterator

from yt8m.data.examples import read_id
from yt8m.data.features import FeatureError, read_record
from yt8m.data.manifest import Manifest
from yt8m.data.tfrecord import read_records
from yt8m.data.wire import WireError
from yt8m.errors import RecordError


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
