"""The order in which an epoch visits the records, and batches in that order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice

import numpy as np

from yt8m.data.readers import Readers, Waited, most_processes
from yt8m.data.records import Records
from yt8m.data.schema import Batch

THREADS = 2

ALL = slice(None)
"""All rows of a batch."""


def epoch_order(shard_sizes: Sequence[int], seed: int, epoch: int, window: int) -> np.ndarray:
    """A permutation of all records, determined by the arguments: int64 [n].

    The shards are shuffled, and then each window of `window` records in the resulting sequence, so
    that records that are read together are in few files.
    """
    generator = np.random.default_rng([seed, epoch])
    sizes = np.asarray(shard_sizes, np.int64)
    starts = np.cumsum(sizes) - sizes
    shards = generator.permutation(len(sizes))
    order = np.concatenate(
        [np.arange(starts[i], starts[i] + sizes[i]) for i in shards] or [np.zeros(0, np.int64)]
    )
    for begin in range(0, len(order), max(1, window)):
        generator.shuffle(order[begin : begin + window])
    return order


def num_batches(records: int, batch_size: int, drop_remainder: bool) -> int:
    """Number of batches for a number of records."""
    return records // batch_size if drop_remainder else -(-records // batch_size)


def rows_of(part: int, parts: int, batch_size: int) -> slice:
    """The rows of one of several equal parts of a batch, from 0."""
    size = batch_size // parts
    return slice(part * size, (part + 1) * size)


def batches(
    records: Records,
    batch_size: int,
    order: np.ndarray,
    start: int = 0,
    drop_remainder: bool = False,
    frame_sampler: Callable[[int, np.ndarray], np.ndarray] | None = None,
    threads: int = THREADS,
    prefetch: int = 4,
    rows: slice = ALL,
    readers: Readers | None = None,
) -> Iterator[Batch]:
    """Batches of the records in `order` (int64 [n]), prefetched by threads or processes.

    start: number of the first batch; skipped batches cost nothing.
    frame_sampler: (batch number, num_frames int32 [B]) -> frames int [B, n], e.g.
        `partial(FrameSampler("random", 300, seed).sample, epoch)`; None takes all frames.
    threads: how many make batches at first. Checksums and copies run in parallel, the rest holds
        Python's global lock; a third thread gained a tenth on 16 cores, and nothing on two.
    prefetch: most batches that are ready or being made. So `prefetch` + 2 are in memory: the caller
        has the one that was yielded, and may still hold the previous one. Training, which puts one
        on the devices ahead of its step, holds another.
    rows: of each batch; the others are not read.
    readers: of the same records, whose processes outlive the iterator; None for own ones.
    A batch that fails raises its error in its turn. Closing the iterator stops the threads and ends
    the processes. If the caller waits too long (`Waited`), processes make the batches, one for each
    core, and up to three batches more for each; not of compressed shards, which each process would
    decompress, and keep, for itself. Who makes a batch does not change it.
    """
    numbers = iter(range(start, num_batches(len(order), batch_size, drop_remainder)))
    may_start, waited = True, Waited()
    with ExitStack() as stack:
        readers = readers or stack.enter_context(Readers(records))
        pool = stack.enter_context(_pool(max(threads, readers.processes)))

        def submitted(count: int) -> list[Future]:
            return [
                pool.submit(
                    readers.batch,
                    order[number * batch_size : (number + 1) * batch_size][rows],
                    frame_sampler and partial(frame_sampler, number),
                )
                for number in islice(numbers, count)
            ]

        waiting = deque(submitted(max(1, prefetch) + readers.processes))
        while waiting:
            with waited:
                batch = waiting.popleft().result()
            if may_start and waited.too_long and not (readers.processes or records.keeps_copies):
                may_start = False
                if processes := most_processes(frame_sampler):
                    pool = stack.enter_context(_pool(processes))
                    for _ in range(processes):
                        pool.submit(readers.add_process)
                    waiting.extend(submitted(processes))
            waiting.extend(submitted(1))
            yield batch


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that stop at the end, without what has not begun."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="batches")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
