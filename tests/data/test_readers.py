"""Batches made by processes of their own are those of this process."""

import errno
import gc
import gzip
import mmap
import os
import pickle
import resource
import signal
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.data.samples import MEANS, write_split
from tests.data.test_records import soft_labels
from yt8m.data.manifest import read_manifest, write_manifest
from yt8m.data.order import batches
from yt8m.data.reader_process import ReaderProcess
from yt8m.data.readers import Readers, Waited, most_processes
from yt8m.data.records import Records
from yt8m.data.sampling import FrameSampler
from yt8m.data.shared_memory import Reader, Writer, shared_file
from yt8m.data.survey import build_manifest
from yt8m.errors import RecordError

SAMPLED = partial(FrameSampler("random", 5, seed=3).sample, 1, 2)


@pytest.fixture
def several_cores(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})


@pytest.fixture
def impatient(several_cores, monkeypatch):
    """The caller waits too long for the first batch, however fast the machine is."""
    monkeypatch.setattr(Waited, "too_long", True)


def is_shared(array: np.ndarray) -> bool:
    """Whether an array lies in memory that processes share."""
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, memoryview) and isinstance(array.obj, mmap.mmap)


def assert_equal(found, expected) -> None:
    assert found.ids == expected.ids
    for name in ("frames", "num_frames", "labels", "teacher"):
        value, other = getattr(found, name), getattr(expected, name)
        np.testing.assert_array_equal(value, other)
        assert other is None or (value.dtype, value.shape) == (other.dtype, other.shape)


def plain(folder):
    return Records(write_split(folder))


def taught(folder):
    manifest = write_split(folder)
    return Records(manifest, soft_labels=soft_labels(folder, manifest))


def means(folder):
    return Records(write_split(folder, schema=MEANS))


def compressed(folder):
    manifest = write_split(folder)
    for shard in manifest.shards:
        shard.path.write_bytes(gzip.compress(shard.path.read_bytes()))
    return Records(build_manifest([s.path for s in manifest.shards], manifest.schema, "train"))


@pytest.mark.parametrize("kind", [plain, taught, means, compressed])
@pytest.mark.parametrize("frame_index", [None, SAMPLED], ids=["all", "sampled"])
def test_a_process_makes_the_same_batches(tmp_path, kind, frame_index):
    records = kind(tmp_path)
    with Readers(records) as readers:
        readers.add_process()
        kept = []
        for indices in (np.arange(9), np.array([4, 4, 0]), np.array([8]), np.array([], int)):
            found = readers.batch(indices, frame_index)
            assert is_shared(found.num_frames)
            kept.append((found, records.batch(indices, frame_index)))
            assert_equal(*kept[-1])
    for found, expected in kept:  # also after the process has ended, and others were made
        assert_equal(found, expected)
        found.frames[...] = 0  # can be written, like any other


def test_memory_is_used_again_once_a_batch_is_gone():
    file = shared_file()
    writer, reader = Writer(file), Reader(file)

    def sent(value: int, size: int) -> np.ndarray:
        array = writer.empty((2, size))
        array[...] = value
        return reader.array(writer.places({"frames": array})["frames"])

    first, second = sent(1, 5), sent(2, 7)
    end = os.fstat(file).st_size
    view = first[1:]
    del first
    gc.collect()
    assert reader.freed() == []
    assert (view == 1).all()
    del view
    gc.collect()
    writer.free(reader.freed())
    third = sent(3, 9)
    assert os.fstat(file).st_size == end
    assert (second == 2).all()
    assert (third == 3).all()
    os.close(file)


def test_what_is_no_region_of_its_own_is_copied_and_other_regions_are_free():
    file = shared_file()
    writer, reader = Writer(file), Reader(file)
    for number in range(5):
        taken, unused = writer.empty((4, 6)), writer.empty((3,))
        taken[...] = number
        unused[...] = 9
        part = taken[:, :5]  # not contiguous
        places = writer.places({"part": part, "other": np.arange(3.0)})
        np.testing.assert_array_equal(reader.array(places["part"]), np.full((4, 5), number))
        np.testing.assert_array_equal(reader.array(places["other"]), [0, 1, 2])
        gc.collect()
        writer.free(reader.freed())
        if number == 1:
            end = os.fstat(file).st_size
    assert os.fstat(file).st_size == end
    os.close(file)


@pytest.mark.parametrize(("number", "error"), [(8, RecordError), (99, IndexError)])
def test_errors_are_those_of_this_process(tmp_path, number, error):
    records = plain(tmp_path)
    path = records.manifest.shards[2].path
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with Readers(records) as readers:
        readers.add_process()
        assert is_shared(readers.batch(np.arange(2)).frames)
        with pytest.raises(error) as found:
            readers.batch(np.array([number]))
        with pytest.raises(error) as expected:
            records.batch(np.array([number]))
        assert str(found.value) == str(expected.value)


def test_a_batch_whose_process_was_killed_is_made_here(tmp_path):
    records = plain(tmp_path)
    with Readers(records) as readers:
        readers.add_process()
        before = readers.batch(np.arange(3))
        os.kill(readers._processes[0]._process.pid, signal.SIGKILL)
        readers._processes[0]._process.wait()
        for _ in range(2):
            found = readers.batch(np.arange(3))
            assert not is_shared(found.frames)
            assert_equal(found, before)


def test_a_process_imports_nothing_from_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "signal.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with Readers(plain(tmp_path)) as readers:
        readers.add_process()
        assert is_shared(readers.batch(np.arange(3)).frames)


def test_a_process_has_no_threads_for_products_of_matrices(tmp_path):
    with Readers(plain(tmp_path)) as readers:
        readers.add_process()
        readers.batch(np.arange(3))
        tasks = Path(f"/proc/{readers._processes[0]._process.pid}/task")
        names = [(task / "comm").read_text() for task in tasks.iterdir()]
    assert sum("python" in name for name in names) == 1  # beside threads of Arrow's


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_group_is_left_to_the_process_that_reads(tmp_path, number):
    with Readers(plain(tmp_path)) as readers:
        readers.add_process()
        readers.batch(np.arange(3))
        os.kill(readers._processes[0]._process.pid, number)
        assert is_shared(readers.batch(np.arange(3)).frames)


def test_processes_take_over_if_the_caller_waits(tmp_path, impatient):
    records = Records(write_split(tmp_path))
    order = np.tile(np.arange(9), 100_000)
    expected = [records.batch(order[n : n + 6]) for n in range(0, 18, 6)]
    stream = batches(records, 6, order)
    shared = 0
    for number, batch in enumerate(stream):
        assert_equal(batch, expected[number % 3])
        shared += is_shared(batch.frames)
        if shared == 20:
            break
    stream.close()
    assert shared == 20


def test_compressed_shards_are_decompressed_by_one_process_only(tmp_path, impatient, monkeypatch):
    started = []
    monkeypatch.setattr(Readers, "add_process", lambda readers: started.append(readers))
    for kind, processes in ((compressed, 0), (plain, 2)):
        list(batches(kind(tmp_path), 1, np.arange(9)))
        assert len(started) == processes


def test_nobody_waits_in_vain_for_a_process_that_cannot_start(
    tmp_path, impatient, monkeypatch, capfd
):
    monkeypatch.setattr("sys.executable", str(tmp_path / "missing"))
    found = []
    for batch in batches(plain(tmp_path), 2, np.tile(np.arange(9), 1000)):
        found += batch.ids
    assert found == [f"v{n}" for n in range(9)] * 1000
    assert capfd.readouterr().err.count("threads read the records, as no process can") == 1


def test_a_process_that_cannot_start_leaves_no_open_file(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", str(tmp_path / "missing"))
    records = plain(tmp_path)
    before = sorted(Path("/proc/self/fd").iterdir())
    with pytest.raises(FileNotFoundError):
        ReaderProcess(records)
    assert sorted(Path("/proc/self/fd").iterdir()) == before


def test_processes_need_several_cores_and_a_sampler_that_can_be_sent(several_cores, monkeypatch):
    assert most_processes(None) == most_processes(SAMPLED) == 2
    assert most_processes(lambda step, num_frames: num_frames) == 0
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3})
    assert most_processes(None) == 0


class Unsendable:
    """A sampler that cannot be sent, and counts the attempts."""

    attempts = 0

    def __call__(self, step, num_frames):
        return np.zeros((len(num_frames), 2), int)

    def __reduce__(self):
        self.attempts += 1
        raise TypeError


@pytest.mark.parametrize("waits", [False, True])
def test_only_a_pass_with_a_waiting_caller_asks_once_for_processes(
    tmp_path, several_cores, monkeypatch, waits
):
    monkeypatch.setattr(Waited, "too_long", waits)
    sampler = Unsendable()
    order = np.tile(np.arange(9), 200)
    found = batches(plain(tmp_path), 2, order, frame_sampler=sampler)
    assert len(list(found)) == 900
    assert sampler.attempts == waits


def test_waiting_is_too_long_beyond_the_patience_and_a_share_of_the_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    waited = Waited()

    def wait(seconds: float, then: float) -> bool:
        with waited:
            now[0] += seconds
        now[0] += then
        return waited.too_long

    assert not wait(0.5, then=0.0)  # all of the time, but less than the patience
    assert not wait(0.6, then=20.0)
    assert wait(1.5, then=0.0)  # 2.6 of 22.6 seconds
    assert not wait(0.0, then=10.0)


def test_a_batch_for_which_a_process_lacks_something_is_made_here(tmp_path, monkeypatch):
    """As when it may open no more files: of a shard that it cannot map."""
    records = plain(tmp_path)
    with Readers(records) as readers:
        readers.add_process()
        readers.batch(np.arange(2))
        pid = readers._processes[0]._process.pid
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3))
        found = readers.batch(np.arange(9))
        assert not is_shared(found.frames)
        assert_equal(found, records.batch(np.arange(9)))


def test_a_batch_that_this_process_cannot_map_is_made_here(tmp_path, monkeypatch):
    """As when it may open no more files itself."""

    def fails(*_, **__):
        raise OSError(errno.EMFILE, "Too many open files")

    records = plain(tmp_path)
    expected = records.batch(np.arange(9))
    with Readers(records) as readers:
        readers.add_process()
        monkeypatch.setattr("yt8m.data.shared_memory.mmap.mmap", fails)
        assert_equal(readers.batch(np.arange(9)), expected)


def test_regions_that_are_free_take_no_memory_but_for_two():
    file = shared_file()
    writer, reader = Writer(file), Reader(file)
    size = 1 << 20
    kept = []
    for number in range(6):
        array = writer.empty((size,))
        array[...] = number
        kept.append(reader.array(writer.places({"frames": array})["frames"]))
    assert os.fstat(file).st_blocks * 512 == 6 * size
    del kept[1:], array
    gc.collect()
    writer.free(reader.freed())
    assert os.fstat(file).st_blocks * 512 == 3 * size
    again = [writer.empty((size,)) for _ in range(5)]
    assert os.fstat(file).st_size == 6 * size
    for array in again:
        array[...] = 7
    assert (kept[0] == 0).all()
    os.close(file)


def test_processes_that_outlive_an_epoch_make_the_batches_of_the_next_one(tmp_path, several_cores):
    records = plain(tmp_path)
    expected = [batch.ids for batch in batches(records, 2, np.arange(9))]
    with Readers(records) as readers:
        for _ in range(2):
            readers.add_process()
        for _ in range(2):
            stream = list(batches(records, 2, np.arange(9), readers=readers))
            assert [batch.ids for batch in stream] == expected
            assert all(is_shared(batch.frames) for batch in stream)
        assert readers.processes == 2


def test_a_process_does_not_read_again_what_was_compared_with_the_manifest(tmp_path, monkeypatch):
    """Shards that are newer than their manifest, such as copies, are hashed once."""
    manifest = write_split(tmp_path)
    write_manifest(manifest, tmp_path / "train.json")
    for shard in manifest.shards:
        shard.path.write_bytes(shard.path.read_bytes())
    records = Records(read_manifest(tmp_path / "train.json"))
    records.batch(np.arange(9))
    copied = pickle.loads(pickle.dumps(records))
    hashed = []
    monkeypatch.setattr("yt8m.data.records._check_digest", lambda data, shard: hashed.append(shard))
    copied.batch(np.arange(9))
    assert hashed == []
    Records(records.manifest).batch(np.arange(9))
    assert hashed == [*manifest.shards]
