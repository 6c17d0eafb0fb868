"""The order in which an epoch visits the records, and batches in that order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import numpy as np

from yt8m.data.records import Records
from yt8m.data.schema import Batch


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


def batches(
    records: Records,
    batch_size: int,
    order: np.ndarray,
    start: int = 0,
    drop_remainder: bool = False,
    frame_sampler: Callable[[int, np.ndarray], np.ndarray] | None = None,
    workers: int = 2,
    prefetch: int = 4,
) -> Iterator[Batch]:
    """Batches of the records in `order` (int64 [n]), prefetched by threads.

    start: number of the first batch; skipped batches cost nothing.
    frame_sampler: (batch number, num_frames int32 [B]) -> frames int [B, n], e.g.
        `partial(FrameSampler("random", 300, seed).sample, epoch)`; None takes all frames.
    workers: threads. Checksums and copies run in parallel, the rest holds Python's global lock; a
        third thread gained a tenth on 16 cores, and nothing on two.
    prefetch: most batches that are ready or being made. So `prefetch` + 2 are in memory: the caller
        has the one that was yielded, and may still hold the previous one.
    A batch that fails raises its error in its turn. Closing the iterator stops the threads.
    """

    def make(number: int) -> Batch:
        indices = order[number * batch_size : (number + 1) * batch_size]
        if frame_sampler is None:
            return records.batch(indices)
        return records.batch(indices, lambda num_frames: frame_sampler(number, num_frames))

    numbers = iter(range(start, num_batches(len(order), batch_size, drop_remainder)))
    pool = ThreadPoolExecutor(workers, thread_name_prefix="batches")
    try:
        waiting: deque[Future] = deque(
            pool.submit(make, number) for number in islice(numbers, max(1, prefetch))
        )
        while waiting:
            batch = waiting.popleft().result()
            waiting.extend(pool.submit(make, number) for number in islice(numbers, 1))
            yield batch
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
