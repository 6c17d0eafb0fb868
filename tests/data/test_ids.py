import pytest

from tests.small import SCHEMA, write_dataset
from yt8m.data.ids import read_ids
from yt8m.data.manifest import Manifest, Shard
from yt8m.data.records import Records
from yt8m.data.tfrecord import write_records
from yt8m.errors import RecordError


def test_ids_are_in_the_order_of_the_records(tmp_path):
    manifest = write_dataset(tmp_path)["train"]
    assert list(read_ids(manifest)) == Records(manifest).batch(range(manifest.records)).ids


@pytest.mark.parametrize("payload", [b"", b"\xff\xff", b"\x0a\x05abc"])
def test_a_record_without_an_id_is_named(tmp_path, payload):
    path = tmp_path / "x.tfrecord"
    write_records(path, [payload])
    manifest = Manifest(SCHEMA, "x", (Shard(path, 1, path.stat().st_size, ""),))
    with pytest.raises(RecordError, match=r"x\.tfrecord, record 0: "):
        list(read_ids(manifest))
