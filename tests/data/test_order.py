"""The order of an epoch, and batches that are prepared in advance."""

import threading
import time
from functools import partial

import numpy as np
import pytest

from tests.data.samples import write_split
from yt8m.data.order import batches, epoch_order, num_batches, rows_of
from yt8m.data.records import Records
from yt8m.data.sampling import FrameSampler
from yt8m.errors import RecordError

SIZES = [30, 1, 20, 49]


def workers_alive() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


@pytest.fixture
def records(tmp_path) -> Records:
    return Records(write_split(tmp_path, sizes=(3, 2, 4, 1)))


@pytest.mark.parametrize("window", [1, 7, 50, 100, 1000])
def test_an_epoch_visits_every_record_once(window):
    order = epoch_order(SIZES, seed=1, epoch=2, window=window)
    assert order.dtype == np.int64
    assert sorted(order) == list(range(100))


def test_the_order_is_fixed_by_seed_and_epoch():
    first = epoch_order(SIZES, 1, 2, 10)
    np.testing.assert_array_equal(epoch_order(SIZES, 1, 2, 10), first)
    assert (epoch_order(SIZES, 1, 3, 10) != first).any()
    assert (epoch_order(SIZES, 2, 2, 10) != first).any()


def test_records_read_together_are_from_few_shards():
    order = epoch_order([100] * 50, seed=0, epoch=0, window=200)
    shards = order.reshape(-1, 200) // 100
    assert all(len(set(window)) == 2 for window in shards)


def test_no_shards_make_an_empty_order():
    assert epoch_order([], 0, 0, 10).shape == (0,)


@pytest.mark.parametrize(("drop", "sizes"), [(False, [4, 4, 2]), (True, [4, 4])])
@pytest.mark.parametrize("threads", [1, 3])
def test_batches_are_in_order(records, drop, sizes, threads):
    order = epoch_order(records.manifest.shard_sizes, 0, 0, 100)
    found = list(batches(records, 4, order, drop_remainder=drop, threads=threads, prefetch=2))
    assert [len(batch.ids) for batch in found] == sizes
    assert num_batches(10, 4, drop) == len(sizes)
    ids = [id for batch in found for id in batch.ids]
    assert ids == [f"v{i}" for i in order[: sum(sizes)]]


def test_starting_later_gives_the_same_later_batches(records):
    sampler = partial(FrameSampler("random", 5, seed=3).sample, 1)
    order = np.arange(10)
    whole = list(batches(records, 3, order, frame_sampler=sampler))
    for start in range(5):
        rest = list(batches(records, 3, order, start=start, frame_sampler=sampler))
        assert len(rest) == len(whole) - start
        for found, expected in zip(rest, whole[start:], strict=True):
            np.testing.assert_array_equal(found.frames, expected.frames)
            assert found.ids == expected.ids


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_workers_read_equal_parts_of_each_batch_in_their_order(records, workers):
    sampler = partial(FrameSampler("random", 5, seed=3).sample, 1)
    order = np.arange(10)[::-1]
    whole = list(batches(records, 5 * 2, order, frame_sampler=sampler))
    parts = []
    for worker in range(workers):
        rows = rows_of(worker, workers, 10)
        own = partial(sampler, first=rows.start)
        parts.append(list(batches(records, 10, order, frame_sampler=own, rows=rows)))
    for number, batch in enumerate(whole):
        pieces = [part[number] for part in parts]
        assert [id for piece in pieces for id in piece.ids] == batch.ids
        np.testing.assert_array_equal(np.concatenate([p.frames for p in pieces]), batch.frames)


def test_sampled_batches_have_the_same_length(records):
    sampler = partial(FrameSampler("sequence", 6).sample, 0)
    for batch in batches(records, 5, np.arange(10), frame_sampler=sampler):
        assert batch.frames.shape == (5, 6, 9)
        assert batch.num_frames.tolist() == [6] * 5


def test_an_error_is_raised_in_the_order_of_the_batches(records):
    path = records.manifest.shards[2].path  # videos 5 to 8
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    stream = batches(records, 2, np.arange(10), prefetch=10)
    assert [next(stream).ids[0] for _ in range(4)] == ["v0", "v2", "v4", "v6"]
    with pytest.raises(RecordError, match="record 3: the CRC of the data is wrong"):
        next(stream)
    assert not workers_alive()


def test_closing_early_stops_the_threads(records):
    stream = batches(records, 1, np.arange(10))
    next(stream)
    assert workers_alive()
    stream.close()
    assert not workers_alive()


def test_two_threads_read_at_first_however_many_cores_there_are(records, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {*range(8)})
    second_begins, end = threading.Event(), threading.Event()

    def sampler(step, num_frames):
        """The first batch is made once another thread has begun the next one, which takes long."""
        if step:
            second_begins.set()
        assert (end if step else second_begins).wait(60)
        return np.zeros((len(num_frames), 1), int)

    stream = batches(records, 1, np.arange(10), frame_sampler=sampler)
    next(stream)
    assert len(workers_alive()) == 2
    end.set()
    stream.close()
    assert not workers_alive()


def test_no_more_batches_are_prepared_than_requested(records):
    made = []

    def sampler(step, num_frames):
        made.append(step)
        return np.zeros((len(num_frames), 1), int)

    stream = batches(records, 1, np.arange(10), frame_sampler=sampler, prefetch=2)
    next(stream)
    end = time.monotonic() + 60
    while len(made) < 3 and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)  # in which another would come, were it asked for
    assert sorted(made) == [0, 1, 2]
    stream.close()
