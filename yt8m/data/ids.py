"""The ids of a split's videos, read without their frames."""

from collections.abc import Iterator
from itertools import pairwise

from yt8m.data.examples import read_id
from yt8m.data.features import FeatureError, read_record
from yt8m.data.manifest import Manifest
from yt8m.data.tfrecord import map_file, offsets_in, payload_of
from yt8m.data.wire import WireError
from yt8m.errors import RecordError


def read_ids(manifest: Manifest) -> Iterator[str]:
    """In the order of the records; checksums are left to who reads the frames.

    Raises RecordError naming the shard and record that is damaged.
    """
    for shard in manifest.shards:
        data = map_file(shard.path)
        offsets = offsets_in(data, shard.path).tolist()
        for number, (start, end) in enumerate(pairwise(offsets)):
            where = f"{shard.path}, record {number}"
            try:
                context, _ = read_record(payload_of(data, start, end, where, check_crc=False))
                id = read_id(context)
            except (FeatureError, WireError) as error:
                raise RecordError(f"{where}: {error}") from None
            yield id
